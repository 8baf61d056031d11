-- The events of findings that a look at the whole lake gives, without numbers: temp table `changes`;
-- and what stands now, one row a defect: temp table `between_now`.
-- Reads between_findings, between_asked (rule, version, dataset: what each asked rule reads),
-- between_arrivals (rule, dataset, agency, delivery: what ends an absence), between_rows (dataset,
-- agency, key, op, delivery, row: the latest row of each key that stands accused) and
-- quality.main.between_standing: each finding as it stood when its rule was last asked.
-- A rule that was not asked neither opens nor closes anything.
create or replace temp table between_now as
from between_findings
qualify row_number() over (
    partition by rule, dataset, agency, key, "column" order by detail, value
) = 1;

create or replace temp table changes as
with last_events as (
    from quality.main.defects
    select event, kind, defect, dataset, agency, rule, key, "column", delivery
    where kind in ('between', 'absence') and rule in (select rule from between_asked)
),
-- The row that was wrong is the one that failed last: a later delivery may have been accused anew.
vanished as (
    select gone.event, gone.kind, gone.defect, gone.dataset, gone.agency, gone.rule, gone.key,
        gone."column", coalesce(told.delivery, gone.delivery) as delivery, told.version,
        told.log_no
    from last_events as gone
    anti join between_now as now using (dataset, agency, rule, key, "column")
    left join quality.main.between_standing as told using (dataset, agency, rule, key, "column")
    where gone.event in ('opened', 'reopened')
),
-- Two things happen in one second: what came first is told by the log's numbers, never by its times.
states as (
    select log_no, delivery,
        arg_max(state, event_no) filter (event_no <= log_no) as before,
        arg_max(state, event_no) as now
    from quality.main.delivery_events
    cross join (select distinct log_no from vanished where log_no is not null)
    group by log_no, delivery
),
since as (
    select states.log_no, states.delivery, states.now as state, known.dataset, known.agency,
        states.now = 'applied' and states.before is distinct from 'applied' as brought,
        states.before = 'applied' and states.now <> 'applied' as undone,
        coalesce(known.upserted, 0) + coalesce(known.deleted, 0) + coalesce(known.removed, 0) > 0
            as changed
    from states
    join quality.main.deliveries as known using (delivery)
    where states.before is distinct from states.now
),
applied as (
    select delivery, max(event_no) as applied_no
    from (
        from quality.main.delivery_events
        select delivery, event_no, state
        qualify state is distinct from lag(state) over (partition by delivery order by event_no)
    )
    where state = 'applied'
    group by delivery
),
-- What changed since in the data that the rule reads: by deliveries of the agency alone, then it was
-- its correction that made the row right. Where another's data changed as well, a delivery was
-- undone or the rule is another one, nothing proves that the row was ever wrong.
own as (
    select gone.defect, arg_max(since.delivery, applied.applied_no) as delivery,
        'applied' as state
    from vanished as gone
    join between_asked as asked on asked.rule = gone.rule and asked.version = gone.version
    join since
        on since.log_no = gone.log_no and since.dataset = asked.dataset
        and since.changed and (since.brought or since.undone)
    left join applied on applied.delivery = since.delivery
    where gone.kind = 'between'
    group by gone.defect, gone.agency
    having bool_and(since.brought and since.agency = gone.agency)
    union all
    select gone.defect, came.delivery, since.state
    from vanished as gone
    join between_arrivals as came using (rule, dataset, agency)
    join since on since.log_no = gone.log_no and since.delivery = came.delivery
    where gone.kind = 'absence'
),
-- Where the delivery that was accused counts no more, its rows were taken back, not put right.
settled as (
    select gone.*, own.delivery as own_delivery, own.state as own_state,
        held.delivery as held_delivery, held.row as held_row, held.op,
        accused.state as accused_state, coalesce(accused.state <> 'applied', false) as taken_back,
        coalesce(since.brought, false) as rewritten
    from vanished as gone
    left join quality.main.deliveries as accused using (delivery)
    left join own using (defect)
    left join between_rows as held
        on held.dataset = gone.dataset and held.agency = gone.agency and held.key = gone.key
    left join since on since.log_no = gone.log_no and since.delivery = held.delivery
)
select
    case when known.event is null then 'opened' else 'reopened' end as event,
    -- Of its deliverer's doing is only a row that came after what had ended the defect.
    case
        when known.event is null and now.kind = 'between' then 'applied'
        when again.applied_no > before.applied_no then 'applied'
        else 'asked'
    end as cause,
    now.kind, known.defect, now.dataset, now.agency, now.rule, now.key, now."column", now.delivery,
    now.row, now.value, now.detail as reason
from between_now as now
left join last_events as known using (dataset, agency, rule, key, "column")
left join applied as again on again.delivery = now.delivery
left join applied as before on before.delivery = known.delivery
where known.event is null or known.event not in ('opened', 'reopened')
union all by name
select
    case
        when taken_back then 'withdrawn'
        when rewritten or own_delivery is not null then 'closed'
        else 'withdrawn'
    end as event,
    case
        when taken_back then accused_state
        when rewritten then 'applied'
        else coalesce(own_state, 'asked')
    end as cause,
    kind, defect, dataset, agency, rule, key, "column",
    case
        when taken_back then delivery
        when rewritten then held_delivery
        else coalesce(own_delivery, delivery)
    end as delivery,
    case when rewritten and op <> 'delete' and not taken_back then held_row end as row,
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
