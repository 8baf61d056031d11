-- 法人基础库·经营主体（legal_person.entity）
--
-- 一行：一个法人或其他组织。
-- 主键：entity_id。有统一社会信用代码的即该代码；没有的为“ORG:”加组织机构代码。
-- 来源：market_supervision/business_entities（经营主体登记，标准源）；
--       development_reform/dishonest_entities（失信名单，标准源无值时取用；名单事实以它为标准源）。
-- 周期：每次运行，随来源更新。
--
-- 关联：
--   统一社会信用代码校验不符的记录不据此建立主体，也不据此关联；校验不符的组织机构代码不作任何关联。
--   失信记录没有可用的统一社会信用代码时，用其组织机构代码与各主体代码的第 9–17 位比对，恰有一个主体
--   相符的并入该主体；两个以上相符的不猜，自成一行。两种代码都不可用的失信记录不进本表，仍在
--   credit.dishonest_entities 中可查。
-- 取值：每列取标准源的值；标准源没有的，取失信记录中最近一次交付的值。
-- 出处：_src 每列一个字符，依次为 uscc 至 dishonesty_lists，指明哪个来源给出该列：a 经营主体登记，
--   b 起为失信记录（最近的在先），* 为全部失信记录，- 为无值；_contributors 给出每个来源的机构、
--   数据集、交付和行号。展开见 entity_source.sql。
--
-- Needs the engine's names and the macros uscc_is_valid and organization_code_is_valid. Every choice
-- between rows has a total order: _seq, _delivery, _row name one row.
with registered as not materialized (
    select *
    from standard.market_supervision.business_entities
    where uscc_is_valid(uscc)
),
listed as (
    select *,
        case when uscc_is_valid(uscc) then uscc end as usable_uscc,
        case when organization_code_is_valid(organization_code) then organization_code end
            as usable_code
    from standard.development_reform.dishonest_entities
),
code_alone as (
    select distinct usable_code as organization_code
    from listed
    where usable_uscc is null and usable_code is not null
),
-- Registered or not: a code inside a valid uscc is known to belong to it. Few codes are asked for,
-- so they are looked up before a million check digits are computed.
asked_for as (
    select uscc
    from standard.market_supervision.business_entities
    where substr(uscc, 9, 9) in (from code_alone)
),
holders as (
    select substr(uscc, 9, 9) as organization_code, uscc from asked_for where uscc_is_valid(uscc)
    union
    select substr(usable_uscc, 9, 9), usable_uscc from listed where usable_uscc is not null
),
linked as (
    select organization_code, min(uscc) as uscc
    from holders semi join code_alone using (organization_code)
    group by organization_code
    having count(*) = 1
),
mentions as (
    select
        coalesce(listed.usable_uscc, linked.uscc, 'ORG:' || listed.usable_code) as entity_id,
        listed.*,
        row_number() over (
            partition by coalesce(listed.usable_uscc, linked.uscc, 'ORG:' || listed.usable_code)
            order by listed._seq desc, listed._delivery desc, listed._row desc, listed._key
        ) as place,
        -- b to z, then any letter from U+0100 on: one character however many mentions there are.
        chr((case when place <= 25 then 97 else 230 end + place)::integer) as code
    from listed
    left join linked
        on listed.usable_uscc is null and linked.organization_code = listed.usable_code
    where coalesce(listed.usable_uscc, linked.uscc, listed.usable_code) is not null
),
mentioned as (
    select
        entity_id,
        arg_min(usable_uscc, place) as uscc,
        arg_min(code, place) filter (usable_uscc is not null) as uscc_by,
        arg_min(coalesce(substr(usable_uscc, 9, 9), usable_code), place) as organization_code,
        arg_min(code, place)
            filter (coalesce(usable_uscc, usable_code) is not null) as organization_code_by,
        arg_min(name, place) as name,
        arg_min(code, place) filter (name is not null) as name_by,
        list(distinct list order by list) as lists,
        list(
            {
                'code': code,
                'agency': _agency,
                'dataset': 'development_reform/dishonest_entities',
                'delivery': _delivery,
                'row': _row
            }
            order by place
        ) as contributors
    from mentions
    group by entity_id
)
select
    coalesce(registered.uscc, mentioned.entity_id) as entity_id,
    coalesce(registered.uscc, mentioned.uscc) as uscc,
    coalesce(substr(registered.uscc, 9, 9), mentioned.organization_code) as organization_code,
    coalesce(registered.name, mentioned.name) as name,
    registered.entity_type,
    registered.legal_representative,
    registered.registered_capital,
    registered.currency,
    registered.industry,
    registered.business_scope,
    registered.division,
    registered.address,
    registered.status,
    registered.established_on,
    registered.revoked_on,
    registered.deregistered_on,
    mentioned.entity_id is not null as on_dishonesty_list,
    mentioned.lists as dishonesty_lists,
    concat(
        case when registered.uscc is not null then 'a' else coalesce(mentioned.uscc_by, '-') end,
        case when registered.uscc is not null then 'a'
            else coalesce(mentioned.organization_code_by, '-') end,
        case when registered.name is not null then 'a' else coalesce(mentioned.name_by, '-') end,
        case when registered.entity_type is not null then 'a' else '-' end,
        case when registered.legal_representative is not null then 'a' else '-' end,
        case when registered.registered_capital is not null then 'a' else '-' end,
        case when registered.currency is not null then 'a' else '-' end,
        case when registered.industry is not null then 'a' else '-' end,
        case when registered.business_scope is not null then 'a' else '-' end,
        case when registered.division is not null then 'a' else '-' end,
        case when registered.address is not null then 'a' else '-' end,
        case when registered.status is not null then 'a' else '-' end,
        case when registered.established_on is not null then 'a' else '-' end,
        case when registered.revoked_on is not null then 'a' else '-' end,
        case when registered.deregistered_on is not null then 'a' else '-' end,
        case when mentioned.entity_id is not null then '**' else '--' end
    ) as _src,
    case when registered.uscc is not null then
        [{
            'code': 'a',
            'agency': registered._agency,
            'dataset': 'market_supervision/business_entities',
            'delivery': registered._delivery,
            'row': registered._row
        }]
    else [] end || coalesce(mentioned.contributors, []) as _contributors
from registered
full join mentioned on mentioned.entity_id = registered.uscc
