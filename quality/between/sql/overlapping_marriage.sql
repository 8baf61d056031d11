-- 婚姻关系重叠。
-- One row: a wedding of somebody whose earlier marriage, to another person, lasted: the later of two
-- registrations, in the column that holds him or her. It is right when the earlier marriage ended by
-- that day: by its own date of end, by the couple's divorce, or by a death.
-- A marriage divorced in court or elsewhere ends unseen, so this is a query. An earlier registration
-- that fails rules of its own shows nothing: its date of end may be the one that can't be read.
with registrations as (
    select registered.*
    from standard.civil_affairs.marriages as registered
    join quality.main.deliveries as told on told.delivery = registered._delivery
    where registered_on between date '1949-10-01' and told.ordered_at
),
divorces as (
    select least(id_no_a, id_no_b) as one, greatest(id_no_a, id_no_b) as other, registered_on
    from registrations
    where type = '2'
),
deaths as (
    select id_no, min(died_on) as died_on
    from (
        select id_no, died_on from standard.health.death_certificates
        union all
        select id_no, cancelled_on
        from standard.public_security.registered_population
        where cancel_reason in ('1', '2')
    )
    where died_on is not null
    group by id_no
),
weddings as (
    select *, least(id_no_a, id_no_b) as one, greatest(id_no_a, id_no_b) as other
    from registrations
    where type = '1'
),
spouses as (
    select *, 'id_no_a' as "column", id_no_a as id_no, name_a as name,
        id_no_b as spouse, name_b as spouse_name
    from weddings
    union all by name
    select *, 'id_no_b' as "column", id_no_b as id_no, name_b as name,
        id_no_a as spouse, name_a as spouse_name
    from weddings
),
-- Materialized, so that numbers are judged for the few pairs and not for all rows.
pairs as materialized (
    select later._agency, later._key, later._delivery, later._row, later."column", later.id_no,
        later.spouse as later_spouse, later.registered_on, earlier._key as earlier_key,
        earlier.one, earlier.other, earlier.spouse, earlier.registered_on as since, earlier.ended_on
    from spouses as later
    join spouses as earlier using (id_no, name)
    where (earlier.registered_on, earlier._key) < (later.registered_on, later._key)
        and earlier._failed = 0
        and earlier.spouse <> later.spouse and earlier.spouse_name <> later.spouse_name
        and coalesce(earlier.ended_on > later.registered_on, true)
),
lasting as (
    select pairs.* exclude (ended_on), deaths.died_on,
        least(
            pairs.ended_on,
            (
                select min(divorces.registered_on)
                from divorces
                where divorces.one = pairs.one and divorces.other = pairs.other
                    and divorces.registered_on >= pairs.since
            )
        ) as parted_on
    from pairs
    left join deaths on deaths.id_no = pairs.spouse
)
select 'civil_affairs/marriages' as dataset, _agency as agency, _key as key, "column",
    _delivery as delivery, _row as row, id_no as value,
    '同一人另有婚姻登记于 ' || since
        -- The day of a death is another agency's to tell.
        || coalesce(
            '，终止于 ' || if(
                coalesce(parted_on <= died_on, died_on is null), parted_on::varchar,
                mask_birth_month(died_on)
            ),
            '，没有终止的记载'
        ) as detail
from lasting
where coalesce(least(parted_on, died_on) > registered_on, true)
    and id_no_is_valid(id_no) and id_no_is_valid(later_spouse)
qualify row_number() over (partition by _key, "column" order by since, earlier_key) = 1
