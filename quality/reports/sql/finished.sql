-- What was corrected and verified, or withdrawn by us, since the last report.
-- A defect that is open again is none of them. Parameters: agency, since_event.
with of_these as (
    from quality.main.defect_events
    where agency = $agency and event_no > $since_event
    qualify row_number() over (partition by defect order by event_no desc) = 1
)
select ticket, dataset, rule, event, delivery, reason, count(*) as defects, max("at") as finished_at
from of_these
where event in ('closed', 'withdrawn')
group by ticket, dataset, rule, event, delivery, reason
order by event, defects desc, dataset, rule, delivery, reason;
