"""The command line's part about the base databases: `lakehouse why …`.

Belongs here: commands that look into base tables. Each imports what it needs when called.
"""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli_catalog import fail, usable_catalog


def why(
    table: Annotated[str, typer.Argument(help="Base table, e.g. legal_person.entity.")],
    key: Annotated[
        str, typer.Argument(help="The subject's key; its parts, where there are several, with |.")
    ],
    column: Annotated[str | None, typer.Argument(help="Only this column.")] = None,
) -> None:
    """Where each value of a base table comes from: agency, dataset, delivery, row, and why.

    Shows values unmasked: for the engineers of the lakehouse, on their own terminal.
    """
    from rich.console import Console  # noqa: PLC0415

    from assets.base.why import NoSuchSubject  # noqa: PLC0415
    from assets.base.why import why as sources_of  # noqa: PLC0415
    from assets.session import session  # noqa: PLC0415
    from pipelines.why import show_why  # noqa: PLC0415
    from warehouse.home import HomeBusy  # noqa: PLC0415

    catalog = usable_catalog()
    declared = catalog.base.get(table)
    if declared is None:
        fail(f"没有基础库表 {table}；有 {'、'.join(sorted(catalog.base))}", 2)
    try:
        with session(600, catalog=catalog) as house, house.engine() as engine:
            found = sources_of(house, engine, declared, key.split("|"), column)
    except (NoSuchSubject, HomeBusy) as error:
        fail(str(error))
    except KeyError as error:
        fail(str(error.args[0]), 2)
    show_why(Console(), catalog, f"{declared.name}（{table}）", found)


def lineage(
    column: Annotated[
        str, typer.Argument(help="DATABASE.TABLE.COLUMN, or AGENCY/DATASET.COLUMN as delivered.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Where a column comes from, down to the delivered ones; what it harms if it is wrong."""
    import json  # noqa: PLC0415

    from assets.lineage import lineage_of  # noqa: PLC0415
    from pipelines.lineage import NoSuchColumn, document, lines, place_of  # noqa: PLC0415

    catalog = usable_catalog()
    try:
        place = place_of(catalog, column)
    except NoSuchColumn as error:
        fail(str(error), 2)
    graph = lineage_of(catalog)
    if as_json:
        typer.echo(json.dumps(document(catalog, graph, place), ensure_ascii=False, indent=2))
        return
    for line in lines(catalog, graph, place):
        typer.echo(line)
