"""What holds for all tests: none is judged by the clock, examples of properties included."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
