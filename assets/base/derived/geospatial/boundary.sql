-- 行政区界线。一行：一个区县。来源：catalog/geography/zibo_districts.geojson。
select division, name, wkt from boundary_rows
