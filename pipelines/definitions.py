"""What Dagster loads: the definitions over this project's catalogue."""

from pipelines.graph import build_definitions

defs = build_definitions()
