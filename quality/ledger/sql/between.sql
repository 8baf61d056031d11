-- The events of findings that a look at the whole lake gives, without numbers: temp table `changes`.
-- Reads between_findings, between_asked (rule, dataset: what each asked rule reads),
-- between_arrivals (rule, dataset, agency, delivery, at: what ends an absence) and between_rows
-- (dataset, agency, key, op, delivery, row: the latest row of each key that stands accused).
-- A rule that was not asked neither opens nor closes anything.
create or replace temp table changes as
with last_events as (
    from quality.main.defects
    select event, kind, defect, dataset, agency, rule, key, "column", delivery, row, "at"
    where kind in ('between', 'absence') and rule in (select rule from between_asked)
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
applied as (
    select delivery, max("at") as applied_at
    from (
        from quality.main.delivery_events
        select delivery, "at", state
        qualify state is distinct from lag(state) over (partition by delivery order by event_no)
    )
    where state = 'applied'
    group by delivery
),
brought as (
    select known.delivery, known.dataset, known.agency, applied_at,
        coalesce(upserted, 0) + coalesce(deleted, 0) + coalesce(removed, 0) > 0 as changed
    from quality.main.deliveries as known
    join applied using (delivery)
    where known.state = 'applied'
),
-- What changed since in the data that the rule reads: by the agency alone, then it was its correction
-- that made the row right; by another as well, then nothing proves that the row was ever wrong.
own as (
    select gone.defect,
        arg_max(since.delivery, since.applied_at) filter (since.agency = gone.agency) as delivery
    from vanished as gone
    join between_asked as read using (rule)
    join brought as since
        on since.dataset = read.dataset and since.applied_at > gone."at" and since.changed
    where gone.kind = 'between'
    group by gone.defect, gone.agency
    having bool_and(since.agency = gone.agency)
    union all
    select gone.defect, came.delivery
    from vanished as gone
    join between_arrivals as came using (rule, dataset, agency)
    where gone.kind = 'absence' and came."at" >= gone."at"
),
-- Where the delivery that was accused counts no more, its rows were taken back, not put right.
settled as (
    select gone.*, own.delivery as own_delivery, held.delivery as held_delivery,
        held.row as held_row, held.op, accused.state <> 'applied' as taken_back,
        held.delivery is not null
            and (held.delivery <> gone.delivery or held.row is distinct from gone.row) as rewritten
    from vanished as gone
    left join quality.main.deliveries as accused using (delivery)
    left join own using (defect)
    left join between_rows as held
        on held.dataset = gone.dataset and held.agency = gone.agency and held.key = gone.key
)
select
    case when known.event is null then 'opened' else 'reopened' end as event, now.kind,
    known.defect, now.dataset, now.agency, now.rule, now.key, now."column", now.delivery, now.row,
    now.value, now.detail as reason
from standing as now
left join last_events as known using (dataset, agency, rule, key, "column")
where known.event is null or known.event not in ('opened', 'reopened')
union all by name
select
    case
        when taken_back then 'withdrawn'
        when rewritten or own_delivery is not null then 'closed'
        else 'withdrawn'
    end as event,
    kind, defect, dataset, agency, rule, key, "column",
    case
        when taken_back then delivery
        when rewritten then held_delivery
        else coalesce(own_delivery, delivery)
    end as delivery,
    case when rewritten and op <> 'delete' and not coalesce(taken_back, false) then held_row end as row,
    null::varchar as value,
    case
        when taken_back then '批次 ' || delivery || ' 已撤回或者暂扣'
        when kind = 'absence' and own_delivery is not null then '已报送批次 ' || own_delivery
        when kind = 'absence' then '报送要求有变，重新核验后此前的认定撤回'
        when rewritten and op = 'delete' then '在批次 ' || held_delivery || ' 中已删除'
        when rewritten then '在批次 ' || held_delivery || ' 中已更正，重新比对相符'
        when own_delivery is not null then '相关数据在批次 ' || own_delivery || ' 中更正后，重新比对相符'
        else '所比对的数据或规则有变，重新核验后此前的认定撤回'
    end as reason
from settled;
