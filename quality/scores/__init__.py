"""Scores: the six dimensions of GB/T 36344-2018 as X = A / B, and the four words of article 16.

What is counted. B is the number of things that were asked, A those that are right; both are stored,
so that anyone can divide again. What is asked:

- A *cell* is asked once for a dimension, however many rules of that dimension its column has: a
  column with six checks weighs no more than one with a single check, and a rule that never fails
  anything adds nothing to a score. A required column is asked of every row; any other only where
  something was delivered. A cell that an earlier check of another dimension failed was not asked
  further (what is no date has no right or wrong year), so it counts neither way.
- A *row* is asked a rule over several columns where all of them hold something, or where it fails;
  rules about missing values are asked of every row.
- A *row* is asked for its key, and a *record* whether it can be read at all.
- A *delivery* is asked whether it could be taken in (可访问性); a delivery late against its
  dataset's cycle is late in each of its rows (时效性), for a lone unit would vanish beside them.
- A deliverer's part of a *dataset* is asked once whether it is there in time (时效性), from its
  second delivery on or as soon as one is missing: overdue, or never delivered at all.

Only errors count against anybody. A query is an anomaly that may be right: it is asked about in the
report and takes no point, and a rule whose findings are queries alone takes no part in B either.
Nor does a rule between datasets that could not be asked: what nobody judged is no pass. Only while
findings of it stand, it counts with all that it asks of: that we fail to ask makes nobody better.

Of what. A *delivery* is scored by its own rows, once it is taken in or refused. A *dataset* and an
*agency* are scored by what is now: current rows and open defects. The grain is one deliverer's part
of one dataset; a dataset is the sum of its deliverers' parts, an agency the sum of the parts that
it delivers. So both are added up, and never estimated. Places among peers are not given: agencies
deliver different things, and a place among unlike ones says nothing about quality.

The four words are the plain mean of the dimensions that `scores.yaml` maps to them, each dimension
one voice: pooled, one refused delivery would vanish beside millions of right cells.

Belongs here: what is asked (`items`), counting it (`counts`), what there is now (`parts`), when it
is counted anew (`compute`), the stored lines (`table`), the mapping (`settings`). Does not belong
here: judging rows (`quality.rules`, `quality.between`) and showing scores (`quality.reports`,
`assets.published`).
"""
