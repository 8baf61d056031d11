-- Temp tables `linking_records`: the records without a sound uscc, numbered, comparable; and
-- `linking_holders`: the registered subjects that share a code, a name or a block with one of them.
-- Reads told_records and told_registered (the queries records.sql and registered.sql), and
-- `common()`: a block that more holders share distinguishes nobody and is left out.
--
-- Blocks: the whole address; the core of the name; the beginning of the core with the numbers of
-- the address. What is weighed shares one of them, so that no cross product ever comes about.
create or replace temp table linking_records as
select row_number() over (order by dataset, agency, key) as no, *,
    address as block_address, core as block_core,
    left(core, 2) || ' ' || array_to_string(numbers_in(address), ' ') as block_start
from (
    select dataset, agency, key, base_table, province,
        coalesce(province = own_province(), true)
            and (coalesce(of_this_city(plain_name(name)), false) or coalesce(of_this_city(address), false))
            as local,
        case when organization_code_is_valid(organization_code) then organization_code end
            as organization_code,
        plain_name(name) as name, name_core(plain_name(name)) as core,
        plain_address(address) as address
    from told_records
    where uscc is null or not uscc_is_valid(uscc)
);

create or replace temp table linking_holders as
with comparable as (
    select *, address as block_address, core as block_core,
        left(core, 2) || ' ' || array_to_string(numbers_in(address), ' ') as block_start
    from (
        select uscc, province, substr(uscc, 9, 9) as organization_code, plain_name(name) as name,
            name_core(plain_name(name)) as core, plain_address(address) as address
        from told_registered
    )
),
-- Materialized, so that codes are judged for the few that share something and not for all.
sharing as materialized (
    from comparable
    where organization_code in (select organization_code from linking_records)
        or name in (select name from linking_records)
        or block_address in (select block_address from linking_records)
        or block_core in (select block_core from linking_records)
        or block_start in (select block_start from linking_records)
)
select row_number() over (order by uscc, name, address, province) as no,
    uscc, uscc_is_valid(uscc) as sound, name, core, address, province,
    case when uscc_is_valid(uscc) then organization_code end as organization_code,
    count(*) over (partition by address) as at_address,
    case when count(*) over (partition by block_address) <= common() then block_address end
        as block_address,
    case when count(*) over (partition by block_core) <= common() then block_core end as block_core,
    case when count(*) over (partition by block_start) <= common() then block_start end as block_start
from sharing;
