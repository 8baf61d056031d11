-- 持股比例合计超过100%。
-- One row: the largest share of a unit whose shares add up to more than 100 percent, rounding of one
-- hundredth a holder left aside; it is the one most likely stated of the whole. Shares outside 0 to
-- 100 are found by themselves and counted by nobody.
with shares as (
    select 'market_supervision/shareholders' as dataset,
        _agency, _key, _delivery, _row, uscc, share_percent
    from standard.market_supervision.shareholders
    union all
    select 'state_assets/enterprises', _agency, _key, _delivery, _row, uscc, share_percent
    from standard.state_assets.enterprises
),
summed as (
    select *, sum(share_percent) over unit as total, count(*) over unit as holders,
        max(share_percent) over unit as largest
    from shares
    where share_percent between 0 and 100 and uscc is not null
    window unit as (partition by dataset, uscc)
)
select dataset, _agency as agency, _key as key, 'share_percent' as "column",
    _delivery as delivery, _row as row,
    regexp_replace(share_percent::varchar, '\.?0+$', '') as value,
    '共 ' || holders || ' 名，合计 ' || regexp_replace(total::varchar, '\.?0+$', '') || '%' as detail
from summed
where total > 100 + 0.01 * holders and share_percent = largest
