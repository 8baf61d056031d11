-- 本市主体无法对应。
-- One row: a record that says that it is of this city, has no sound uscc, and that linking could not
-- resolve to a registered subject. Firms of elsewhere are rightly unknown and are not asked about.
with told as (
    select 'development_reform/dishonest_entities' as dataset, _agency, _key, _delivery, _row, uscc
    from standard.development_reform.dishonest_entities
    union all
    select 'development_reform/administrative_licenses', _agency, _key, _delivery, _row, uscc
    from standard.development_reform.administrative_licenses
    union all
    select 'development_reform/administrative_penalties', _agency, _key, _delivery, _row, uscc
    from standard.development_reform.administrative_penalties
    union all
    select 'market_supervision/food_licenses', _agency, _key, _delivery, _row, uscc
    from standard.market_supervision.food_licenses
    union all
    select 'health/institutions', _agency, _key, _delivery, _row, uscc
    from standard.health.institutions
    union all
    select 'education/schools', _agency, _key, _delivery, _row, uscc
    from standard.education.schools
)
select told.dataset, told._agency as agency, told._key as key, 'uscc' as "column",
    told._delivery as delivery, told._row as row, told.uscc as value,
    links.evidence || case
        when len(links.alternatives) > 0
            then '；可能是：' || array_to_string(links.alternatives[:3], '、')
        else ''
    end as detail
from told
join quality.main.links as links
    on links.dataset = told.dataset and links.agency = told._agency and links.key = told._key
where links.linked is null and links.local
