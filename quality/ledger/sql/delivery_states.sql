-- Deliveries of one deliverer to one dataset, the causing one in the state it is coming to: temp
-- table `delivery_states`. `decided_no` orders the decisions about them; the causing delivery's own
-- comes after all that are logged, and its mode and shape may not be logged yet. Parameters: cause,
-- cause_state, cause_mode and cause_shape (null: as logged), dataset, agency, mode (the dataset's).
create or replace temp table delivery_states as
with decisions as (
    select delivery, max(event_no) as decided_no
    from (
        from quality.main.delivery_events
        select delivery, event_no, state
        where dataset = $dataset and agency = $agency
        qualify state is distinct from lag(state) over (partition by delivery order by event_no)
    )
    group by delivery
)
select known.delivery, known.seq,
    coalesce(if(known.delivery = $cause, $cause_mode, null), known.mode, $mode) as mode,
    coalesce(if(known.delivery = $cause, $cause_shape, null), known.shape) as shape,
    if(known.delivery = $cause, $cause_state, known.state) as state,
    if(known.delivery = $cause, 9223372036854775807, decisions.decided_no) as decided_no
from quality.main.deliveries as known
left join decisions using (delivery)
where known.dataset = $dataset and known.agency = $agency;
