"""The rows of the datasets, one module an agency or a few.

Belongs here: which facts of the city a dataset tells, and the facts that no other dataset needs.
What several need (people, units, work, places) stands in `demo.city`.
"""
