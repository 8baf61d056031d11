-- 证照类型目录。一行：一个证照类型。来源：代码表 license_types。
select code, name from code_rows where code_table = 'license_types'
