-- The defects of a draft that are listed; rules take turns.
-- Parameters: limit, hide_text (the dataset holds columns that are masked).
with shown as (
    select *, row_number() over (partition by rule order by row) as turn
    from drafted
    order by turn, rule
    limit $limit
)
select shown.rule, shown."column", shown.row, coalesce(raw._line, reject.line) as line,
    left(
        coalesce(
            raw.cells[rule.cell],
            case when not $hide_text then mask_stray_numbers(reject.text) end
        ),
        300
    ) as value,
    reject.message
from shown
left join row_rules as rule on rule.rule = shown.rule
left join raw_cells as raw on raw._row = shown.row
left join draft_rejects as reject on reject.row = shown.row and reject.reason = shown.rule
order by shown.row, shown.rule;
