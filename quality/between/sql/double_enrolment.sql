-- 重复学籍。
-- One row: an enrolment of somebody who has a better one, both studying or on leave. It is right when
-- the other was left (transferred, graduated, …) or belongs to another person.
-- Kept is the number made of the identity number, then another national one, then a temporary one;
-- of two alike, the one enrolled last. Number and name must agree: with another name it is more
-- likely a number typed wrongly.
with studying as (
    select *, count(*) over (partition by id_no, name) as enrolments
    from standard.education.enrollments
    where status in ('1', '2') and id_no is not null and name is not null
),
several as (
    select *,
        row_number() over best as place,
        first_value(enrolled_on) over best as kept_enrolled_on
    from studying
    where enrolments > 1 and id_no_is_valid(id_no)
    window best as (
        partition by id_no, name
        order by student_no = 'G' || id_no desc, student_no like 'G%' desc,
            enrolled_on desc nulls last, _seq desc, _key
    )
)
select 'education/enrollments' as dataset, _agency as agency, _key as key, 'id_no' as "column",
    _delivery as delivery, _row as row, id_no as value,
    coalesce('另一学籍入学日期为 ' || kept_enrolled_on, '') as detail
from several
where place > 1
