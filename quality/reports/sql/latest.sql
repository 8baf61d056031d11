-- By agency: when the last of its deliveries was decided, and the last event that ended a defect.
select agency, max(delivery_at) as delivery_at, max(ended_no) as ended_no
from (
    select agency, decided_at as delivery_at, null::bigint as ended_no
    from quality.main.deliveries
    where state <> 'received'
    union all
    select agency, null, event_no
    from quality.main.defects
    where event in ('closed', 'withdrawn')
)
group by agency;
