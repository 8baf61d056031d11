-- 循环持股。
-- One row: a link to a parent by which a unit comes, over twelve links at most, to belong to itself:
-- the unit that a branch belongs to, the holder of more than half of the shares, the parent of a
-- state enterprise. Of a cycle those links are accused that can't be right, to a parent founded
-- after its child or of a type whose units are branches; all of them where none stands out. A state
-- enterprise or company that names itself is found by its row.
with recursive branch_types as (
    select entity_type
    from standard.market_supervision.business_entities
    where entity_type is not null
    group by entity_type
    having count(parent_uscc) * 2 > count(*)
),
units as (
    select uscc, any_value(established_on) as established_on,
        bool_or(entity_type in (from branch_types)) as is_branch
    from standard.market_supervision.business_entities
    where uscc is not null
    group by uscc
),
links as (
    select 'market_supervision/business_entities' as dataset, 'parent_uscc' as "column",
        _agency, _key, _delivery, _row, uscc as child, parent_uscc as parent
    from standard.market_supervision.business_entities
    where parent_uscc is not null
    union all
    select 'state_assets/enterprises', 'parent_uscc',
        _agency, _key, _delivery, _row, uscc, parent_uscc
    from standard.state_assets.enterprises
    where parent_uscc <> uscc
    union all
    select 'market_supervision/shareholders', 'holder_id',
        _agency, _key, _delivery, _row, uscc, holder_id
    from standard.market_supervision.shareholders
    where share_percent > 50 and share_percent <= 100 and holder_id <> uscc
),
-- What belongs to nobody, or has nothing below it, is in no cycle.
pairs as (
    select distinct dataset, child, parent
    from links
    where (dataset, parent) in (select (dataset, child) from links)
        and (dataset, child) in (select (dataset, parent) from links)
),
walks as (
    select dataset, child as start, child, parent, 1 as steps, [child] as members
    from pairs
    union all
    select pairs.dataset, walks.start, pairs.child, pairs.parent, walks.steps + 1,
        list_append(walks.members, pairs.child)
    from walks
    join pairs on pairs.dataset = walks.dataset and pairs.child = walks.parent
    where walks.parent <> walks.start and walks.steps < 12
        and not list_contains(walks.members, pairs.child)
),
cycles as (
    select distinct dataset, list_sort(members) as members, steps
    from walks
    where parent = start
),
edges as (
    select links.*, cycles.members, cycles.steps,
        coalesce(above.established_on > below.established_on, false)
            or (coalesce(above.is_branch, false) and not coalesce(below.is_branch, true)) as odd
    from cycles
    join links on links.dataset = cycles.dataset
        and list_contains(cycles.members, links.child)
        and list_contains(cycles.members, links.parent)
    left join units as above on above.uscc = links.parent
    left join units as below on below.uscc = links.child
)
select distinct dataset, _agency as agency, _key as key, "column", _delivery as delivery,
    _row as row, parent as value,
    if(child = parent, '上级填成了本单位', '经 ' || steps || ' 级隶属或控股又回到本单位') as detail
from edges
qualify odd or not bool_or(odd) over (partition by dataset, members)
