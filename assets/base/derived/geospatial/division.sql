-- 行政区划树。一行：一个代码的一段有效期。来源：代码表 gbt2260、zibo_divisions。
with national as (
    select code, name, coalesce(valid_from::date, date '1949-10-01') as valid_from,
        valid_to::date as valid_to, false as local
    from code_rows
    where code_table = 'gbt2260'
),
own as (
    select code, name, coalesce(valid_from::date, date '1949-10-01') as valid_from,
        valid_to::date as valid_to,
        length(code) = 6 and code not in (select code from national) as local
    from code_rows
    where code_table = 'zibo_divisions'
),
every as (
    from national where code not in (select code from own) union all from own
)
select code, name,
    case
        when length(code) = 12 then '社区村'
        when length(code) = 9 then '镇街'
        when right(code, 4) = '0000' then '省'
        when right(code, 2) = '00' then '市'
        else '区县'
    end as level,
    case
        when length(code) = 12 then left(code, 9)
        when length(code) = 9 then left(code, 6)
        when right(code, 4) = '0000' then null
        when right(code, 2) = '00' then left(code, 2) || '0000'
        when left(code, 4) || '00' in (select code from every) then left(code, 4) || '00'
        -- 直辖市的区县和省直辖县级行政区划，上级就是省级。
        else left(code, 2) || '0000'
    end as parent_code,
    valid_from, valid_to, local
from every
