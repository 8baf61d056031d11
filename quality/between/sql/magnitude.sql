-- 以万元填写元，或以元填写万元。
-- One row: an amount that is ten thousand times too small (of a column in 元) or too large (in 万元),
-- by what stands nearest to it: the total and the other parts of it, the same account's bills, the
-- capital it is a share of, the text of the decision, the same series' other months, else the same
-- dataset's other rows. An amount that its own row rule accuses is left to that rule.
with
-- A part that makes up, ten thousand times itself, what the total lacks; what it had beyond hundredths
-- of 元 was cut, so the product may be 50 元 off. A row whose parts don't add up has failed a rule of
-- its own, by which few rows are left to look at.
parts as (
    select 'medical_insurance/settlements' as dataset, _agency, _key, _delivery, _row,
        unnest(['drug', 'examination', 'treatment', 'material', 'fund', 'personal']) as "column",
        unnest([drug, examination, treatment, material, fund, personal]) as value,
        unnest([
            total - examination - treatment - material,
            total - drug - treatment - material,
            total - drug - examination - material,
            total - drug - examination - treatment,
            total - personal,
            total - fund
        ]) as due,
        '按合计推算' as basis
    from standard.medical_insurance.settlements
    where _failed <> 0
    union all
    select 'human_resources/contributions', _agency, _key, _delivery, _row,
        unnest(['employer_amount', 'personal_amount', 'paid_amount']),
        unnest([employer_amount, personal_amount, paid_amount]),
        unnest([total - personal_amount, total - employer_amount, due_amount]),
        unnest(['按合计推算', '按合计推算', '按应缴金额推算'])
    from standard.human_resources.contributions
    where _failed <> 0 or paid_amount < 50
),
of_totals as (
    select dataset, _agency, _key, _delivery, _row, "column", value,
        basis || '应约为 ' || due || ' 元' as detail
    from parts
    where value > 0 and due > 100 and abs(value * 10000 - due) <= 50.01
),
bills as (
    select 'gas_supply/bills' as dataset, _agency, _key, _delivery, _row, account_no, amount, arrears
    from standard.gas_supply.bills
    union all
    select 'heat_supply/bills', _agency, _key, _delivery, _row, account_no, amount, arrears
    from standard.heat_supply.bills
    union all
    select 'power_grid/bills', _agency, _key, _delivery, _row, account_no, amount, arrears
    from standard.power_grid.bills
    union all
    select 'water_supply/bills', _agency, _key, _delivery, _row, account_no, amount, arrears
    from standard.water_supply.bills
),
-- Arrears are a few months' bills: they are never a five-hundredth of one.
small_arrears as (
    select * from bills where arrears > 0 and arrears < 10 and account_no is not null
),
accounts as (
    select dataset, account_no, median(amount) as usual
    from bills
    semi join small_arrears using (dataset, account_no)
    where amount > 0
    group by all
    having count(*) >= 3
),
of_accounts as (
    select dataset, _agency, _key, _delivery, _row, 'arrears' as "column", arrears as value,
        '该户账单一般约 ' || usual::decimal(18, 2) || ' 元' as detail
    from small_arrears
    join accounts using (dataset, account_no)
    where arrears * 500 < usual and arrears * 10000 between usual * 0.3 and usual * 24
),
-- Nobody pays in a hundred times what is subscribed. A firm of which all holders did has its capital
-- wrong, and nothing is said. Where the capital is not known the other holders stand for it.
holders as (
    select holder._agency, holder._key, holder._delivery, holder._row, holder.uscc,
        holder.paid_in as value, holder.share_percent::double as share,
        if(coalesce(currency, 'CNY') = 'CNY' and registered_capital >= 1000,
            registered_capital / 10000, null) * holder.share_percent / 100 as subscribed
    from standard.market_supervision.shareholders as holder
    left join standard.market_supervision.business_entities as firm using (uscc)
    where holder.share_percent > 0 and holder.share_percent <= 100 and holder.paid_in > 0
),
holdings as (
    select *, count(*) over firm as holders, min(value / subscribed) over firm as least,
        quantile_disc(value / share, 0.5) over firm * share as usual
    from holders
    window firm as (partition by uscc)
),
of_capital as (
    select 'market_supervision/shareholders' as dataset, _agency, _key, _delivery, _row,
        'paid_in' as "column", value,
        if(subscribed is null, '按其他股东的实缴情况推算约为 ', '按注册资本和持股比例，认缴约 ')
            || coalesce(subscribed, usual)::decimal(18, 2) || ' 万元' as detail
    from holdings
    where (
        value between subscribed * 100 and subscribed * 20000
        and (holders = 1 or least < 100)
    ) or (subscribed is null and holders > 1 and value between usual * 1000 and usual * 20000)
),
decisions as (
    select _agency, _key, _delivery, _row, unnest(['fine_amount', 'confiscated_amount']) as "column",
        unnest([fine_amount, confiscated_amount]) as value,
        unnest([
            regexp_extract(content, '罚款(?:人民币)?([0-9]+(?:\.[0-9]+)?)元', 1),
            regexp_extract(content, '没收违法所得(?:人民币)?([0-9]+(?:\.[0-9]+)?)元', 1)
        ]) as stated
    from standard.development_reform.administrative_penalties
),
of_decisions as (
    select 'development_reform/administrative_penalties' as dataset, _agency, _key, _delivery, _row,
        "column", value, '处罚内容写明 ' || stated || ' 元' as detail
    from decisions
    where stated <> '' and value > 0 and abs(value - try_cast(stated as decimal(38, 6))) <= 0.01
),
months as (
    select 'medical_insurance/fund_income' as dataset, _agency, _key, _delivery, _row,
        concat_ws('/', insurance_type, division) as series,
        unnest(['income', 'other_income']) as "column", unnest([income, other_income]) as value
    from standard.medical_insurance.fund_income
    union all
    select 'state_assets/financial_reports', _agency, _key, _delivery, _row,
        concat_ws('/', uscc, basis),
        unnest([
            'assets', 'liabilities', 'revenue', 'profit', 'opening_capital', 'closing_capital'
        ]),
        unnest([assets, liabilities, revenue, profit, opening_capital, closing_capital])
    from standard.state_assets.financial_reports
),
series as (
    -- The lower of two middle values: the other may be the wrong one.
    select dataset, series, "column", quantile_disc(abs(value), 0.5) as usual
    from months
    where value <> 0
    group by all
    having count(*) >= 3
),
of_series as (
    select dataset, _agency, _key, _delivery, _row, "column", value,
        '同一单位其他月份一般约 ' || usual::decimal(18, 2) || ' 万元' as detail
    from months
    join series using (dataset, series, "column")
    where abs(value) between usual * 1000 and usual * 100000
),
-- Peers: rows of one kind. An amount is out of scale when it is a fiftieth of what nineteen in twenty
-- have, or fifty times it, and would be an ordinary one in the other unit.
rows_alike as (
    select 'housing_fund/accounts' as dataset, _agency, _key, _delivery, _row,
        'balance' as "column", status as kind, balance as value, false as in_wan
    from standard.housing_fund.accounts
    union all
    select 'civil_affairs/minimum_living_allowance', _agency, _key, _delivery, _row,
        unnest(['monthly_amount', 'declared_income']), '',
        unnest([monthly_amount, declared_income]), false
    from standard.civil_affairs.minimum_living_allowance
    union all
    select 'housing/construction_permits', _agency, _key, _delivery, _row, 'cost', '', cost, true
    from standard.housing.construction_permits
    where area is null or area = 0
),
peers as (
    select dataset, "column", kind, quantile_cont(value, 0.05) as low,
        quantile_cont(value, 0.95) as high
    from rows_alike
    where value > 0
    group by all
    having count(*) >= 20
),
of_peers as (
    select dataset, _agency, _key, _delivery, _row, "column", value,
        '同类数据一般在 ' || low::decimal(18, 2) || ' 至 ' || high::decimal(18, 2)
            || if(in_wan, ' 万元之间', ' 元之间') as detail
    from rows_alike
    join peers using (dataset, "column", kind)
    where if(
        in_wan,
        value > high * 50 and value / 10000 between low / 5 and high * 5,
        value > 0 and value < low / 50 and value * 10000 between low / 5 and high * 5
    )
)
select dataset, _agency as agency, _key as key, "column", _delivery as delivery, _row as row,
    regexp_replace(value::varchar, '\.?0+$', '') as value, detail
from (
    from of_totals union all from of_accounts union all from of_capital
    union all from of_decisions union all from of_series union all from of_peers
)
