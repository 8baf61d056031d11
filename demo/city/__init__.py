"""A synthetic city of any size: coherent, the same for a seed, made in pieces.

Belongs here: the city's contents before any defect, and writing them as deliveries. The defects
and their labels are laid over the frames between making and writing.

The public core:

`City(catalog, residents, seed, day)` (`demo.city.city`) is the city. Its parts are made when asked,
each from the `Basis` (`demo.city.basis`) and the parts before it, so that imports go one way:
`city.scale` (counts), `city.places` (divisions, addresses with points inside their county),
`city.people` (arrays over residents: sex, born, died, household, address, id_no, name, …),
`city.units` (firms, public bodies, social organisations: uscc, name, industry, division, status,
dates, legal representative), `city.work` (employees with employers, pensioners, pupils with
schools). `city.draws(stream)` gives a stream of counter-based randomness (`demo.city.rng.Draws`):
a value is a pure function of (seed, stream, index, draw), whatever the chunks and processes.

`tables()` (`demo.city.table`) gives each dataset's `Table`: `slots(city)`, `rows(city, start,
stop) -> pl.DataFrame` with the catalogue's column ids and standard values, `chunks(city)`,
`frame(city)`. A dataset is added by decorating its function in a module of `demo.city.domains`:

    @table("agency/dataset", slots=lambda city: city.scale.rows("agency/dataset"))
    def dataset(city: City, start: int, stop: int) -> pl.DataFrame: ...

Columns whose name begins with `_` are not written: `_division` names the division whose bureau
delivers the row, where the dataset has no column `division`.

What several domains need: `demo.city.lives` (when something may happen to a unit, who is of age),
`demo.city.offices` (which agency or town government is in charge where), `demo.city.workdays`,
`demo.city.odds` (many small draws of one hash, for datasets of tens of millions of rows).

`Rendering(dataset, catalog, form).text(frame)` (`demo.city.render`) turns standard values into the
text that an agency writes: String columns by column id, the order of rows unchanged. `writer(path,
headers, form)` (`demo.city.write`) puts such text frames into a file, with the catalogue's Chinese
headers, in the form (`demo.city.form`) declared in `formats.yaml`. `deliver(city, out, what)`
(`demo.city.deliver`) writes every dataset on every day, split among its deliverers, with two
processes; `what` says how many days, how many defects, and where their labels go. A `Job`
(`demo.city.jobs`) is one dataset's part of that, done at a `Desk` (`demo.city.desk`).

Between rendering and writing, `demo.city.defects` plants what `defects.yaml` declares, and
`demo.city.days` lets rows come, change and go, and deliveries go wrong, as `days.yaml` declares.
`demo.score` holds the findings of the lakehouse against the labels; `demo.detection` does it all.
"""
