"""Where data lives: intake of deliveries, the Delta lake, the SQL engine over it, macros, and the
published DuckDB files.

Not here: what is right (`quality`), what is made and when (`assets`, `pipelines`). Nothing in this
package imports Dagster.
"""
