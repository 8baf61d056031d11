-- What changed since the ledger's last events: temp table `changes`, without numbers and values.
-- Defects are compared by what their identity is made of: no digest is worked out to look them up.
-- A rule that the catalogue no longer has neither opens nor closes anything.
-- Parameters: cause, cause_state, cause_mode, noted (rules about a delivery that hold nothing up).
create or replace temp table changes as
with vanished as (
    select *, case when kind = 'row' then key end as row_key
    from last_events as known
    anti join standing using (agency, rule, key, "column")
    where known.event in ('opened', 'reopened')
        and (known.kind <> 'row' or known.rule in (select rule from row_rules))
),
-- The row that proves it: the deliverer's current row of the same key. Where that is the very row
-- that was found wrong, nobody corrected anything: a changed rule judged it again.
proof as (
    select gone.defect, held._delivery as delivery, held._row as row,
        held._delivery = gone.delivery and held._row = gone.row as judged_again
    from held_keys as held
    join vanished as gone on gone.row_key = held._key and gone.agency = held._agency
)
select
    case when known.event is null then 'opened' else 'reopened' end as event,
    now.kind, known.defect, now.agency, now.rule, now.key, now."column",
    now.delivery, now.row, now.line, now.value,
    case
        when $cause_state = 'withdrawn' and known.event = 'closed'
            then '批次 ' || $cause || ' 被撤回，此前的更正不再有效'
        when $cause_state = 'withdrawn' then '批次 ' || $cause || ' 被撤回后恢复的数据中存在'
        when known.event = 'closed' then '在批次 ' || now.delivery || ' 中再次出现'
        when known.event = 'withdrawn' then '在批次 ' || now.delivery || ' 中重新认定'
        else '在批次 ' || now.delivery || ' 中发现'
    end as reason
from standing as now
left join last_events as known using (agency, rule, key, "column")
where known.event is null or known.event not in ('opened', 'reopened')
union all by name
select
    case when $cause_state = 'withdrawn' or proof.judged_again then 'withdrawn' else 'closed' end
        as event,
    gone.kind, gone.defect, gone.agency, gone.rule, gone.key, gone."column",
    case when $cause_state = 'withdrawn' then $cause else coalesce(proof.delivery, $cause) end
        as delivery,
    case when $cause_state <> 'withdrawn' then proof.row end as row,
    null::bigint as line, null::varchar as value,
    case
        when $cause_state = 'withdrawn' then '批次 ' || $cause || ' 被撤回'
        when proof.judged_again then '规则调整后重新核验，此前的认定撤回'
        when proof.delivery is not null then '在批次 ' || proof.delivery || ' 中已更正并通过校验'
        when gone.kind = 'row' and $cause_mode = 'increment'
            then '在批次 ' || $cause || ' 中已声明删除'
        when gone.kind = 'row' then '在快照批次 ' || $cause || ' 中已删除'
        when gone.kind = 'shared_key' then '批次 ' || $cause || ' 之后该主键只由一个部门报送'
        when gone.kind = 'delivery' and list_contains($noted, gone.rule)
            then '批次 ' || $cause || ' 中不再有此情形'
        when gone.kind = 'delivery' and gone.delivery = $cause then '批次 ' || $cause || ' 已放行入库'
        when gone.kind = 'delivery' then '已由批次 ' || $cause || ' 更正入库'
        when gone.kind = 'column' then '批次 ' || $cause || ' 中该栏已无此情形'
        else '快照批次 ' || $cause || ' 中已不再出现'
    end as reason
from vanished as gone
left join proof using (defect);
