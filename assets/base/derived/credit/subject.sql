-- 信用主体：每个法人或其他组织的信用信息汇总。自然人不在内。
-- 一行：一个主体。来源：信用基础库各表与 legal_person.entity。截至 today.day（by_day）。
-- 记录的标识可能是填错了栏目的自然人证件号码：只计确实是单位代码的，或者法人基础库里有的主体。
with told as (
    select subject_id, name, 1 as licenses, 0 as penalties, 0 as abnormal, 0 as lists
    from base.credit.license_decision, today
    where category is distinct from '2' and coalesce(status, '1') = '1'
        and coalesce(valid_to >= day, true)
    union all
    select subject_id, name, 0, 1, 0, 0
    from base.credit.penalty, today
    where category is distinct from '2' and coalesce(disclosed_until >= day, true)
    union all
    select entity_id, null, 0, 0, 1, 0
    from base.credit.abnormal_operation, today
    where entity_id is not null and coalesce(removed_on > day, true)
    union all
    select entity_id, name, 0, 0, 0, 1
    from base.credit.dishonesty
    where entity_id is not null
    union all
    select entity_id, null, 0, 0, 0, 0
    from base.credit.tax_grade
),
organizations as (
    from told
    where uscc_names_an_organization(subject_id)
        or subject_id in (select entity_id from base.legal_person.entity)
),
summed as (
    select subject_id, min(name) as name, sum(licenses) as licenses, sum(penalties) as penalties,
        sum(abnormal) as abnormal_listings, sum(lists) as dishonesty_lists
    from organizations
    group by subject_id
),
graded as (
    select entity_id, arg_max(credit_grade, grade_year) as tax_grade
    from base.credit.tax_grade
    group by entity_id
)
select subject_id, coalesce(entity.name, summed.name) as name,
    coalesce(entity._registered, false) as registered, licenses, penalties, abnormal_listings,
    dishonesty_lists, tax_grade, day as as_of
from summed
cross join today
left join base.legal_person.entity as entity on entity.entity_id = summed.subject_id
left join graded on graded.entity_id = summed.subject_id
