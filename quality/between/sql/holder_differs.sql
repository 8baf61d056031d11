-- 名称与登记不一致。
-- One row: a name beside a unit's code that is none of the names the registers have for it: its
-- present one, or one before or after a registered change of name. Blanks, width, brackets, case,
-- middle dots and the suffix （个体工商户） make no difference; a sole trader may be called by its
-- operator's name. Licences that are no longer in force keep the name of their time. The detail tells
-- the registered name of an organisation; that of a sole trader may be a person's.
with register as (
    select uscc, name, legal_representative, entity_type
    from standard.market_supervision.business_entities
    union all
    select uscc, name, null, '' from standard.institutional_commission.public_bodies
    union all
    select uscc, name, null, '' from standard.civil_affairs.social_organizations
),
organisations as (
    select uscc, min(name) as registered
    from register
    where trim(name, ' *＊') <> ''
    group by uscc
    having bool_and(coalesce(entity_type <> '9500', false))
),
names as (
    select uscc, name from register
    union all
    select uscc, legal_representative from register where entity_type = '9500'
    union all
    select uscc, unnest([before, after])
    from standard.market_supervision.registration_changes
    where item = '01'
),
stated as (
    select 'market_supervision/food_licenses' as dataset, 'holder' as "column",
        _agency, _key, _delivery, _row, uscc, holder as name
    from standard.market_supervision.food_licenses
    where status = '10'
    union all
    select 'administrative_approval/electronic_licenses', 'holder',
        _agency, _key, _delivery, _row, holder_id, holder
    from standard.administrative_approval.electronic_licenses
    where status = '10'
    union all
    select 'taxation/taxpayers', 'name', _agency, _key, _delivery, _row, uscc, name
    from standard.taxation.taxpayers
    union all
    select 'market_supervision/shareholders', 'holder',
        _agency, _key, _delivery, _row, holder_id, holder
    from standard.market_supervision.shareholders
    union all
    select 'state_assets/enterprises', 'name', _agency, _key, _delivery, _row, uscc, name
    from standard.state_assets.enterprises
),
-- Nearly all names are the very same text: only the others are worth reading closely.
unlike as (
    select *
    from stated
    anti join names using (uscc, name)
    where uscc is not null and name is not null
        -- Of a unit whose present name is missing or a placeholder nothing can be said.
        and uscc in (select uscc from register where trim(name, ' *＊') <> '')
),
named as (
    select uscc, list(distinct plain_name(name)) as known
    from names
    where uscc in (select uscc from unlike)
    group by uscc
)
select dataset, _agency as agency, _key as key, "column", _delivery as delivery, _row as row,
    name as value, coalesce('登记名称为' || registered, '') as detail
from unlike
left join organisations using (uscc)
join named using (uscc)
where plain_name(name) <> '' and not list_contains(known, plain_name(name))
