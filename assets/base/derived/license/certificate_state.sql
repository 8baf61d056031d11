-- 证照状态：按有效期、登记状态和持证人的存续。
-- 一行：一本证照。来源：license.certificate，持证人取自 population.person、legal_person.entity。
with today as (
    select max(ordered_at)::date as day from quality.main.deliveries where state = 'applied'
),
certificates as (
    select type_code, number, valid_from, valid_to, status,
        case when holder_type = '1' then holder_id end as person_id,
        case when holder_type is distinct from '1' then holder_id end as entity_id
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
    select certificates.*, day, died_on, deregistered_on,
        case
            when people.person_id is not null then 'population.person'
            when entities.entity_id is not null then 'legal_person.entity'
        end as holder_in
    from certificates
    left join people on people.person_id = certificates.person_id
    left join entities on entities.entity_id = certificates.entity_id
    cross join today
)
select type_code, number, holder_in, coalesce(died_on, deregistered_on) as holder_ended_on,
    case
        when status is not null and status not in ('10', '02') then '失效'
        when died_on <= day then '持证人已死亡'
        when deregistered_on <= day then '持证人已注销'
        when status = '02' or valid_to < day then '过期'
        when valid_from > day then '未生效'
        else '有效'
    end as state,
    day as as_of
from held
