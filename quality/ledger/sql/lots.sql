-- Events in lots that differ in row, key and value alone: temp tables `lots`, with what their events
-- share, and `numbered`, with the rest and the event's number. Millions of events are some ten lots:
-- they are sorted by a number instead of five texts, and carry no text that is said a million times.
-- Parameter: first.
create or replace temp table lots as
select *,
    row_number() over (
        order by event, kind, delivery, rule, "column", agency, reason
    ) as lot
from (select distinct event, kind, delivery, rule, "column", agency, reason from changes);
create or replace temp table numbered as
select
    $first - 1 + row_number() over (order by lots.lot, change.row, change.key) as event_no,
    lots.lot, change.defect, change.key, change.row, change.line, change.value
from changes as change
join lots using (event, kind, delivery, rule, "column", agency, reason);
