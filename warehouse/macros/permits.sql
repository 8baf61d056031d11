-- 许可证照编号的校验宏：食品许可证编号、电子证照标识、排污许可证编号。
--
-- 每个宏只看传入的文本，不依赖任何表；空值返回空值。传入的应是规范写法（半角、大写、无空格）。
-- “..._is_valid” 是全部必须项；疑问项（“..._known”）不计入。

-- ── 食品许可证编号（食品经营、食品生产许可管理办法） ───────────────────────────────────────────

-- 开头：JY 食品经营，SC 食品生产。
CREATE OR REPLACE MACRO food_license_no_prefix_ok(code) AS substr(code, 1, 2) IN ('JY', 'SC');

-- 长度：16 位，2 个字母、13 位数字、1 位校验码。
CREATE OR REPLACE MACRO food_license_no_length_ok(code) AS length(code) = 16;

CREATE OR REPLACE MACRO food_license_no_alphabet_ok(code) AS
    regexp_full_match(substr(code, 3), '[0-9]{14}');

-- 校验码：13 位数字按 ISO 7064 MOD 11,10。
CREATE OR REPLACE MACRO food_license_no_check_ok(code) AS
    CASE
        WHEN food_license_no_prefix_ok(code) AND food_license_no_alphabet_ok(code)
            THEN iso7064_ok(substr(code, 3), '0123456789')
        WHEN code IS NOT NULL THEN false
    END;

-- 经营：主体业态 1 销售、2 餐饮服务、3 单位食堂。生产：食品 101–132、食品添加剂 201–203。疑问项。
CREATE OR REPLACE MACRO food_license_no_category_known(code) AS
    CASE substr(code, 1, 2)
        WHEN 'JY' THEN substr(code, 3, 1) BETWEEN '1' AND '3'
        WHEN 'SC' THEN
            substr(code, 3, 3) BETWEEN '101' AND '132' OR substr(code, 3, 3) BETWEEN '201' AND '203'
    END;

-- 区划：经营自第 4 位起，生产自第 6 位起。疑问项。
CREATE OR REPLACE MACRO food_license_no_division_known(code) AS
    division_in_a_province(substr(code, CASE substr(code, 1, 2) WHEN 'JY' THEN 4 ELSE 6 END));

CREATE OR REPLACE MACRO food_license_no_is_valid(code) AS food_license_no_check_ok(code);

-- ── 电子证照标识 GB/T 36904-2018 ───────────────────────────────────────────────────────────────

CREATE OR REPLACE MACRO license_identifier_root_ok(code) AS starts_with(code, '1.2.156.3005.2.');

CREATE OR REPLACE MACRO license_identifier_alphabet_ok(code) AS
    regexp_full_match(code, '[0-9A-Z.]+');

-- 根之后五段：证照类型代码 21 位、颁发机构代码、流水号（至多 64 位）、版本号 3 位数字、校验位。
CREATE OR REPLACE MACRO license_identifier_form_ok(code) AS
    license_identifier_root_ok(code)
    AND license_identifier_alphabet_ok(code)
    AND len(string_split(code, '.')) = 10
    AND length(string_split(code, '.')[6]) = 21
    AND length(string_split(code, '.')[7]) BETWEEN 1 AND 21
    AND length(string_split(code, '.')[8]) BETWEEN 1 AND 64
    AND regexp_full_match(string_split(code, '.')[9], '[0-9]{3}')
    AND length(string_split(code, '.')[10]) = 1;

-- 颁发机构代码：统一社会信用代码，或 6 位、12 位区划代码。
CREATE OR REPLACE MACRO license_identifier_issuer_ok(code) AS
    regexp_full_match(
        string_split(code, '.')[7], '[0-9A-HJ-NPQRTUWXY]{18}|[0-9]{6}|[0-9]{12}'
    );

-- 校验位：根以外各段去点相连，按 ISO 7064 MOD 37,36。
CREATE OR REPLACE MACRO license_identifier_check_ok(code) AS
    CASE
        WHEN license_identifier_form_ok(code) THEN iso7064_ok(
            replace(substr(code, 16), '.', ''), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
        )
        WHEN code IS NOT NULL THEN false
    END;

CREATE OR REPLACE MACRO license_identifier_is_valid(code) AS
    license_identifier_check_ok(code) AND license_identifier_issuer_ok(code);

-- ── 排污许可证编号 HJ 608-2017 ─────────────────────────────────────────────────────────────────

CREATE OR REPLACE MACRO discharge_permit_no_length_ok(code) AS length(code) = 22;

-- 没有统一社会信用代码的单位：H9 或 HB、6 位区划、9 位组织机构代码或顺序码、1 位字母。
CREATE OR REPLACE MACRO discharge_permit_no_without_uscc(code) AS
    regexp_matches(code, '^H[9B][0-9]{6}[0-9A-Z]{9}[A-Z]');

-- 形式：18 位统一社会信用代码、3 位顺序码、1 位标识字母。
CREATE OR REPLACE MACRO discharge_permit_no_form_ok(code) AS
    length(code) = 22
    AND (uscc_alphabet_ok(substr(code, 1, 18)) OR discharge_permit_no_without_uscc(code))
    AND regexp_full_match(substr(code, 19), '[0-9]{3}[A-Z]');

CREATE OR REPLACE MACRO discharge_permit_no_check_ok(code) AS
    CASE
        WHEN discharge_permit_no_form_ok(code)
            THEN discharge_permit_no_without_uscc(code) OR uscc_check_ok(substr(code, 1, 18))
        WHEN code IS NOT NULL THEN false
    END;

CREATE OR REPLACE MACRO discharge_permit_no_is_valid(code) AS discharge_permit_no_check_ok(code);
