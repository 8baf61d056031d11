"""The base databases: entities, each value from its standard source and saying so.

Belongs here: one folder for each database with its SQL models and what they declare, and the module
that runs a model. Does not belong here: Dagster (`assets.definitions`), publication
(`assets.published`).
"""
