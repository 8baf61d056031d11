-- 父母小于子女，父母与子女年龄相差过小。
-- One row: a parent who is not older than the child, or older by less than twelve years (the least
-- age that birth certificates ask of a mother): a father in a birth certificate, or a member of a
-- household related to its head as child or parent. It is right when they are no parent and child
-- by birth (in-law, adoptive, step), which the relation says.
-- Mothers in birth certificates are asked for their age in the certificate's own rules. A row that
-- fails other rules of its own is asked once it is right; a household with two heads never.
with births as (
    select 'health/birth_certificates' as dataset, 'father_id_no' as "column", _agency, _key,
        _delivery, _row, father_id_no as value, id_no_birth_date(father_id_no) as parent_born,
        born_at::date as child_born
    from standard.health.birth_certificates
    where _failed = 0
),
heads as (
    select household_no, any_value(birth_date) as birth_date
    from standard.public_security.registered_population
    where relation_to_head in ('01', '02') and cancelled_on is null and _failed = 0
    group by household_no
    having count(*) = 1
),
families as (
    select 'public_security/registered_population' as dataset, 'relation_to_head' as "column",
        _agency, _key, _delivery, _row, relation_to_head as relation, heads.birth_date as head_born,
        member.birth_date as member_born
    from standard.public_security.registered_population as member
    join heads on heads.household_no = member.household_no
    where cancelled_on is null and _failed = 0
    union all
    select 'civil_affairs/allowance_members', 'relation', member._agency, member._key,
        member._delivery, member._row, member.relation, id_no_birth_date(applicant_id_no),
        id_no_birth_date(member.id_no)
    from standard.civil_affairs.allowance_members as member
    join standard.civil_affairs.minimum_living_allowance as allowance
        on allowance.case_no = member.case_no
    where member._failed = 0 and allowance._failed = 0
),
pairs as (
    from births
    union all by name
    select families.* exclude (relation, head_born, member_born), relation as value,
        case when is_own_child(relation) then head_born else member_born end as parent_born,
        case when is_own_child(relation) then member_born else head_born end as child_born
    from families
    where is_own_child(relation) or is_own_parent(relation)
)
select if(parent_born >= child_born, 'parent_younger', 'parent_too_young') as rule, dataset,
    _agency as agency, _key as key, "column", _delivery as delivery, _row as row, value,
    if(
        parent_born >= child_born,
        '推算父母一方比子女小 ' || date_diff('day', child_born, parent_born) || ' 天',
        '推算父母一方比子女只大 ' || date_sub('year', parent_born, child_born) || ' 岁'
    ) as detail
from pairs
where child_born < parent_born + interval 12 year
