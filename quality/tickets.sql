-- One row a ticket (dataset, deliverer, rule) from the ledger's events and `quality.main.defects`.
-- Parameter: ticket (null for all).
-- A relapse is a defect that was proven corrected and came back with a delivery; what a withdrawal
-- reopens is none.
-- Most defects have one event: only those with more are grouped and put in order.
with once as (
    select ticket, dataset, agency, rule, kind, "column", event as last_event,
        case when event in ('opened', 'reopened') then "at" end as last_opened_at,
        "at" as last_at, "at" as first_at,
        case when event = 'closed' then event_no end as closed_no,
        case when event = 'closed' then delivery end as proof_delivery,
        0::bigint as relapses
    from quality.main.defects
    where events = 1 and ($ticket is null or ticket = $ticket)
),
of_these as (
    select event_no, "at", event, cause, kind, defect, ticket, dataset, agency, rule, "column",
        delivery,
        event = 'reopened' and cause = 'applied'
            and lag(event) over (partition by defect order by event_no) = 'closed' as relapsed
    from quality.main.defect_events
    where defect in (select defect from quality.main.defects where events > 1)
        and ($ticket is null or ticket = $ticket)
),
repeatedly as (
    select ticket, dataset, agency, rule, kind, defect,
        arg_max("column", event_no) as "column",
        arg_max(event, event_no) as last_event,
        max("at") filter (event in ('opened', 'reopened')) as last_opened_at,
        max("at") as last_at,
        min("at") as first_at,
        max(event_no) filter (event = 'closed') as closed_no,
        arg_max(delivery, event_no) filter (event = 'closed') as proof_delivery,
        count(*) filter (relapsed) as relapses
    from of_these
    group by all
),
by_defect as (
    from once union all by name select * exclude (defect) from repeatedly
)
select ticket, dataset, agency, rule, kind,
    case when count(distinct "column") = 1 then min("column") else '' end as "column",
    case when bool_or(last_event in ('opened', 'reopened')) then 'open' else 'closed' end as state,
    min(first_at) as opened_at,
    min(last_opened_at) filter (last_event in ('opened', 'reopened')) as open_since,
    max(last_at) as changed_at,
    count(*) filter (last_event in ('opened', 'reopened')) as open_count,
    count(*) filter (last_event = 'closed') as closed_count,
    count(*) filter (last_event = 'withdrawn') as withdrawn_count,
    sum(relapses)::bigint as relapses,
    arg_max(proof_delivery, closed_no) as proof_delivery
from by_defect
group by ticket, dataset, agency, rule, kind
order by dataset, agency, rule, kind;
