"""Figures and campaigns that are too long for tests: speed, memory, kills.

Belongs here: what runs the `lakehouse` command from outside and measures or compares. Every run
has a home of its own in a temporary folder.
"""
