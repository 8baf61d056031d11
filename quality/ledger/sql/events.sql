-- The events to append, with the text as delivered; columns as quality.ledger.events.DEFECT_EVENTS.
-- Parameters: dataset, at, cause_state.
select
    change.event_no, $at::timestamp as "at", lot.event, $cause_state as cause, lot.kind,
    coalesce(change.defect, defect_id($dataset, lot.agency, change.key, lot."column", lot.rule))
        as defect,
    lot.ticket, $dataset as dataset, lot.agency, lot.rule, change.key, lot."column", lot.delivery,
    change.row,
    coalesce(change.line, raw._line) as line,
    coalesce(change.value, raw.cells[lot.cell]) as value,
    lot.reason
from numbered as change
-- Nothing is looked up for what closed, whose line and value stay null, and for what is no row's.
join (
    from lots
    left join row_rules using (rule)
    select lots.*, row_rules.cell, ticket_id($dataset, agency, rule) as ticket,
        case when kind = 'row' and event in ('opened', 'reopened') then delivery end as looked_up
) as lot using (lot)
left join raw_cells as raw on raw._delivery = lot.looked_up and raw._row = change.row
