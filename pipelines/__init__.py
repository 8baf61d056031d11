"""When and how things are made: Dagster definitions, the run, the sensor, the command line.

Belongs here: putting assets into jobs and commands. Does not belong here: making anything.
"""
