-- What is wrong in a draft: temp table `drafted`, one row a defect; a duplicate's last row has it.
-- Reads draft_masks, draft_rows, draft_rejects and row_rules of the session.
-- Parameters: duplicate_rule, key_rule.
create or replace temp table drafted as
with failed as (
    select rule.rule, rule."column", draft._row as row
    from draft_masks as draft
    join row_rules as rule on rule.word = draft.word and (rule.mask_value & draft.mask) <> 0
),
duplicated as (
    select $duplicate_rule as rule, rule."column", max(draft._row) as row
    from draft_rows as draft
    join row_rules as rule on rule.rule = $duplicate_rule
    where draft._key is not null
    group by draft._key, rule."column"
    having count(*) filter (draft._op = 'upsert') > 1
),
-- Ordinals count rejects, so a row is either here or among the rejects.
keyless as (
    select $key_rule as rule, '' as "column", _row as row from draft_rows where _key is null
)
from failed union all by name from duplicated union all by name from keyless
union all by name
select reason as rule, '' as "column", row from draft_rejects;
