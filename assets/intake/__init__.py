"""From the landing folder to raw and standard tables, and back: taking in, settling, undoing.

Belongs here: deciding about a delivery and writing what it brings, in the order that survives a
kill. Does not belong here: reading files (`warehouse.intake`), judging rows (`quality`), Dagster
(`assets.definitions`).
"""
