-- What the organisation code decides: no, linked, method, score, alternatives, evidence. A sound code
-- decides in any case: held by one, it links; held by two or by none, nothing else is asked.
select records.no,
    case when count(distinct holders.uscc) = 1 then any_value(holders.uscc) end as linked,
    'organization_code' as method,
    case
        when count(distinct holders.uscc) <> 1 then null
        when bool_or(holders.name = records.name) then 1.0
        else 0.98
    end as score,
    case when count(distinct holders.uscc) > 1 then list(distinct holders.uscc order by holders.uscc)
        else [] end as alternatives,
    case
        when count(distinct holders.uscc) > 1 then '组织机构代码对应的登记主体不止一个'
        when count(holders.uscc) = 0 then '组织机构代码合格，但本市登记信息中没有此代码'
        when bool_or(holders.name = records.name) then '组织机构代码相同，名称相同'
        else '组织机构代码相同，名称与登记的不同'
    end as evidence
from linking_records as records
left join linking_holders as holders on holders.organization_code = records.organization_code
where records.organization_code is not null
group by records.no
