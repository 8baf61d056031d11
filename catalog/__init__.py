"""What is declared: agencies, datasets, data elements, code tables.

Belongs here: the YAML and CSV declarations, the models that load them, and the checks that hold
across files. Does not belong here: anything that reads data, and any import of Dagster, DuckDB,
Polars or Delta: the catalogue loads in a blink.
"""
