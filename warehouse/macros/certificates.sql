-- 证照在某一天的状态，也供分析人员使用。

-- status：证照状态代码（license_status）；changed_on：登记为无效的日期；
-- holder_ended_on：持证人死亡或注销的日期，脱敏后只到月的为文本“YYYY-MM”，按月判断。
CREATE OR REPLACE MACRO certificate_state(
    status, changed_on, valid_from, valid_to, holder_in, holder_ended_on, day
) AS
    CASE
        WHEN status IN ('01', '03', '04', '05', '09') AND coalesce(changed_on, day::DATE) <= day::DATE
            THEN CASE status
                WHEN '01' THEN '已换发' WHEN '03' THEN '已注销' WHEN '04' THEN '已撤销'
                WHEN '05' THEN '已吊销' WHEN '09' THEN '失效'
            END
        WHEN holder_ended_on::VARCHAR
                <= left(day::DATE::VARCHAR, length(holder_ended_on::VARCHAR))
            THEN CASE holder_in
                WHEN 'population.person' THEN '持证人已死亡' ELSE '持证人已注销'
            END
        WHEN valid_to < day::DATE THEN '过期'
        WHEN status = '02' AND coalesce(changed_on, day::DATE) <= day::DATE THEN '过期'
        WHEN valid_from > day::DATE THEN '未生效'
        ELSE '有效'
    END;
