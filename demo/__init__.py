"""Synthetic deliveries: `demo/sample/` holds five shapes with known defects.

Belongs here: making invented data and the labels of the defects put into it. Judging data does
not: the labels must stay independent of the rules they are compared with.
"""
