-- 信用信息的公示期限，也供分析人员使用。

-- 公示的最后一天：公示截止期与行为终了满五年两者中的先到之日；都没有的为空。
-- 依据：《山东省社会信用条例》第三十八条。
CREATE OR REPLACE MACRO disclosed_until(disclosure_ends_on, conduct_ended_on) AS
    least(CAST(disclosure_ends_on AS DATE), CAST(conduct_ended_on + INTERVAL 5 YEAR AS DATE));
