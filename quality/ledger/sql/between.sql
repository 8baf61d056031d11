-- The events of rules between datasets, without numbers: temp table `changes`.
-- Reads between_findings, between_asked (rule, dataset: what each asked rule reads) and
-- between_rows (dataset, agency, key, op, delivery, row: the latest row of each key that is or was
-- accused). A rule that was not asked neither opens nor closes anything.
create or replace temp table changes as
with last_events as (
    from quality.main.defects
    select event, defect, dataset, agency, rule, key, "column", delivery, row, "at"
    where kind = 'between' and rule in (select rule from between_asked)
),
standing as (
    from between_findings
    qualify row_number() over (
        partition by rule, dataset, agency, key, "column" order by detail, value
    ) = 1
),
vanished as (
    from last_events
    anti join standing using (dataset, agency, rule, key, "column")
    where event in ('opened', 'reopened')
),
-- The agency's own deliveries since, to what the rule reads: then it was its correction that made
-- the row right; otherwise another's, and the row was right all along.
own as (
    select distinct gone.defect
    from vanished as gone
    join between_asked as read using (rule)
    join quality.main.deliveries as delivered
        on delivered.dataset = read.dataset and delivered.agency = gone.agency
        and delivered.state = 'applied' and delivered.decided_at > gone."at"
)
select
    case when known.event is null then 'opened' else 'reopened' end as event,
    known.defect, now.dataset, now.agency, now.rule, now.key, now."column", now.delivery, now.row,
    now.value,
    now.detail as reason
from standing as now
left join last_events as known using (dataset, agency, rule, key, "column")
where known.event is null or known.event not in ('opened', 'reopened')
union all by name
select
    case
        when held.key is null then 'withdrawn'
        when held.op = 'delete' or held.delivery <> gone.delivery or held.row <> gone.row
            or own.defect is not null then 'closed'
        else 'withdrawn'
    end as event,
    gone.defect, gone.dataset, gone.agency, gone.rule, gone.key, gone."column",
    coalesce(held.delivery, gone.delivery) as delivery, held.row as row, null::varchar as value,
    case
        when held.key is null then '批次 ' || gone.delivery || ' 被撤回'
        when held.op = 'delete' then '在批次 ' || held.delivery || ' 中已删除'
        when held.delivery <> gone.delivery or held.row <> gone.row
            then '在批次 ' || held.delivery || ' 中已更正，重新比对相符'
        when own.defect is not null then '相关数据更正后，重新比对相符'
        else '所比对的数据或规则有变，重新核验后此前的认定撤回'
    end as reason
from vanished as gone
left join own using (defect)
left join between_rows as held
    on held.dataset = gone.dataset and held.agency = gone.agency and held.key = gone.key;
