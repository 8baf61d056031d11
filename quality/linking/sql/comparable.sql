-- Names and addresses in the form in which they are compared.
--
-- Reads macros that the catalogue gives: `without_own_place` takes the city's own province, city and
-- districts from the beginning of a text; `of_this_city` says whether it begins with the city or a
-- district; `own_province()` is the province's six digits.

-- What distinguishes a name: without the place before it, legal form and brackets.
create or replace temp macro name_core(name) as
    nullif(
        regexp_replace(
            without_own_place(name), '股份有限公司|有限责任公司|责任有限公司|有限公司|[()]', '', 'g'
        ),
        ''
    );

-- An address without the city's own places before it, blanks and punctuation. Of one that says no
-- more than the city or the district nothing is left.
create or replace temp macro plain_address(address) as
    nullif(
        without_own_place(
            regexp_replace(upper(halfwidth(running_text(address))), '[ (),.、;:''"]', '', 'g')
        ),
        ''
    );

create or replace temp macro numbers_in(text) as regexp_extract_all(text, '[0-9]+');

-- Which branch or station it is stands in its numerals: one that differs in them is another.
create or replace temp macro numerals_in(text) as
    regexp_replace(text, '[^0-9〇零一二三四五六七八九十百]', '', 'g');

-- The text without its first character, without its second, and so on.
create or replace temp macro without_each(text) as
    list_transform(
        range(1, length(text) + 1), lambda place: left(text, place - 1) || substr(text, place + 1)
    );

-- One character replaced, left out or added. DuckDB's levenshtein counts bytes: of a Chinese
-- character replaced it tells one, two or three.
create or replace temp macro one_apart(text, other) as
    case length(text) - length(other)
        when 0 then text <> other and list_bool_or(
            list_transform(
                list_zip(without_each(text), without_each(other)), lambda each: each[1] = each[2]
            )
        )
        when 1 then list_contains(without_each(text), other)
        when -1 then list_contains(without_each(other), text)
        else false
    end;

create or replace temp macro names_near(name, other) as
    least(length(name), length(other)) >= 4
    and numerals_in(name) = numerals_in(other)
    and one_apart(name, other);

-- A shortened name, or a firm beside its branch: which of them, the name does not say.
create or replace temp macro names_begin_alike(name, other) as
    least(length(name), length(other)) >= 3
    and (starts_with(name, other) or starts_with(other, name));

create or replace temp macro addresses_near(address, other) as
    least(length(address), length(other)) >= 5
    and numbers_in(address) = numbers_in(other)
    and (contains(address, other) or contains(other, address) or one_apart(address, other));
