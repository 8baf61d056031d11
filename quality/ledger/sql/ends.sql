-- Where each defect's history ends: table `defect_ends`, the number of its last event and how many
-- it has. What is asked of the whole ledger joins these numbers instead of grouping its identities.
create or replace table quality.main.defect_ends as
select max(event_no) as event_no, count(*) as events
from quality.main.defect_events
group by defect;
