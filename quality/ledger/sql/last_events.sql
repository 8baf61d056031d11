-- The ledger as it stands: temp table `last_events`, the last event of each defect of one deliverer,
-- and of all shared keys of the dataset. Parameters: dataset, agency.
create or replace temp table last_events as
with of_these as (
    select event_no, event, kind, defect, agency, rule, key, "column", delivery, row
    from quality.main.defect_events
    where dataset = $dataset and kind not in ('between', 'absence')
        and (agency = $agency or kind = 'shared_key')
)
from of_these
semi join (select max(event_no) as event_no from of_these group by defect) using (event_no);
