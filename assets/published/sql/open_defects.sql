-- The defects that are open now: temp table `open_defects`, one row a defect, its last event.
CREATE OR REPLACE TEMP TABLE open_defects AS
WITH ledger AS (
    SELECT event_no, event, kind, defect, ticket, dataset, agency, rule, key, "column", delivery,
        row, line, value, "at"
    FROM quality.main.defect_events
)
FROM ledger
SEMI JOIN (SELECT max(event_no) AS event_no FROM ledger GROUP BY defect) USING (event_no)
WHERE event IN ('opened', 'reopened');
