"""What is wrong with the city's deliveries: planted on purpose, and labelled.

Belongs here: damaging rows between rendering and writing, and saying what was damaged. What can be
wrong, where, and what finds it is declared in `demo/city/defects.yaml`; whole columns and whole
deliveries, and what happens from day to day, in `demo/city/days.yaml`.

`kinds` reads the declaration and finds the columns that a kind can hit, `plan` says how often,
`choice` chooses the rows and applies the damages, which `cells`, `numbers`, `places` and `subjects`
hold, and `lay` says what is written of them on each day; `variations` are right values in another
form, `files` odd deliveries, `labels` what is written down.

What is wrong only beside other rows is planted where those show it, on every day: readings that
stand still together come, are put right and relapse together, and a record on which a defect
elsewhere rests has none itself.

A row has one defect at most. Which one follows from the seed, the dataset and the row's key: from
neither the chunk nor the process it is made in. Keys are hashed by Polars (xxHash), so the choice
is the same wherever the locked version runs.
"""
