-- 法人基础库·经营主体各值的出处（legal_person.entity_source）
--
-- 一行：一个主体的一个值的一个出处；无值的列没有行。
-- 主键：entity_id、column、agency、dataset、delivery、row。
-- 来源：legal_person.entity 的 _src 与 _contributors，值即该表所示（已脱敏的仍是脱敏后的）。
-- 周期：视图，随 legal_person.entity。
--
-- Names `legal_person.entity` as seen inside one database: in the engine after `use base`, and in
-- the published file as it stands.
select
    given.entity_id,
    given.cell."column" as "column",
    given.cell.value as value,
    given.contributor.agency as agency,
    given.contributor.dataset as dataset,
    given.contributor.delivery as delivery,
    given.contributor.row as row,
    case
        when given.cell.code = '*' then '标准源：全部名单记录汇总'
        when given.cell.code = 'a' then '标准源'
        else '标准源无值：取最近一次交付的失信记录'
    end as rule
from (
    select entity_id, cell, unnest(_contributors) as contributor
    from (
        select entity_id, _contributors, unnest([
            {'column': 'uscc', 'value': uscc, 'code': _src[1]},
            {'column': 'organization_code', 'value': organization_code, 'code': _src[2]},
            {'column': 'name', 'value': name, 'code': _src[3]},
            {'column': 'entity_type', 'value': entity_type, 'code': _src[4]},
            {'column': 'legal_representative', 'value': legal_representative, 'code': _src[5]},
            {'column': 'registered_capital', 'value': registered_capital::varchar, 'code': _src[6]},
            {'column': 'currency', 'value': currency, 'code': _src[7]},
            {'column': 'industry', 'value': industry, 'code': _src[8]},
            {'column': 'business_scope', 'value': business_scope, 'code': _src[9]},
            {'column': 'division', 'value': division, 'code': _src[10]},
            {'column': 'address', 'value': address, 'code': _src[11]},
            {'column': 'status', 'value': status, 'code': _src[12]},
            {'column': 'established_on', 'value': established_on::varchar, 'code': _src[13]},
            {'column': 'revoked_on', 'value': revoked_on::varchar, 'code': _src[14]},
            {'column': 'deregistered_on', 'value': deregistered_on::varchar, 'code': _src[15]},
            {'column': 'on_dishonesty_list', 'value': '是', 'code': _src[16]},
            {
                'column': 'dishonesty_lists',
                'value': array_to_string(dishonesty_lists, '、'),
                'code': _src[17]
            }
        ]) as cell
        from legal_person.entity
    )
    where cell.code <> '-'
) as given
where given.contributor.code = given.cell.code
    or (given.cell.code = '*' and given.contributor.dataset = 'development_reform/dishonest_entities')
