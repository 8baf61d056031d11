-- Records of the shown defects that could not be read at all.
-- Reads shown and known_deliveries of the session. Parameters: hide_text (the dataset holds columns that are masked).
select found.delivery, known.file, known.sheet, found.row, found.line, found.rule, found.message,
    length(found.text) as characters,
    case when not $hide_text then left(mask_stray_numbers(found.text), 300) end as text
from shown as found
left join known_deliveries as known on known.delivery = found.delivery
where found.kind = 'reject'
order by found.delivery, found.row, found.line, found.key;
