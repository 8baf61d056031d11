-- 指标目录。一行：一个指标。来源：代码表 indicators；推算指标见 derived_series.sql。
select code, name, false as derived from code_rows where code_table = 'indicators'
union all
from (values
    ('D01', '新设经营主体数（按行业大类）', true),
    ('D02', '社会保险参保人数（按险种）', true)
)
