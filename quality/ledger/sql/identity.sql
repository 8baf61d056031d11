-- The identities of quality.ledger.events in SQL; a test holds both against each other.
create or replace temp macro defect_id(dataset, agency, key, col, rule) as
    left(md5(concat_ws(chr(31), dataset, agency, key, col, rule)), 20);
create or replace temp macro ticket_id(dataset, agency, rule) as
    'T-' || upper(left(md5(concat_ws(chr(31), dataset, agency, rule)), 8));
