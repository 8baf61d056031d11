-- What an equal name decides, of records without a sound organisation code: no, linked, method,
-- score, alternatives, evidence. A name whose one bearer has another address is left to be weighed.
-- Names of sole traders (uscc 92) are unique in their county at best: they need the address.
with bearers as (
    select records.no, count(distinct holders.uscc) as bearers,
        list(distinct holders.uscc order by holders.uscc) as usccs,
        any_value(holders.uscc) as uscc, bool_and(holders.sound) as sound,
        any_value(records.province) as province,
        bool_or(records.province <> holders.province) as elsewhere,
        bool_or(records.address = holders.address or addresses_near(records.address, holders.address))
            as at_address,
        bool_or(records.address is not null and holders.address is not null) as both_addresses
    from linking_records as records
    join linking_holders as holders on holders.name = records.name
    where records.organization_code is null
    group by records.no
),
judged as (
    select *,
        case
            when bearers > 1 then '名称相同的登记主体不止一个'
            when not sound then '名称相同的登记主体，其统一社会信用代码不合格'
            when elsewhere then '名称相同的登记主体属于另一省份'
            when at_address then null
            when starts_with(uscc, '92') then '个体工商户的名称可能重复，没有地址佐证'
        end as against
    from bearers
    where bearers > 1 or not sound or elsewhere or at_address or not both_addresses
)
select no,
    case when against is null then uscc end as linked,
    'name' as method,
    case when against is null then
        case when at_address then 0.99 when province is not null then 0.97 else 0.95 end
    end as score,
    case when against is not null then usccs else [] end as alternatives,
    coalesce(
        against,
        case
            when at_address then '名称相同且唯一，地址一致'
            when province is not null then '名称相同且唯一，省份一致'
            else '名称相同且唯一'
        end
    ) as evidence
from judged
