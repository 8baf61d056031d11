-- 物的编号和期间的校验宏：CAS 号、不动产单元号、疾病编码、号牌号码、期间。
--
-- 每个宏只看传入的文本，不依赖任何表；空值返回空值。传入的应是规范写法（半角、无空格）。
-- “..._is_valid” 是全部必须项；疑问项（“..._known”“..._agrees”）不计入。

-- ── 化学物质登记号（CAS 号） ───────────────────────────────────────────────────────────────────

CREATE OR REPLACE MACRO cas_no_form_ok(code) AS
    regexp_full_match(code, '[1-9][0-9]{1,6}-[0-9]{2}-[0-9]');

-- 校验码：前面各位由右至左乘以 1、2、3 …，Σ mod 10。
CREATE OR REPLACE MACRO cas_no_check_ok(code) AS
    CASE
        WHEN cas_no_form_ok(code) THEN weighted_sum(
            lpad(replace(code, '-', ''), 10, '0'), '0123456789', [9, 8, 7, 6, 5, 4, 3, 2, 1, -1]
        ) % 10 = 0
        WHEN code IS NOT NULL THEN false
    END;

CREATE OR REPLACE MACRO cas_no_is_valid(code) AS cas_no_check_ok(code);

-- ── 不动产单元号 GB/T 37346-2019 ───────────────────────────────────────────────────────────────

CREATE OR REPLACE MACRO real_estate_unit_no_length_ok(code) AS length(code) = 28;

-- 6 位区划、3 位地籍区、3 位地籍子区；所有权 G 国家、J 集体、Z 争议，1 位宗地特征，5 位宗地顺序号；
-- 定着物 F 房屋、L 林木、Q 其他、W 无，8 位定着物单元号。
CREATE OR REPLACE MACRO real_estate_unit_no_form_ok(code) AS
    regexp_full_match(code, '[0-9]{6}[0-9]{3}[0-9]{3}[GJZ][A-Z][0-9]{5}[FLQW][0-9]{8}');

-- 无定着物的单元号为 00000000。疑问项。
CREATE OR REPLACE MACRO real_estate_unit_no_fixture_agrees(code) AS
    substr(code, 20, 1) <> 'W' OR substr(code, 21) = '00000000';

CREATE OR REPLACE MACRO real_estate_unit_no_division_known(code) AS division_in_a_province(code);

CREATE OR REPLACE MACRO real_estate_unit_no_is_valid(code) AS real_estate_unit_no_form_ok(code);

-- ── 疾病编码 GB/T 14396-2016（ICD-10）及国家临床版、医保版的扩展 ───────────────────────────────

-- 类目 1 个字母 2 位数字；亚目、扩展码在小数点后，没有细分的位用小写 x；+、* 为剑号、星号。
CREATE OR REPLACE MACRO icd10_form_ok(code) AS
    regexp_full_match(code, '[A-Z][0-9]{2}(\.[0-9x][0-9]{0,3}(x[0-9]{3})?)?[+*]?');

CREATE OR REPLACE MACRO icd10_is_valid(code) AS icd10_form_ok(code);

-- ── 机动车号牌 GA 36-2018 ──────────────────────────────────────────────────────────────────────

CREATE OR REPLACE MACRO plate_no_province_ok(code) AS
    contains('京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新', left(code, 1))
    AND code <> '';

CREATE OR REPLACE MACRO plate_no_length_ok(code) AS length(code) IN (7, 8);

-- 普通号牌：发牌机关 1 位字母，序号 5 位数字或字母（不用 I、O），末位可为“挂学警港澳领超试”。
CREATE OR REPLACE MACRO plate_no_ordinary_ok(code) AS
    regexp_full_match(
        substr(code, 2), '[A-HJ-Z][0-9A-HJ-NP-Z]{4}[0-9A-HJ-NP-Z挂学警港澳领超试]'
    );

-- 新能源号牌：小型车序号首位字母、第二位字母或数字、后四位数字；大型车前五位数字、末位字母。
-- 字母 A–E 纯电动，F–K（不用 I）非纯电动。
CREATE OR REPLACE MACRO plate_no_new_energy_ok(code) AS
    regexp_full_match(
        substr(code, 2), '[A-HJ-Z]([A-HJK][0-9A-HJ-NP-Z][0-9]{4}|[0-9]{5}[A-HJK])'
    );

CREATE OR REPLACE MACRO plate_no_is_valid(code) AS
    plate_no_province_ok(code) AND (plate_no_ordinary_ok(code) OR plate_no_new_energy_ok(code));

-- ── 期间：年 2026、季 2026Q1、月 2026-09 ───────────────────────────────────────────────────────

CREATE OR REPLACE MACRO period_form_ok(code) AS
    regexp_full_match(code, '[0-9]{4}(-[0-9]{2}|Q[0-9])?');

-- 期间的第一日；写法不对或没有这样的季、月时为空。
CREATE OR REPLACE MACRO period_first_day(code) AS
    CASE
        WHEN regexp_full_match(code, '[0-9]{4}') THEN TRY_CAST(code || '-01-01' AS DATE)
        WHEN regexp_full_match(code, '[0-9]{4}-[0-9]{2}') THEN TRY_CAST(code || '-01' AS DATE)
        WHEN regexp_full_match(code, '[0-9]{4}Q[1-4]') THEN TRY_CAST(
            left(code, 4) || '-' || (TRY_CAST(right(code, 1) AS INTEGER) * 3 - 2) || '-1' AS DATE
        )
    END;

-- 年份在 1949 至 2098 之间，季为 1 至 4，月为 1 至 12。
CREATE OR REPLACE MACRO period_range_ok(code) AS
    CASE WHEN code IS NOT NULL
        THEN coalesce(year(period_first_day(code)) BETWEEN 1949 AND 2098, false) END;

CREATE OR REPLACE MACRO period_is_valid(code) AS period_range_ok(code);
