-- Subjects as the city's registers tell them: uscc, name, address, province (six digits). A subject
-- that two registers hold stands twice. A register speaks of its own province where it names none.
select uscc, name, address, coalesce(province, left(division, 2) || '0000', own_province()) as province
from standard.market_supervision.business_entities
union all
select uscc, name, address, own_province() from standard.civil_affairs.social_organizations
union all
select uscc, name, address, own_province() from standard.institutional_commission.public_bodies
