-- What was corrected and verified, or withdrawn by us, since the last report.
-- A defect that is open again is none of them. Parameters: agency, since_event.
select ticket, dataset, rule, event, delivery, reason, count(*) as defects, max("at") as finished_at
from quality.main.defects
where agency = $agency and event_no > $since_event and event in ('closed', 'withdrawn')
group by ticket, dataset, rule, event, delivery, reason
order by event, defects desc, dataset, rule, delivery, reason;
