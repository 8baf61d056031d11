-- The events to append, numbered and with the text as delivered: temp table `new_events`, columns as
-- quality.ledger.events.DEFECT_EVENTS. Parameters: dataset, at, cause_state, first.
create or replace temp table new_events as
select
    $first - 1 + row_number() over (
        order by change.event, change.kind, change.delivery, change.row, change.rule,
            change."column", change.key, change.agency
    ) as event_no,
    $at::timestamp as "at", change.event, $cause_state as cause, change.kind, change.defect,
    ticket_id($dataset, change.agency, change.rule) as ticket, $dataset as dataset,
    change.agency, change.rule, change.key, change."column", change.delivery, change.row,
    coalesce(change.line, raw._line) as line,
    coalesce(change.value, raw.cells[rule.cell]) as value,
    change.reason
from (
    from changes
    select *, case when kind = 'row' and event in ('opened', 'reopened') then row end as raw_row
) as change
-- Both joins by equality alone, or they become nested loops: no rule of a row bears the name of
-- another kind, and nothing is looked up for what closed, whose line and value stay null.
left join row_rules as rule on rule.rule = change.rule
left join raw_cells as raw
    on raw._delivery = change.delivery and raw._row = change.raw_row
order by event_no;
