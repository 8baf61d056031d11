-- The open defects that a report shows: temp table `shown`, at most `limit`, each where its value
-- stands now and what its rule said of it when last asked. Rules take turns, so that one with many defects does not hide the others.
-- Reads quality.main.between_standing and held_keys of the ledger's session. Parameters: dataset, agency, limit.
create or replace temp table shown as
with open_defects as (
    from quality.main.defects
    select kind, defect, agency, rule, key, "column", delivery, row,
        case when kind in ('row', 'shared_key', 'between') then key end as row_key,
        case when kind in ('between', 'absence') then reason end as opening_detail
    where event in ('opened', 'reopened') and dataset = $dataset and agency = $agency
),
messages as (
    from quality.main.findings
    where dataset = $dataset and agency = $agency
    qualify row_number() over (
        partition by delivery, rule, identity, coalesce("column", '') order by row, line
    ) = 1
),
-- Where a value stands now and what its finding says is looked up for the few that are shown, not for
-- all that take their turn.
listed as (
    select *,
        row_number() over (partition by rule, kind order by delivery, row, key, "column") as turn
    from open_defects
    order by turn, rule, kind
    limit $limit
)
select listed.* exclude (delivery, row, row_key, opening_detail),
    mask_stray_numbers(coalesce(last_told.detail, listed.opening_detail)) as detail,
    coalesce(held._delivery, listed.delivery) as delivery, coalesce(held._row, listed.row) as row,
    message.line, message.value as text, message.message
from listed
left join quality.main.between_standing as last_told
    on last_told.dataset = $dataset and last_told.agency = $agency
    and last_told.rule = listed.rule and last_told.key = listed.key
    and last_told."column" = listed."column"
left join held_keys as held on held._key = listed.row_key and held._agency = listed.agency
left join messages as message
    on message.delivery = coalesce(held._delivery, listed.delivery) and message.rule = listed.rule
    and message.identity = listed.key and coalesce(message."column", '') = listed."column";
