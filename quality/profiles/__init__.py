"""Profiles (数据探查): what the columns of a delivery look like, in numbers and shapes.

Belongs here: measuring one delivery's columns. Does not belong here: judging by them
(`quality.deliveries`), storing and showing them (`assets`).
"""

from quality.profiles.measure import SAMPLE_ROWS, Profiled, profiles_of, sample
from quality.profiles.model import PROFILES, QUANTILES
from quality.profiles.withheld import columns_without_top

__all__ = [
    "PROFILES",
    "QUANTILES",
    "SAMPLE_ROWS",
    "Profiled",
    "columns_without_top",
    "profiles_of",
    "sample",
]
