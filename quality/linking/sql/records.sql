-- Records that may lack a sound uscc, as told: dataset, agency, key (the row's `_key`), base_table
-- (whose subjects they tell of), uscc, organization_code, name, address, province (six digits).
-- Persons are none of them: the lists of licences and penalties say who is one.
select 'development_reform/dishonest_entities' as dataset, _agency as agency, _key as key,
    'legal_person.entity' as base_table, uscc, organization_code, name, address, province
from standard.development_reform.dishonest_entities
union all by name
select 'development_reform/administrative_licenses' as dataset, _agency as agency, _key as key,
    'legal_person.entity' as base_table, uscc, organization_code, name
from standard.development_reform.administrative_licenses
where category in ('1', '3') and id_no is null
union all by name
select 'development_reform/administrative_penalties' as dataset, _agency as agency, _key as key,
    'legal_person.entity' as base_table, uscc, organization_code, name
from standard.development_reform.administrative_penalties
where category in ('1', '3') and id_no is null
union all by name
select 'market_supervision/food_licenses' as dataset, _agency as agency, _key as key,
    'legal_person.entity' as base_table, uscc, holder as name, address, own_province() as province
from standard.market_supervision.food_licenses
union all by name
select 'health/institutions' as dataset, _agency as agency, _key as key,
    'legal_person.entity' as base_table, uscc, name, address, own_province() as province
from standard.health.institutions
union all by name
select 'education/schools' as dataset, _agency as agency, _key as key,
    'legal_person.entity' as base_table, uscc, name, address, own_province() as province
from standard.education.schools
