-- 读值宏：空白、占位词（暂无、N/A、- 等）、全角与半角。
--
-- 每个宏只看传入的文本，不依赖任何表，可在任何 DuckDB 中使用；除 is_blank 外，空值返回空值。
--
-- Stated apart from quality/standards/text.py on purpose; a test holds the two lists of null words
-- against each other. DuckDB's RE2 knows only ASCII in \s, so blanks are listed: Unicode
-- White_Space. Invisible: control, zero-width and direction characters, without the variation
-- selectors, which distinguish rare characters in names.

-- 不可见字符：控制符、零宽字符、方向符。
CREATE OR REPLACE MACRO without_invisible(v) AS
    regexp_replace(
        v,
        '[\x00-\x08\x0E-\x1F\x7F-\x{84}\x{86}-\x{9F}\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{3164}\x{FEFF}\x{FFA0}\x{FFF9}-\x{FFFB}]+',
        '',
        'g'
    );

-- 全角字母、数字转半角；标点不变（《标点符号用法》GB/T 15834 的标点是全角的）。
CREATE OR REPLACE MACRO halfwidth_alphanumeric(v) AS
    translate(
        v,
        '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
        '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    );

-- 全角字母、数字、符号一律转半角，各种横线转 -：只用于代码、数字、日期、金额。
CREATE OR REPLACE MACRO halfwidth(v) AS
    translate(
        halfwidth_alphanumeric(v),
        '！＂＃＄％＆＇（）＊＋，－．／：；＜＝＞？＠［＼］＾＿｀｛｜｝～‐‑‒–—―−﹣。￥',
        '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~--------.¥'
    );

-- 文字（名称、地址、经营范围）：去不可见字符，全角字母数字转半角，空白合并为一个，去首尾空白。
CREATE OR REPLACE MACRO running_text(v) AS
    trim(
        regexp_replace(
            halfwidth_alphanumeric(without_invisible(v)),
            '[\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]+',
            ' ',
            'g'
        )
    );

-- 符号（代码、数字、日期、金额）：去不可见字符和全部空白，全角转半角，去首尾引号。
CREATE OR REPLACE MACRO symbol_text(v) AS
    trim(
        regexp_replace(
            halfwidth(without_invisible(v)),
            '[\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]+',
            '',
            'g'
        ),
        '''"`‘’“”′'
    );

-- 没有值：空值，或只有空白和不可见字符。
CREATE OR REPLACE MACRO is_blank(v) AS
    v IS NULL OR NOT regexp_matches(
        v,
        '[^\x00-\x08\t-\r\x0E-\x20\x7F-\x{A0}\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{1680}\x{17B4}\x{17B5}\x{180E}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}-\x{206F}\x{3000}\x{3164}\x{FEFF}\x{FFA0}\x{FFF9}-\x{FFFB}]'
    );

-- 占位词表：表示“没有值”的写法，不分大小写（GB/T 36344-2018 规范性、完整性）。
-- A list, not IN: DuckDB makes a join of a long IN, and evaluates its left side for every row even
-- inside a CASE that would spare most.
CREATE OR REPLACE MACRO is_listed_null_word(v) AS
    list_contains(
        [
            '\n', 'null', '(null)', 'none', 'nan', 'nil', 'na', 'n/a', '#n/a', '#null!', '#ref!',
            '#value!', '#name?', '#div/0!', '#num!', 'undefined', '-', '--', '---', '-;', ';', '/',
            '//', '\', '—', '——', '－', '／', '暂无', '暂无数据', '无', '无数据', '空', '空值', '空白',
            '没有'
        ],
        lower(v)
    );

-- 可能是占位词：只含占位词用到的字、空白、不可见字符和引号。多数值看第一个字便可排除，不必规范化。
CREATE OR REPLACE MACRO may_be_null_word(v) AS
    NOT regexp_matches(
        v,
        '[^\\nuloaeidfrvmNULOAEIDFRVMｎｕｌｏａｅｉｄｆｒｖｍＮＵＬＯＡＥＩＤＦＲＶＭ0０()（）#＃!！?？/／;；＼‐-―−﹣－\-''"`＇＂｀‘’“”′暂无数据空值白没有\x00-\x08\t-\r\x0E-\x20\x7F-\x{A0}\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{1680}\x{17B4}\x{17B5}\x{180E}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}-\x{206F}\x{3000}\x{3164}\x{FEFF}\x{FFA0}\x{FFF9}-\x{FFFB}]'
    );

-- 文字是占位词（先按文字规范化）。
CREATE OR REPLACE MACRO is_null_word(v) AS
    CASE
        WHEN NOT may_be_null_word(v) THEN false
        WHEN is_listed_null_word(v) THEN true
        ELSE is_listed_null_word(running_text(v))
    END;

-- 代码、数字、金额等列的值是占位词（先按符号规范化）。
CREATE OR REPLACE MACRO is_null_symbol(v) AS
    CASE
        WHEN NOT may_be_null_word(v) THEN false
        WHEN is_listed_null_word(v) THEN true
        ELSE is_listed_null_word(symbol_text(v))
    END;

-- 代码、数字、金额等列没有值：只有空白、不可见字符和引号。
CREATE OR REPLACE MACRO is_blank_symbol(v) AS
    v IS NULL OR NOT regexp_matches(
        v,
        '[^''"`＇＂｀‘’“”′\x00-\x08\t-\r\x0E-\x20\x7F-\x{A0}\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{1680}\x{17B4}\x{17B5}\x{180E}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}-\x{206F}\x{3000}\x{3164}\x{FEFF}\x{FFA0}\x{FFF9}-\x{FFFB}]'
    );

-- 电话：手机；带或不带区号、分机的固定电话；400、800；三至五位的服务号码。
CREATE OR REPLACE MACRO phone_form_ok(v) AS
    regexp_full_match(
        v,
        '1[3-9][0-9]{9}|(0[0-9]{2,3})?[2-9][0-9]{6,7}(-[0-9]{1,6})?|[48]00[0-9]{7}|1[0-9]{2,4}|9[0-9]{4}'
    );

-- 单位名称的可比形式：空白、全角半角、括号样式、大小写、间隔号、引号、“（个体工商户）”后缀的差别不计。
CREATE OR REPLACE MACRO plain_name(v) AS
    regexp_replace(
        translate(
            upper(halfwidth(running_text(v))),
            '〔〕【】[]{}〈〉《》　 ·•・‧∙｡“”‘’"''',
            '()()()()'
        ),
        '\(个体工商户\)$',
        ''
    );
