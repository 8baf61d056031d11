-- 主体编号的校验宏：个人证件号码，以及既可能是单位也可能是个人的编号。
--
-- 每个宏只看传入的文本，不依赖任何表；空值返回空值。传入的应是规范写法（半角、大写、无空格，15 位
-- 身份号码已升为 18 位）。“..._is_valid” 是全部必须项；疑问项不计入。

-- 看来是公民身份号码：15 位，或 17 至 18 位数字（末位可为 X），含遮盖的；或科学计数法。
CREATE OR REPLACE MACRO looks_like_id_no(code) AS
    regexp_full_match(
        code, '[0-9*]{15}|[0-9*]{16,17}[0-9X*]|[0-9](\.[0-9]+)?E\+[0-9]+'
    );

-- 港澳台居民居住证（810000、820000、830000）和外国人永久居留身份证（9 开头）：与公民身份号码同构，
-- 前 6 位不是行政区划。
CREATE OR REPLACE MACRO id_no_of_residence_permit(code) AS
    substr(code, 1, 6) IN ('810000', '820000', '830000') OR starts_with(code, '9');

-- 其他证件：字母和数字都有的 7 至 12 位（护照、通行证等）；旧版外国人居留证，3 个字母 12 位数字；
-- 8 至 10 位数字（台湾居民来往大陆通行证、一些国家的护照）；军人证件“某字第…号”。
CREATE OR REPLACE MACRO other_document_form_ok(code) AS
    (
        regexp_full_match(code, '[0-9A-Z]{7,12}')
        AND regexp_matches(code, '[0-9]')
        AND regexp_matches(code, '[A-Z]')
    )
    OR regexp_full_match(code, '[A-Z]{3}[0-9]{12}')
    OR regexp_full_match(code, '[0-9]{8,10}')
    OR regexp_full_match(code, '\p{Han}{1,4}字第?[0-9]{4,10}号?');

CREATE OR REPLACE MACRO document_no_is_valid(code) AS
    CASE WHEN looks_like_id_no(code) THEN id_no_is_valid(code)
        ELSE other_document_form_ok(code) END;

-- 统一社会信用代码，连同疑问项都合格。
CREATE OR REPLACE MACRO uscc_is_sound(code) AS
    uscc_is_valid(code) AND uscc_inner_is_valid(code) AND uscc_department_known(code);

-- 不是 18 位而合格的主体编号：其他证件，或 15 位工商注册号。
CREATE OR REPLACE MACRO subject_no_short_ok(code) AS
    other_document_form_ok(code)
    OR (length(code) = 15 AND registration_no_is_valid(code));

CREATE OR REPLACE MACRO subject_no_is_valid(code) AS
    CASE WHEN length(code) = 18 THEN uscc_is_valid(code) OR id_no_is_valid(code)
        ELSE subject_no_short_ok(code) END;
