-- 未参保而缴费。
-- One row: a contribution of somebody who has no enrolment. An employee's contribution asks for an
-- enrolment in any of the employees' insurances: one that is missing among several is more likely
-- the enrolment's fault. It is right when the enrolment stands under the number that the person had
-- before, or when the month is not over in the last delivery of enrolments.
with enrolled as (
    select id_no, coalesce(bool_or(insurance_type is distinct from '170'), false) as as_employee
    from standard.human_resources.insurance_enrollments
    where id_no is not null
    group by id_no
),
renamed as (
    select id_no, former_id_no
    from standard.public_security.registered_population
    where former_id_no is not null
),
known as (
    from enrolled
    union all
    select renamed.id_no, as_employee
    from enrolled
    join renamed on renamed.former_id_no = enrolled.id_no
    union all
    select renamed.former_id_no, as_employee
    from enrolled
    join renamed on renamed.id_no = enrolled.id_no
),
last_told as (
    select max(ordered_at) as told_at
    from quality.main.deliveries
    where dataset = 'human_resources/insurance_enrollments' and state = 'applied'
),
employees as (
    select id_no from known where as_employee
),
-- Materialized, so that numbers are judged for the few rows left and not for all.
unknown as materialized (
    select paid.*
    from standard.human_resources.contributions as paid
    anti join employees on employees.id_no = paid.id_no
    where paid.id_no is not null and insurance_type <> '170'
    union all
    select paid.*
    from standard.human_resources.contributions as paid
    anti join known on known.id_no = paid.id_no
    where paid.id_no is not null and insurance_type = '170'
)
select 'human_resources/contributions' as dataset, _agency as agency, _key as key,
    'id_no' as "column", _delivery as delivery, _row as row, id_no as value,
    '截至 ' || told_at::date || ' 的参保信息中没有此人'
        || case when insurance_type = '170' then '' else '的职工参保' end as detail
from unknown, last_told
where id_no_is_valid(id_no) and last_day(try_strptime(period || '-01', '%Y-%m-%d')) <= told_at
