-- 已死亡人员仍参保、领取待遇。
-- One row: a current insurance of, or a payment to, somebody with a death certificate. A payment for
-- the month of death is due; one for a later month is not.
with deaths as (
    select id_no, min(died_on) as died_on
    from standard.health.death_certificates
    where id_no is not null and died_on is not null
    group by id_no
),
still as (
    select 'medical_insurance/insured_persons' as dataset, _agency, _key, _delivery, _row, id_no,
        null as period
    from standard.medical_insurance.insured_persons
    where status = '1'
    union all
    select 'human_resources/insurance_enrollments', _agency, _key, _delivery, _row, id_no, null
    from standard.human_resources.insurance_enrollments
    where status = '1'
    union all
    select 'human_resources/benefits', _agency, _key, _delivery, _row, id_no, period
    from standard.human_resources.benefits
)
select still.dataset, still._agency as agency, still._key as key, 'id_no' as "column",
    still._delivery as delivery, still._row as row, still.id_no as value,
    '死亡登记日期为 ' || deaths.died_on as detail
from still
join deaths using (id_no)
where still.period is null or still.period > strftime(deaths.died_on, '%Y-%m')
