-- Every record with what was found for it: the columns of the lake's table of links. Reads
-- linking_decided (what code and name decided) and linking_weighed (no, uscc, score, evidence: of
-- each record the candidates, best first by score and code); `threshold()` is what a score must
-- reach, `near()` what no other candidate's may.
with weighed as (
    select no,
        list(uscc order by score desc, uscc)[:5] as usccs,
        list(score order by score desc, uscc) as scores,
        first(evidence order by score desc, uscc) as evidence
    from linking_weighed
    group by no
),
found as (
    select no, linked, method, score, alternatives, evidence from linking_decided
    union all
    select no,
        case when scores[1] >= threshold() and coalesce(scores[2], 0) < near() then usccs[1] end,
        'weighed',
        scores[1],
        case when scores[1] >= threshold() and coalesce(scores[2], 0) < near() then usccs[2:]
            else usccs end,
        case
            when scores[1] < threshold() then '没有足够相近的登记主体：' || evidence
            when scores[2] >= near() then '相近的登记主体不止一个：' || evidence
            else evidence
        end
    from weighed
)
select records.dataset, records.agency, records.key, records.base_table, found.linked, found.method,
    round(found.score, 4) as score, coalesce(found.alternatives, []) as alternatives,
    coalesce(
        found.evidence,
        case when records.name is null then '没有名称和合格的代码' else '登记信息中没有相同或者相近的主体' end
    ) as evidence,
    records.local
from linking_records as records
left join found using (no)
order by dataset, agency, key
