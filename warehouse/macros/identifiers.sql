-- 标识代码的校验宏：统一社会信用代码、组织机构代码、工商注册号、公民身份号码。
--
-- 每个宏只看传入的文本，不依赖任何表，可在任何 DuckDB 中使用；空值返回空值。
-- 传入的应是规范写法（半角、大写、无空格、无连字符），不规范的写法一律视为不合格。
-- “..._is_valid” 是全部必须项；“..._length_ok” 等是其中一项，前一项不合格时后一项也不合格。
-- 疑问项（组织机构代码段、登记管理部门、旧号）不计入统一社会信用代码的 “..._is_valid”。
--
-- These state the standards in SQL on their own, apart from quality/standards (Polars): they are
-- the second opinion, and the two are held against each other on every delivery.

-- ── 共用 ────────────────────────────────────────────────────────────────────────────────────────

-- 加权和：每个字符在 alphabet 中的序号（由 0 起）乘以对应的权。字符数由调用者先行保证；但引擎可能
-- 先算此式再看 CASE 的条件，所以先补齐或截断到权数，任何文本都不出错。
-- 一次拆分比逐位取字快一倍；数值很小，DOUBLE 的结果是精确的。
CREATE OR REPLACE MACRO weighted_sum(code, alphabet, weights) AS
    CAST(list_inner_product(
        list_transform(
            string_split(rpad(code, len(weights)::INTEGER, '0'), ''), lambda symbol: CAST(instr(alphabet, symbol) - 1 AS DOUBLE)
        ),
        CAST(weights AS DOUBLE[])
    ) AS BIGINT);

-- ISO 7064 混合系统（GB/T 17710）：MOD 11,10 的 alphabet 为数字，MOD 37,36 的为数字和大写字母；M 为
-- 字符数，由 M 起逐位 p ← 2·((p + d) mod M，0 作 M) mod (M+1)，末值与校验字符之和 mod M 为 1。
-- 字符是否都在 alphabet 中由调用者先行保证。
CREATE OR REPLACE MACRO iso7064_ok(code, alphabet) AS
    (
        list_reduce(
            list_prepend(
                CAST(length(alphabet) AS BIGINT),
                list_transform(
                    string_split(left(code, -1), ''), lambda symbol: instr(alphabet, symbol) - 1
                )
            ),
            lambda product, digit:
                ((product + digit + length(alphabet) - 1) % length(alphabet) + 1) * 2
                % (length(alphabet) + 1)
        ) + instr(alphabet, right(code, 1)) - 1
    ) % length(alphabet) = 1;

-- 区划代码的前两位是省级区划（GB/T 2260）。号码里的区划只问到省：开发区、登记机关自编的代码不在国标中。
CREATE OR REPLACE MACRO division_in_a_province(code) AS
    substr(code, 1, 2) IN (
        '11', '12', '13', '14', '15', '21', '22', '23', '31', '32', '33', '34', '35', '36', '37',
        '41', '42', '43', '44', '45', '46', '50', '51', '52', '53', '54', '61', '62', '63', '64',
        '65', '71', '81', '82'
    );

-- ── 组织机构代码 GB 11714-1997 ─────────────────────────────────────────────────────────────────

-- 形式：8 位数字或大写字母的本体代码，加 1 位校验码（数字或 X）（GB 11714-1997 第 3 章）。
CREATE OR REPLACE MACRO organization_code_form_ok(code) AS
    regexp_full_match(code, '[0-9A-Z]{8}[0-9X]');

-- 校验码：本体加权 3 7 9 10 5 8 4 2，A=10 … Z=35，C9 = 11 − Σ mod 11，10 记作 X，11 记作 0
-- （GB 11714-1997 第 3.3 条）。X 在校验字符串中序号为 10，故 Σ + C9 是 11 的倍数。
CREATE OR REPLACE MACRO organization_code_check_ok(code) AS
    CASE
        WHEN organization_code_form_ok(code) THEN (
            weighted_sum(
                substr(code, 1, 8),
                '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
                [3, 7, 9, 10, 5, 8, 4, 2]
            ) + instr('0123456789X', substr(code, 9, 1)) - 1
        ) % 11 = 0
        WHEN code IS NOT NULL THEN false
    END;

CREATE OR REPLACE MACRO organization_code_is_valid(code) AS organization_code_check_ok(code);

-- ── 统一社会信用代码 GB 32100-2015 ─────────────────────────────────────────────────────────────

-- 长度：18 位（GB 32100-2015 第 4 章）。
CREATE OR REPLACE MACRO uscc_length_ok(code) AS length(code) = 18;

-- 字符：数字和大写字母，不用 I O S V Z（GB 32100-2015 第 4 章）。
CREATE OR REPLACE MACRO uscc_alphabet_ok(code) AS
    regexp_full_match(code, '[0-9A-HJ-NPQRTUWXY]+');

-- 校验码：加权 1 3 9 27 19 26 16 17 20 29 25 13 8 24 10 30 28（3 的幂 mod 31），
-- C18 = 31 − Σ mod 31，31 记作 0（GB 32100-2015 附录 B），故 Σ + C18 是 31 的倍数。
CREATE OR REPLACE MACRO uscc_check_ok(code) AS
    CASE
        WHEN uscc_length_ok(code) AND uscc_alphabet_ok(code) THEN weighted_sum(
            code,
            '0123456789ABCDEFGHJKLMNPQRTUWXY',
            [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1]
        ) % 31 = 0
        WHEN code IS NOT NULL THEN false
    END;

-- 第 9–17 位（主体标识码，即组织机构代码）自身的校验（GB 32100-2015 第 4 章、GB 11714-1997）。
-- 疑问项：确有少数已核发的代码不符。
CREATE OR REPLACE MACRO uscc_inner_is_valid(code) AS
    organization_code_is_valid(substr(code, 9, 9));

-- 第 1–2 位（登记管理部门、机构类别）在标准所列组合之内（GB 32100-2015 表 1）。疑问项。
CREATE OR REPLACE MACRO uscc_department_known(code) AS
    substr(code, 1, 2) IN (
        '11', '12', '13', '19',                    -- 机构编制
        '21', '29',                                -- 外交
        '31', '32', '33', '34', '35', '39',        -- 司法行政
        '41', '49',                                -- 文化
        '51', '52', '53', '59',                    -- 民政
        '61', '62', '69',                          -- 旅游
        '71', '72', '79',                          -- 宗教
        '81', '89',                                -- 工会
        '91', '92', '93', '99',                    -- 市场监管
        'A1', 'A9',                                -- 军队
        'N1', 'N2', 'N3', 'N9'                     -- 农业
    )
    OR starts_with(code, 'Y');                     -- 其他：标准没有分列机构类别

-- ── 工商注册号 GS 15-2006《工商行政管理注册号编制规则》 ────────────────────────────────────────

-- 形式：15 位数字；2007 年以前核发的为 13 位数字，没有校验码。
CREATE OR REPLACE MACRO registration_no_form_ok(code) AS
    regexp_full_match(code, '[0-9]{13}|[0-9]{15}');

-- 校验码：第 15 位按 ISO 7064 MOD 11,10。
CREATE OR REPLACE MACRO registration_no_check_ok(code) AS
    CASE
        WHEN regexp_full_match(code, '[0-9]{15}') THEN iso7064_ok(code, '0123456789')
        ELSE registration_no_form_ok(code)
    END;

CREATE OR REPLACE MACRO registration_no_is_valid(code) AS registration_no_check_ok(code);

-- ── 公民身份号码 GB 11643-1999 ─────────────────────────────────────────────────────────────────

-- 长度：18 位（GB 11643-1999 第 4 章）；15 位旧号先用 id_no_15_to_18 升位。
CREATE OR REPLACE MACRO id_no_length_ok(code) AS length(code) = 18;

-- 字符：前 17 位为数字，第 18 位为数字或大写 X。
CREATE OR REPLACE MACRO id_no_alphabet_ok(code) AS regexp_full_match(code, '[0-9]{17}[0-9X]');

-- 第 7–14 位的出生日期；不是日历上的日子时为空（GB 11643-1999 第 4.2.2 条）。
CREATE OR REPLACE MACRO id_no_birth_date(code) AS
    CASE WHEN id_no_alphabet_ok(code)
        THEN CAST(try_strptime(substr(code, 7, 8), '%Y%m%d') AS DATE) END;

-- 第 17 位所示的性别（GB/T 2261.1）：奇数为 1（男），偶数为 2（女）；不是 18 位的为空。
CREATE OR REPLACE MACRO id_no_sex(code) AS
    CASE
        WHEN length(code) <> 18 THEN NULL
        WHEN substr(code, 17, 1) IN ('1', '3', '5', '7', '9') THEN '1'
        WHEN substr(code, 17, 1) IN ('0', '2', '4', '6', '8') THEN '2'
    END;

-- 出生日期存在、不晚于 as_of、年龄不超过 130 岁。
CREATE OR REPLACE MACRO id_no_date_ok(code, as_of) AS
    CASE WHEN code IS NOT NULL THEN
        coalesce(
            id_no_birth_date(code)
                BETWEEN CAST(as_of AS DATE) - INTERVAL 130 YEAR + INTERVAL 1 DAY
                AND CAST(as_of AS DATE),
            false
        )
    END;

-- 按前 17 位应有的校验字符：加权 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2，Σ mod 11 对应
-- 1 0 X 9 8 7 6 5 4 3 2（GB 11643-1999 第 4.2.4 条）。前 17 位不全是数字时为空。
CREATE OR REPLACE MACRO id_no_check_character(code) AS
    CASE WHEN regexp_matches(code, '^[0-9]{17}') THEN
        substr(
            '10X98765432',
            weighted_sum(
                substr(code, 1, 17),
                '0123456789',
                [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
            ) % 11 + 1,
            1
        )
    END;

CREATE OR REPLACE MACRO id_no_check_ok(code) AS
    id_no_alphabet_ok(code) AND id_no_check_character(code) = substr(code, 18, 1);

-- 合格：形式、出生日期（不问早晚）、校验码。前 6 位不作要求：是首次赋码时的区划，可能早已撤销。
CREATE OR REPLACE MACRO id_no_is_valid(code) AS
    CASE WHEN code IS NOT NULL
        THEN id_no_birth_date(code) IS NOT NULL AND id_no_check_ok(code) END;

-- 15 位旧号升为 18 位：第 6 位后补世纪，末位补校验码；顺序码 996–999 留给 1900 年以前出生的人，
-- 补 18，其余补 19（GB 11643-1999 附录、GB 11643-1989）。不是 15 位数字的原样返回。
CREATE OR REPLACE MACRO id_no_15_to_18(code) AS
    CASE
        WHEN NOT regexp_full_match(code, '[0-9]{15}') THEN code
        WHEN regexp_full_match(code, '[0-9]{12}99[6-9]') THEN
            substr(code, 1, 6) || '18' || substr(code, 7)
            || id_no_check_character(substr(code, 1, 6) || '18' || substr(code, 7))
        WHEN code IS NOT NULL THEN
            substr(code, 1, 6) || '19' || substr(code, 7)
            || id_no_check_character(substr(code, 1, 6) || '19' || substr(code, 7))
    END;

-- ── 单位的代码和个人的号码 ───────────────────────────────────────────────────────────────────────

-- 填在代码栏里的公民身份号码，两种校验碰巧都相符（每三十一个里有一个）：是人的号码，不是单位的代码。
CREATE OR REPLACE MACRO uscc_is_id_no(code) AS
    coalesce(substr(code, 7, 2) IN ('19', '20') AND id_no_is_valid(code), false);

CREATE OR REPLACE MACRO uscc_is_valid(code) AS uscc_check_ok(code) AND NOT uscc_is_id_no(code);

-- 看来是录错一处的公民身份号码：第 7–14 位像出生日期，前 17 位里至多一个字母。
CREATE OR REPLACE MACRO resembles_id_no(code) AS
    regexp_matches(substr(code, 7, 8), '^(19|20)[0-9A-Z]{2}[01A-Z][0-9A-Z][0-3A-Z][0-9A-Z]$')
    AND regexp_full_match(substr(code, 1, 17), '[0-9]*[A-Z]?[0-9]*');

-- 确实是单位的代码，可以公开：全部校验和疑问项都合格，并且不会是录错的公民身份号码。校验字符碰巧相符的概率
-- 是三十一分之一，所以不能只看校验。
CREATE OR REPLACE MACRO uscc_names_an_organization(code) AS
    uscc_is_valid(code) AND uscc_inner_is_valid(code) AND uscc_department_known(code)
    AND NOT resembles_id_no(code);
