-- What is wrong now: temp table `standing`, one row a defect: agency, rule, key and column name it.
-- Reads held_masks, held_keys, row_rules, delivery_states and delivery_scopes of the session, and
-- findings and profiles of quality.main. Parameters: dataset, agency, two_deliverers, key_column, noted (rules that
-- hold nothing up).
create or replace temp table standing as
with row_defects as (
    select 'row' as kind, held._agency as agency, rule.rule, held._key as key,
        rule."column", held._delivery as delivery, held._row as row,
        null::bigint as line, null::varchar as value
    from held_masks as held
    join row_rules as rule
        on rule.word = held.word and (rule.mask_value & held.mask) <> 0
    where held._agency = $agency and held.mask <> 0
),
-- Most datasets have one deliverer: then no key is looked at.
shared_keys as (
    select _key
    from held_keys
    where (select count(distinct _agency) > 1 from held_keys)
    group by _key
    having count(*) > 1
),
shared as (
    select 'shared_key' as kind, held._agency as agency, $two_deliverers as rule, held._key as key,
        $key_column as "column", held._delivery as delivery, held._row as row,
        null::bigint as line, held._key as value
    from held_keys as held
    semi join shared_keys using (_key)
),
-- A snapshot says everything about its scopes: what it no longer contains is gone, and what it
-- contains again stands as a finding of its own. A late older one says nothing about newer findings.
superseded as (
    select earlier.delivery
    from delivery_scopes as earlier
    join delivery_states as earlier_state on earlier_state.delivery = earlier.delivery
    group by earlier.delivery, earlier_state.seq
    having bool_and(exists (
        from delivery_scopes as later
        join delivery_states as later_state on later_state.delivery = later.delivery
        where later_state.state = 'applied' and later_state.mode = 'snapshot'
            and later_state.seq > earlier_state.seq and later.scope = earlier.scope
    ))
),
-- A finding about a column stands until a later delivery of the shape brings the column: it is judged
-- again there, and what is still wrong is a finding of that one.
last_brought as (
    select state.shape, profile."column", max(state.seq) as seq
    from delivery_states as state
    join quality.main.profiles as profile using (delivery)
    where state.state = 'applied' and profile.delivered and profile.nulls < profile.rows
    group by state.shape, profile."column"
),
-- A finding about a whole delivery stands until any later delivery is applied, and not beyond the
-- state it explains: a delivery let through is neither held nor refused any more. What was only
-- noted of it stands when it is let through, too, until a later one of its shape is applied.
last_applied as (
    select shape, max(decided_no) as decided_no
    from delivery_states
    where state = 'applied'
    group by shape
),
found as (
    select finding.kind, finding.agency, finding.rule, finding.identity as key,
        coalesce(finding."column", '') as "column", finding.delivery, finding.row, finding.line,
        finding.value
    from quality.main.findings as finding
    join delivery_states as state using (delivery)
    left join last_applied on last_applied.shape is not distinct from state.shape
    left join last_brought
        on last_brought.shape is not distinct from state.shape
        and last_brought."column" = finding."column"
    where finding.dataset = $dataset and finding.agency = $agency and finding.kind <> 'note'
        and case
            when finding.kind <> 'delivery' then
                state.state = 'applied' and finding.delivery not in (select delivery from superseded)
                and not (finding.kind = 'column' and coalesce(last_brought.seq > state.seq, false))
            when state.state = 'applied' then
                list_contains($noted, finding.rule) and state.decided_no >= last_applied.decided_no
            else
                state.state in ('held', 'refused')
                and state.decided_no >= coalesce((select max(decided_no) from last_applied), 0)
        end
    qualify row_number() over (
        partition by finding.rule, finding.identity, coalesce(finding."column", '')
        order by finding.seq desc, finding.row, finding.line
    ) = 1
),
everything as (
    from row_defects union all by name from shared union all by name from found
)
from everything;
