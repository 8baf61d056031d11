"""What is wrong with a delivery as a whole, or with a whole column of it.

Belongs here: judging a delivery by its date, its deliverer's earlier deliveries and its columns'
profiles. None of it holds anything up: these are findings beside the data. Does not belong here:
single rows (`quality.rules`), why a file cannot be used (`warehouse.intake`), what never came
(`quality.punctuality`). The words for agencies stand in `quality.ledger.wording`.
"""
