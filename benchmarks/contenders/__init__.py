"""Ways to check the persons of `benchmarks.persons`, each in a process of its own.

Belongs here: one module for each, `python -m benchmarks.contenders.<name> FOLDER`, and the frame
they share: reading `FOLDER/persons.csv` is part of the time, importing libraries is not. What is
printed last is JSON: `seconds`, and by rule which rows fail. Every contender names the rows, since
an agency can't correct a number.
"""
