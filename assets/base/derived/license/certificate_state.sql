-- 证照状态：按有效期、登记状态和持证人的存续。
-- 一行：一本证照。来源：license.certificate，持证人取自 population.person、legal_person.entity。
with today as (
    select max(ordered_at)::date as day from quality.main.deliveries where state = 'applied'
),
certificates as (
    select type_code, number, status, coalesce(valid_from, issued_on) as valid_from, valid_to,
        case when status <> '10' then status_changed_on end as changed_on,
        -- 持证主体类型写明时以它为准；没有写明的，代码在哪个库里就是哪个库的。
        case when coalesce(holder_type, '1') = '1' then holder_id end as person_id,
        case when coalesce(holder_type, '2') <> '1' then holder_id end as entity_id
    from base.license.certificate
),
people as (
    select document_no as person_id, min(died_on) as died_on
    from base.population.person
    group by document_no
),
entities as (
    select entity_id, deregistered_on from base.legal_person.entity
),
held as (
    select certificates.*,
        case
            when people.person_id is not null then people.died_on else entities.deregistered_on
        end as holder_ended_on,
        case
            when people.person_id is not null then 'population.person'
            when entities.entity_id is not null then 'legal_person.entity'
        end as holder_in
    from certificates
    left join people using (person_id)
    left join entities using (entity_id)
)
select type_code, number, status, changed_on, valid_from, valid_to, holder_in, holder_ended_on,
    certificate_state(
        status, changed_on, valid_from, valid_to, holder_in, holder_ended_on, day
    ) as state,
    day as as_of
from held
cross join today
