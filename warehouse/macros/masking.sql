-- 脱敏宏：发布文件与质量清单里，3 级及以上的数据项按数据元登记的方式显示（《管理办法》第四十四条）。
--
-- 原则：认得出形式才保留一部分，认不出的一律整体隐去，因为填错列的值可能是任何个人信息；
-- 空值仍为空。是否脱敏、用哪一种，只由目录（安全级别、脱敏方式）决定，见 warehouse/publish/masking.py。
--
-- These run in any DuckDB shell, with characters.sql and identifiers.sql; none depends on a table.

-- 整体隐去：有值显示 ***，无值为空。
CREATE OR REPLACE MACRO mask_hidden(v) AS
    CASE WHEN v IS NOT NULL THEN '***' END;

-- 是否单位名称：至少五个字、没有间隔号和长串数字、以单位用词结尾。“张三小吃店”一类字号属登记公示信息，也算单位。
CREATE OR REPLACE MACRO is_organization_name(v) AS
    length(v) >= 5
    AND NOT contains(v, '·')
    AND NOT regexp_matches(v, '[0-9]{6}')
    AND regexp_matches(
        v,
        '(公司|集团|企业|合作社|合伙|中心|协会|学会|商会|联合会|基金会|委员会|事务所|研究院|研究所|大学|学校|学院|幼儿园|医院|诊所|卫生院|银行|信用社|局|厅|人民政府|办事处|厂|店|行|部|站|馆|社)$'
    );

-- 姓名：自然人只保留第一个字（张**），单位名称不脱敏。星号个数固定，不透露字数。
CREATE OR REPLACE MACRO mask_name(v) AS
    CASE
        WHEN v IS NULL THEN NULL
        WHEN is_organization_name(v) THEN v
        WHEN regexp_matches(v, '^\p{Han}') THEN v[1] || '**'
        ELSE '***'
    END;

-- 公民身份号码：保留前四位（省、市），其余十四位为星号；形式不符的整体隐去。同一列里单位的统一社会信用代码
-- 是公开的标识，不脱敏；可能是身份号码的仍按身份号码处理。
CREATE OR REPLACE MACRO mask_id_no(v) AS
    CASE
        WHEN v IS NULL THEN NULL
        WHEN uscc_names_an_organization(v) THEN v
        WHEN regexp_matches(v, '^([0-9]{17}[0-9Xx]|[0-9]{15})$') THEN v[:4] || '**************'
        ELSE '***'
    END;

-- 单位的公开代码：照原样显示；看来是公民身份号码的（可能录错一处、多录或少录一位，也可能是 15 位旧号）按身份号码处理。
CREATE OR REPLACE MACRO mask_code(v) AS
    CASE
        WHEN regexp_matches(v, '[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]{4}')
            OR length(v) BETWEEN 17 AND 19
            AND regexp_matches(substr(v, 7, 2), '^(19|20|[12A-Za-z][09]|[12][09A-Za-z])$')
            AND regexp_full_match(v, '[0-9]*[A-Za-z]?[0-9]*[Xx]?')
            OR regexp_full_match(
                v, '[1-9][0-9]{7}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}'
            ) AND NOT registration_no_is_valid(v)
            THEN mask_id_no(v)
        ELSE v
    END;

-- 电话：手机保留前三位，固定电话保留区号；形式不符的整体隐去。
CREATE OR REPLACE MACRO mask_phone(v) AS
    CASE
        WHEN v IS NULL THEN NULL
        WHEN regexp_matches(v, '^1[3-9][0-9]{9}$') THEN v[:3] || '********'
        WHEN regexp_matches(v, '^0[0-9]{2,3}-[0-9]{7,8}$') THEN regexp_extract(v, '^0[0-9]+') || '-****'
        ELSE '***'
    END;

-- 地址：保留到省、市、区县、镇街，村居以下隐去。小区、园区一类不算区县。
CREATE OR REPLACE MACRO mask_address(v) AS
    CASE
        WHEN v IS NULL THEN NULL
        ELSE regexp_extract(
            v,
            '^([^路街巷村弄号道0-9A-Za-z]{2,6}?(?:省|自治区))?([^路街巷村弄号道区县0-9A-Za-z]{1,6}?市)?([^路街巷村弄号道市区县0-9A-Za-z]{1,10}[^路街巷村弄号道市小社园校院厂库宅区县0-9A-Za-z]区|[^路街巷村弄号道市区县0-9A-Za-z]{1,6}县)?([^路街巷村弄号道市区县0-9A-Za-z]{1,6}?(?:街道办事处|街道|镇|乡))?'
        ) || '***'
    END;

-- 出生日期：只显示年月。日期或写成日期的文本均可；读不成日期的整体隐去。
CREATE OR REPLACE MACRO mask_birth_month(v) AS
    CASE
        WHEN v IS NULL THEN NULL
        ELSE coalesce(strftime(try_cast(v AS DATE), '%Y-%m'), '***')
    END;

-- 文本里的 18 位公民身份号码，中间可以有空格；前后紧挨着数字的是更长的编号（如办件编号），不算。
CREATE OR REPLACE MACRO hide_id_nos(v) AS
    regexp_replace(
        v,
        '(^|[^0-9])[1-9][0-9]{5} ?(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]) ?[0-9]{3}(?:[Xx]|[0-9]($|[^0-9]))',
        '\1***\2',
        'g'
    );

-- 更长的一串数字里是否夹着校验合格的公民身份号码：多录了一两位，或与电话、另一个号码连写。21 至 28 位的是区划、
-- 日期加流水号的编号（如办件编号），其中碰巧有一段校验合格，不算。
-- 与电话连写的，校验不合格也算。
-- CASE, not AND: of a million case numbers none is to be cut into parts.
CREATE OR REPLACE MACRO holds_id_no(v) AS
    CASE
        WHEN regexp_matches(
            v,
            '[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]{4}[0-9Xx]1[3-9][0-9]{9}($|[^0-9])'
            '|(^|[^0-9])1[3-9][0-9]{9}[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]{4}'
        ) THEN true
        WHEN regexp_matches(v, '(^|[^0-9])([0-9]{18,19}|[0-9]{28,})[0-9Xx]($|[^0-9])')
            THEN list_bool_or(
                list_transform(
                    range(1, length(v) - 16),
                    lambda place: coalesce(id_no_is_valid(upper(substr(v, place, 18))), false)
                )
            )
        ELSE false
    END;

-- 文本里的手机号；前后是数字或大写字母的是别的代码的一部分，不算。
CREATE OR REPLACE MACRO hide_phones(v) AS
    regexp_replace(v, '(^|[^0-9A-Z])1[3-9][0-9]{9}($|[^0-9A-Z])', '\1***\2', 'g');

-- 文本里夹带的公民身份号码和手机号：其余文字保留，号码换成 ***。用于质量清单里 3 级以下列的原值，
-- 因为错填到这一列的可能正是号码。统一社会信用代码第 7–14 位不是日期，不受影响。
-- Twice: of two numbers with one character between them the first match takes it.
CREATE OR REPLACE MACRO mask_stray_numbers(v) AS
    CASE
        WHEN holds_id_no(v) THEN '***'
        ELSE hide_phones(hide_phones(hide_id_nos(hide_id_nos(v))))
    END;

-- 按脱敏方式的名称脱敏（质量清单里一列之中各行方式不同）；方式不明的整体隐去。
-- none 之下仍隐去夹带的号码；“暂无”“空”一类的词不是谁的信息，照原样显示。
CREATE OR REPLACE MACRO mask_as(way, v) AS
    CASE
        WHEN way = 'none' THEN mask_stray_numbers(v)
        WHEN way = 'code' THEN mask_code(mask_stray_numbers(v))
        WHEN is_null_word(v) THEN v
        WHEN way = 'name' THEN mask_name(v)
        WHEN way = 'id_no' THEN mask_id_no(v)
        WHEN way = 'birth_month' THEN mask_birth_month(v)
        WHEN way = 'phone' THEN mask_phone(v)
        WHEN way = 'address' THEN mask_address(v)
        ELSE mask_hidden(v)
    END;

-- 主键文本（各部分以 U+001F 相连）逐部分脱敏，以“ / ”相连；部分数与登记不符的整体按最严的方式。
-- Most keys have one part, and a list for each of a million keys costs more than their masks.
CREATE OR REPLACE MACRO mask_key(ways, strictest, v) AS
    CASE
        WHEN len(ways) = 1 AND NOT contains(v, chr(31)) THEN mask_as(ways[1], v)
        WHEN len(string_split(v, chr(31))) = len(ways) THEN
            array_to_string(
                list_transform(
                    string_split(v, chr(31)), lambda part, place: mask_as(ways[place], part)
                ),
                ' / '
            )
        ELSE mask_as(strictest, v)
    END;
