"""What is made, layer by layer: raw, standard, base and thematic tables, the published files.

Belongs here: Dagster assets, their SQL models beside them, and the plain functions that run them.
Does not belong here: how a file is read or a table is stored (`warehouse`), what is right
(`quality`), when it is made (`pipelines`). Importing this package alone imports no Dagster, so that
the functions can be used without it.
"""
