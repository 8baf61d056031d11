-- 逾期办结。
-- One row: work that was finished after the day by which it was due. It is right when it was done by
-- the end of that day. A deadline before the case began, or an end after the delivery, is another
-- fault and none of these. What is not finished yet is no finding: there is no value to correct.
with finished as (
    select 'emergency/hidden_dangers' as dataset, 'closed_on' as "column", _agency, _key, _delivery,
        _row, found_on as begun_on, deadline, closed_on as done_on, closed_on::varchar as value,
        '整改期限为 ' as told
    from standard.emergency.hidden_dangers
    union all
    select 'hotline/tickets', 'replied_at', _agency, _key, _delivery, _row, called_at::date,
        due_at::date, replied_at::date, replied_at::varchar, '办理期限为 '
    from standard.hotline.tickets
)
select finished.dataset, _agency as agency, _key as key, "column", _delivery as delivery,
    _row as row, value, told || deadline as detail
from finished
join quality.main.deliveries as delivered on delivered.delivery = finished._delivery
where begun_on <= deadline and deadline < done_on and done_on <= delivered.ordered_at
