-- 地址与行政区划不一致。
-- One row: an address that names another county of the city than its division code. It is right when
-- it names its own as well, or none; a zone's address may name any of its hosts, and a host's the
-- zone. A firm without a division code is held against the place in its credit code, where it was
-- registered once.
with stated as (
    select 'market_supervision/business_entities' as dataset, 'address' as "column",
        _agency, _key, _delivery, _row,
        coalesce(left(division, 6), substr(uscc, 3, 6)) as division,
        address, if(division is null, '统一社会信用代码中的区划', '行政区划代码') as code,
        if(division is null, uscc, null) as uscc
    from standard.market_supervision.business_entities
    union all
    select 'education/schools', 'address', _agency, _key, _delivery, _row, left(division, 6),
        address, '行政区划代码', null
    from standard.education.schools
    union all
    select 'health/institutions', 'address', _agency, _key, _delivery, _row, left(division, 6),
        address, '行政区划代码', null
    from standard.health.institutions
    union all
    select 'public_security/registered_population', 'registered_address', _agency, _key, _delivery,
        _row, left(division, 6), registered_address, '行政区划代码', null
    from standard.public_security.registered_population
    union all
    select 'public_security/residence_permits', 'residence_address', _agency, _key, _delivery, _row,
        left(division, 6), residence_address, '行政区划代码', null
    from standard.public_security.residence_permits
),
-- Of a division that the city does not have, nothing can be said.
known as (
    from stated where division in (select division from names_of_place) and address is not null
),
elsewhere as (
    select known.*, counties.name as named
    from known
    join county_names as counties on contains(known.address, counties.name)
),
at_home as (
    select distinct dataset, _key
    from elsewhere
    join names_of_place as own
        on own.division = elsewhere.division and contains(elsewhere.address, own.name)
)
select dataset, _agency as agency, _key as key, "column", _delivery as delivery, _row as row,
    any_value(address) as value,
    '地址写的是' || min(named) || '，' || any_value(code) || '为 ' || any_value(division) as detail
from elsewhere
anti join at_home using (dataset, _key)
-- A code that does not hold says nothing; only of the few left is it worth finding out.
where uscc is null or uscc_is_valid(uscc)
group by dataset, _agency, _key, "column", _delivery, _row
