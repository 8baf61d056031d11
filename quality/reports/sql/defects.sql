-- What the report says of each shown defect. `key_shown`, `value_shown` are masked by grade.
-- Reads shown, shown_keys, shown_cells, raw_cells and known_deliveries of the session.
select found.kind, found.rule, found."column", found.delivery, known.file, known.sheet, found.row,
    coalesce(found.line, raw._line) as line, keys.key_shown,
    left(coalesce(raw.cells[place.cell], found.text), 300) as value_shown,
    found.message, found.detail
from shown as found
join shown_keys as keys using (defect)
left join known_deliveries as known on known.delivery = found.delivery
left join shown_cells as place on place.rule = found.rule and place."column" = found."column"
left join raw_cells as raw on raw._delivery = found.delivery and raw._row = found.row
order by found.delivery, found.row, found.rule, found.key, found."column";
