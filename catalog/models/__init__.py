"""The models of catalogue entries, one module for each kind of declaration.

Belongs here: the shape of one declaration and what can be checked within it. What must hold
between declarations stands in `catalog.checks`; reading the files stands in `catalog.load`.
"""
