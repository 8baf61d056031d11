-- 已死亡人员仍参保、缴存、领取待遇。
-- One row: a current insurance, fund account or allowance of somebody who died, or a contribution or
-- payment of his for a later month than that of the death. It is right when he lives (the other side
-- has another person's number), or when the death was too recent to be known: less than thirty days
-- before the last delivery that could have told it.
-- A death is told by the certificate, else by the household register. Number and name must both be
-- his, where a name is told; a number that a living person has or once had tells nobody apart.
with certified as (
    select certificate.id_no, arg_max(certificate.name, died_on) as name, max(died_on) as died_on,
        '死亡登记月份为 ' || mask_birth_month(max(died_on)) as held_against
    from standard.health.death_certificates as certificate
    join quality.main.deliveries as told on told.delivery = certificate._delivery
    -- A day before the birth or after the delivery stands for an unknown one.
    where died_on between id_no_birth_date(certificate.id_no) and told.ordered_at
    group by certificate.id_no
),
cancelled as (
    select id_no, name, cancelled_on as died_on,
        '户口因死亡注销于 ' || cancelled_on as held_against
    from standard.public_security.registered_population
    where cancel_reason in ('1', '2') and cancelled_on is not null and _failed = 0
),
former as (
    select former_id_no as id_no
    from standard.public_security.registered_population
    where former_id_no is not null and cancelled_on is null
),
deaths as (
    from (from certified union all (from cancelled anti join certified using (id_no)))
    anti join former using (id_no)
),
-- Payments tell no name. The number of a certificate may be a living person's, of another name.
living as (
    select person.id_no
    from standard.public_security.registered_population as person
    join certified using (id_no)
    where person.cancelled_on is null and person.name <> certified.name
),
last_told as (
    select dataset, agency as _agency, max(ordered_at) as told_at
    from quality.main.deliveries
    where state = 'applied'
    group by all
),
standing as (
    select 'medical_insurance/insured_persons' as dataset, _agency, _key, _delivery, _row, id_no, name
    from standard.medical_insurance.insured_persons
    where status = '1'
    union all
    select 'human_resources/insurance_enrollments', _agency, _key, _delivery, _row, id_no, name
    from standard.human_resources.insurance_enrollments
    where status in ('1', '4') and ended_on is null
    union all
    select 'housing_fund/accounts', _agency, _key, _delivery, _row, id_no, name
    from standard.housing_fund.accounts
    where status = '01'
    union all
    select 'civil_affairs/allowance_members', member._agency, member._key, member._delivery,
        member._row, member.id_no, member.name
    from standard.civil_affairs.allowance_members as member
    join standard.civil_affairs.minimum_living_allowance as allowance
        on allowance.case_no = member.case_no
    where allowance.end_on is null and allowance._failed = 0
),
monthly as (
    -- Paid as long as one lives. What is paid once, or to the bereaved, may well come later.
    select 'human_resources/benefits' as dataset, _agency, _key, _delivery, _row, id_no, period
    from standard.human_resources.benefits
    where item in (
        '11001', '11003', '12001', '17001', '21001', '21002', '21003', '41002', '41003'
    )
    union all
    -- Residents pay for a year ahead.
    select 'human_resources/contributions', _agency, _key, _delivery, _row, id_no, period
    from standard.human_resources.contributions
    where insurance_type <> '170'
),
wrong as (
    select standing.*, died_on, held_against
    from standing
    join deaths using (id_no)
    join last_told using (dataset, _agency)
    where coalesce(standing.name = deaths.name, true) and died_on + interval 30 day <= told_at
    union all by name
    select monthly.* exclude (period), died_on, held_against
    from monthly
    join deaths using (id_no)
    anti join living using (id_no)
    where period > strftime(died_on, '%Y-%m')
)
select dataset, _agency as agency, _key as key, 'id_no' as "column", _delivery as delivery,
    _row as row, id_no as value, held_against as detail
from wrong
