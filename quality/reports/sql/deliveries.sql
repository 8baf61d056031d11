-- What an agency delivered since the last report, in order of arrival.
-- Reads known_deliveries of the session. Parameters: agency, since (null: from the beginning).
select delivery, dataset, file, sheet, format, encoding, mode, received_at, state,
    counted as delivered, accepted, rejected,
    case when counted is not null then counted = accepted + rejected end as balanced,
    message
from known_deliveries
where agency = $agency and state <> 'received'
    and ($since is null or decided_at > $since::timestamp)
order by received_at, delivery;
