"""The command line `lakehouse`.

Belongs here: commands, their options, exit codes. Each command imports what it needs when it is
called, so that help answers at once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli_base import lineage, why
from pipelines.cli_catalog import catalog_app, coverage, fail, usable_catalog
from pipelines.cli_onboarding import agency_app, dataset_app, template

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from assets.lakehouse import Lakehouse
    from warehouse.engine import Engine
    from warehouse.log import Delivery

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="A city's public-data lakehouse: deliveries in, tables, reports and a DuckDB file out.",
)  # fmt: skip
deliveries_app = typer.Typer(no_args_is_help=True, help="List and undo deliveries.")
tickets_app = typer.Typer(no_args_is_help=True, help="List and show tickets.")
app.add_typer(deliveries_app, name="deliveries")
app.add_typer(tickets_app, name="tickets")
app.add_typer(catalog_app, name="catalog")
app.add_typer(agency_app, name="agency")
app.add_typer(dataset_app, name="dataset")
app.command("template")(template)
app.command("coverage")(coverage)
app.command("why")(why)
app.command("lineage")(lineage)

WAIT = typer.Option("--wait", help="Seconds to wait for another run to end.")
Actor = Annotated[str, typer.Option("--by", help="Who decides this (a named person).")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]


def main() -> None:
    """Entry point; a fault in the user's input ends with a message, not with a trace."""
    app()


def _console() -> Console:
    from rich.console import Console  # noqa: PLC0415

    return Console(soft_wrap=True)


@app.command()
def run(
    select: Annotated[
        list[str] | None, typer.Option(help="Only assets whose key begins with this.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Make everything again.")] = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="In an empty home, deliver the sample first.")
    ] = False,
    city: Annotated[
        int | None,
        typer.Option("--demo", help="In an empty home, deliver a city of so many people first."),
    ] = None,
    wait: Annotated[float, WAIT] = 600,
) -> None:
    """Take in what lies in landing/ and bring everything up to date.

    Exit code 0: done. 3: done, but some deliveries were refused or held. 1: a failure of ours.
    """
    from assets.session import session  # noqa: PLC0415
    from catalog.load import CatalogError  # noqa: PLC0415
    from pipelines.progress import following  # noqa: PLC0415
    from pipelines.run import put_city, put_sample  # noqa: PLC0415
    from pipelines.run import run as run_assets  # noqa: PLC0415
    from pipelines.summary import show_run  # noqa: PLC0415
    from warehouse.home import HomeBusy  # noqa: PLC0415

    console = _console()
    try:
        with session(wait, lambda message: typer.echo(f"{message}; waiting", err=True)) as house:
            if sample and put_sample(house):
                console.print("已放入示例交付（demo/sample）。")
            if city is not None and put_city(house, city):
                console.print(f"已生成 {city:,} 人的合成城市并放入 landing/，其中没有真实数据。")
            with following(console):
                result = run_assets(house, select or (), full)
            show_run(console, house, result)
    except (HomeBusy, CatalogError) as error:
        fail(str(error))
    raise typer.Exit(result.exit_code)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the deliveries; must be empty or new.")],
    residents: Annotated[int, typer.Option(help="Size of the city.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same city.")] = 1,
    days: Annotated[int, typer.Option(min=1, help="How many days of deliveries.")] = 1,
    defects: Annotated[
        float, typer.Option(min=0, max=0.5, help="Share of rows with a defect; 0 = none at all.")
    ] = 0.01,
    labels: Annotated[
        Path | None, typer.Option(help="Folder for the defects' labels, a new or empty one.")
    ] = None,
) -> None:
    """Write the deliveries of a synthetic city: OUT/<day>/<deliverer>/<dataset>/<file>.

    Copy the contents of one day's folder after the other into landing/, and run the lakehouse after
    each. Nothing in them is real. LABELS/labels.csv says what is wrong in which file and row,
    LABELS/collateral.csv what each fault rightly brings with it; `python -m demo.score` holds them
    against what was found.
    """
    from demo.city.city import City  # noqa: PLC0415
    from demo.city.deliver import Delivering, deliver  # noqa: PLC0415

    for folder in (out, labels):
        if folder is not None and folder.exists() and any(folder.iterdir()):
            fail(f"{folder} is not empty", 2)
    try:
        city = City(usable_catalog(), residents, seed)
        written = deliver(city, out, Delivering(days, defects, labels))
    except ValueError as error:
        fail(str(error))
    rows = sum(file.rows for file in written)
    datasets = len({file.dataset for file in written})
    typer.echo(f"{out}: {datasets} datasets, {len(written)} files, {rows:,} rows")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    dataset: Annotated[str, typer.Option(help="AGENCY/DATASET")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try a draft file: the same rules, nothing stored. Exit code 1 when it has errors."""
    from assets.draft import check_draft  # noqa: PLC0415
    from warehouse.intake import Unusable  # noqa: PLC0415

    catalog = usable_catalog()
    if dataset not in catalog.datasets:
        fail(f"目录中没有数据集 {dataset}；已登记：{'、'.join(catalog.datasets)}", 2)
    try:
        report = check_draft(catalog, dataset, file)
    except Unusable as fault:
        if as_json:
            typer.echo(
                json.dumps({"refused": fault.code, "message": fault.message}, ensure_ascii=False)
            )
        fail(fault.message)
    if as_json:
        typer.echo(json.dumps(report.document(), ensure_ascii=False))
    else:
        report.print(_console())
    raise typer.Exit(1 if report.has_errors else 0)


def _with_engine(work: Callable[[Lakehouse, Engine], None], wait: float = 600) -> None:
    from assets.intake.undo import NotPossible  # noqa: PLC0415
    from assets.session import session  # noqa: PLC0415
    from catalog.load import CatalogError  # noqa: PLC0415
    from warehouse.home import HomeBusy  # noqa: PLC0415

    try:
        with session(wait) as lakehouse, lakehouse.engine() as engine:
            work(lakehouse, engine)
    except (NotPossible, HomeBusy, CatalogError) as error:
        fail(str(error))
    except KeyError as error:
        fail(str(error.args[0]))


@deliveries_app.command("list")
def deliveries_list(
    agency: Annotated[str | None, typer.Option(help="Only this deliverer's.")] = None,
    last: Annotated[int, typer.Option(help="How many of the latest.")] = 50,
) -> None:
    """List deliveries with their balance."""

    def show(lakehouse: Lakehouse, _: Engine) -> None:
        from pipelines.summary import delivery_table  # noqa: PLC0415

        known = [d for d in lakehouse.log.deliveries if agency in (None, d.agency)]
        table = delivery_table(lakehouse.catalog, known[-last:])
        _console().print(table if known else "还没有交付。")

    _with_engine(show)


@deliveries_app.command("show")
def deliveries_show(delivery: str) -> None:
    """Show everything the log knows of a delivery, and its events."""

    def show(lakehouse: Lakehouse, engine: Engine) -> None:
        from dataclasses import asdict  # noqa: PLC0415

        console = _console()
        for name, value in asdict(lakehouse.log.get(delivery)).items():
            if value not in (None, ""):
                console.print(f"{name:>16}  {value}", markup=False, highlight=False)
        events = engine.con.execute(
            'SELECT "at", event, actor, reason FROM quality.main.delivery_events '
            "WHERE delivery = ? ORDER BY event_no",
            [delivery],
        ).fetchall()
        for at, event, actor, reason in events:
            console.print(f"{at}  {event}  {actor}  {reason or ''}", markup=False, highlight=False)

    _with_engine(show)


def _undo(verb: str, delivery: str, actor: str, reason: str) -> None:
    def change(lakehouse: Lakehouse, engine: Engine) -> None:
        from assets.intake import undo  # noqa: PLC0415
        from pipelines.run import run as run_assets  # noqa: PLC0415
        from pipelines.summary import show_undone  # noqa: PLC0415
        from quality.ledger import EVENTS_TABLE  # noqa: PLC0415

        events_before = lakehouse.lake.rows(EVENTS_TABLE)
        done: Delivery = getattr(undo, verb)(lakehouse, engine, delivery, actor, reason)
        result = run_assets(lakehouse)
        result.events_before = events_before
        show_undone(_console(), lakehouse, done, result)
        raise typer.Exit(result.exit_code if result.failures else 0)

    _with_engine(change)


@deliveries_app.command("hold")
def deliveries_hold(delivery: str, by: Actor, reason: Reason) -> None:
    """Take an applied delivery out of the contents until it is released."""
    _undo("hold", delivery, by, reason)


@deliveries_app.command("release")
def deliveries_release(delivery: str, by: Actor, reason: Reason) -> None:
    """Let a held delivery through."""
    _undo("release", delivery, by, reason)


@deliveries_app.command("withdraw")
def deliveries_withdraw(delivery: str, by: Actor, reason: Reason) -> None:
    """Leave the contents as if the delivery had never come; reopen what it had closed."""
    _undo("withdraw", delivery, by, reason)


@deliveries_app.command("replay")
def deliveries_replay(delivery: str, by: Actor, reason: Reason) -> None:
    """Judge a delivery's stored rows, and those after it, again by the present catalogue."""
    _undo("replay", delivery, by, reason)


@tickets_app.command("list")
def tickets_list(
    agency: Annotated[str | None, typer.Option(help="Only this deliverer's.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Closed ones too.")] = False,
) -> None:
    """List tickets, one for each dataset, deliverer and rule; those with most defects first."""

    def show(lakehouse: Lakehouse, engine: Engine) -> None:
        from pipelines.tickets import show_tickets  # noqa: PLC0415

        show_tickets(_console(), lakehouse, engine, agency, closed)

    _with_engine(show)


@tickets_app.command("show")
def tickets_show(ticket: str) -> None:
    """Show one ticket, what happened to it, and where its defects stand."""

    def show(lakehouse: Lakehouse, engine: Engine) -> None:
        from pipelines.tickets import show_ticket  # noqa: PLC0415

        show_ticket(_console(), lakehouse, engine, ticket)

    _with_engine(show)
