"""Rules between datasets: what only a look at several rows, or at other agencies' data, shows.

Belongs here: the declarations (`rules.yaml`), their SQL (`sql/`), reading and running them. Does
not belong here: rules that one row can break (`quality.rules`), faults of a whole delivery, and
keeping the ledger (`quality.ledger`).
"""
