"""The command line's part that helps something new in: agencies, datasets, templates.

Belongs here: `lakehouse agency new`, `lakehouse dataset draft`, `lakehouse template`. Each imports
what it needs when called.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli_catalog import fail, usable_catalog

if TYPE_CHECKING:
    from catalog.models.attributes import LegalBasis

agency_app = typer.Typer(no_args_is_help=True, help="Register an agency.")
dataset_app = typer.Typer(no_args_is_help=True, help="Draft a dataset from a sample of it.")


@agency_app.command("new")
def agency_new(
    agency: Annotated[str, typer.Argument(help="Id: lower case, digits, underscore.")],
    name: Annotated[str, typer.Option(help="Full Chinese name.")],
    unit: Annotated[str, typer.Option(help="The responsible unit (article 6).")],
    email: Annotated[str, typer.Option(help="Mailbox of the contact.")],
    bureau: Annotated[str, typer.Option(help="The big-data bureau of its own level.")],
    short_name: Annotated[str | None, typer.Option(help="Short name, else the full one.")] = None,
    kind: Annotated[str, typer.Option("--type", help="Kind of body (articles 2, 55, 56).")] = (
        "state_organ"
    ),
    level: Annotated[str, typer.Option(help="city, county or zone.")] = "city",
    division: Annotated[str, typer.Option(help="Six-digit division.")] = "370300",
    parent: Annotated[str | None, typer.Option(help="Agency of its line one level up.")] = None,
    post: Annotated[str, typer.Option(help="Post of the contact; no person's name.")] = (
        "数据管理专员"
    ),
) -> None:
    """Register an agency with its responsible unit and a contact."""
    from catalog.load import CatalogError  # noqa: PLC0415
    from catalog.models.agencies import Agency  # noqa: PLC0415
    from catalog.new_agency import add_agency  # noqa: PLC0415
    from catalog.parse import parse_one  # noqa: PLC0415

    entry, faults = parse_one(
        Agency,
        {
            "id": agency, "name": name, "short_name": short_name or name, "type": kind,
            "level": level, "division": division, "bureau": bureau, "parent": parent,
            "responsible_unit": unit, "contacts": [{"post": post, "email": email}],
        },
        f"agencies/{agency}.yaml",
    )  # fmt: skip
    if entry is None:
        fail(str(CatalogError(faults)))
    try:
        path = add_agency(usable_catalog().root, entry)
    except CatalogError as error:
        fail(str(error))
    except FileExistsError:
        fail(f"{agency} is registered already")
    typer.echo(f"{path}\n下一步：lakehouse dataset draft 样本文件 --dataset {agency}/<数据集>")


@dataset_app.command("draft")
def dataset_draft(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A sample.")],
    dataset: Annotated[str, typer.Option(help="AGENCY/DATASET")],
    name: Annotated[str | None, typer.Option(help="Chinese name.")] = None,
    description: Annotated[str | None, typer.Option(help="What a row is.")] = None,
    key: Annotated[list[str] | None, typer.Option(help="Header of a key column; repeat.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="HEADER=ID or HEADER=ID:ELEMENT, decided; repeat.")
    ] = None,
    deliverer: Annotated[list[str] | None, typer.Option(help="Who delivers; repeat.")] = None,
    mode: Annotated[str, typer.Option(help="snapshot or increment.")] = "snapshot",
    cycle: Annotated[str | None, typer.Option(help="hourly, daily, … yearly.")] = None,
    sharing: Annotated[
        str | None, typer.Option(help="unconditional, conditional or not_shared.")
    ] = None,
    opening: Annotated[
        str | None, typer.Option(help="unconditional, conditional or not_open.")
    ] = None,
    grade: Annotated[int | None, typer.Option(help="Security grade, 1–4.")] = None,
    category: Annotated[str | None, typer.Option(help="类/项/目")] = None,
    usage: Annotated[str | None, typer.Option(help="Usage requirements.")] = None,
    database: Annotated[
        str | None, typer.Option(help="Database to publish it in, once it is reviewed.")
    ] = None,
    basis: Annotated[
        list[str] | None,
        typer.Option(
            help="Law of collecting, not sharing, not opening it: title|rank|article; repeat."
        ),
    ] = None,
) -> None:
    """Write a draft of a dataset's YAML from a sample file.

    It guesses each column's element from header and values, and says why. What a person must decide
    and didn't say here is marked 待定; `lakehouse catalog check` reports it.
    """
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    from catalog.models.attributes import OpeningType, SharingType, UpdateCycle  # noqa: PLC0415
    from catalog.models.declared import IDENTIFIER  # noqa: PLC0415
    from quality.onboarding import Decisions, draft_dataset  # noqa: PLC0415
    from warehouse.home import Clock  # noqa: PLC0415
    from warehouse.intake import Unusable  # noqa: PLC0415
    from warehouse.intake.sample import read_sample  # noqa: PLC0415

    catalog = usable_catalog()
    agency, _, short = dataset.partition("/")
    if agency not in catalog.agencies:
        fail(f"目录中没有单位 {agency}；先登记：lakehouse agency new {agency}", 2)
    if not re.match(IDENTIFIER, short):
        fail(f"{dataset}：应为“单位/数据集”，数据集只用小写字母、数字和下划线，以字母开头", 2)
    places = {
        "dataset": catalog.root / "datasets" / agency / f"{short}.yaml",
        "elements": catalog.root / "elements" / f"{agency}_{short}.yaml",
    }
    taken = [path for path in places.values() if path.exists()]
    if taken:
        fail(f"已有 {taken[0]}，不覆盖")
    headers = {
        header
        for known in catalog.datasets.values()
        for column in known.columns
        for header in (column.id, column.name, *column.aliases)
    }
    try:
        with TemporaryDirectory(prefix="lakehouse-draft-") as folder:
            sample = read_sample(file, Path(folder), sorted(headers))
        draft = draft_dataset(
            catalog,
            dataset,
            sample.headers,
            sample.records,
            sample.received.format,
            Decisions(
                name=name,
                description=description,
                key=tuple(key or ()),
                columns=dict(_column(text) for text in column or ()),
                deliverers=tuple(deliverer or ()),
                mode=mode,
                cycle=UpdateCycle(cycle) if cycle else None,
                sharing=SharingType(sharing) if sharing else None,
                opening=OpeningType(opening) if opening else None,
                grade=grade,
                category=_category(category) if category else None,
                usage=usage,
                database=database,
                basis=tuple(_basis(text) for text in basis or ()),
            ),
            Clock.from_environment().now().date(),
        )
    except Unusable as fault:
        fail(fault.message)
    except (KeyError, ValueError) as error:
        fail(str(error.args[0]), 2)
    places["dataset"].parent.mkdir(exist_ok=True)
    places["dataset"].write_text(draft.dataset, encoding="utf-8")
    typer.echo(str(places["dataset"]))
    if draft.elements:
        places["elements"].write_text(draft.elements, encoding="utf-8")
        typer.echo(str(places["elements"]))
    for guess in draft.guesses:
        held = guess.element or f"新数据元（{guess.type}）"
        typer.echo(f"  {guess.header} → {guess.column_id}: {held}")
    typer.echo("下一步：填写标有“待定”的各项，再运行 lakehouse catalog check 和 register")


def _column(text: str) -> tuple[str, tuple[str, str | None]]:
    header, _, rest = text.rpartition("=")
    column_id, _, element = rest.partition(":")
    if not header or not column_id:
        raise ValueError(f"{text!r}: expected HEADER=ID or HEADER=ID:ELEMENT")
    return header, (column_id, element or None)


def _category(text: str) -> tuple[str, str, str]:
    parts = text.split("/")
    if len(parts) != 3:
        raise ValueError(f"{text!r}: expected 类/项/目")
    return parts[0], parts[1], parts[2]


def _basis(text: str) -> LegalBasis:
    from catalog.models.attributes import LegalBasis, LegalRank  # noqa: PLC0415

    title, _, rest = text.partition("|")
    rank, _, article = rest.partition("|")
    if rank not in set(LegalRank) or not article:
        ranks = ", ".join(LegalRank)
        raise ValueError(f"{text!r}: expected title|rank|article, rank one of {ranks}")
    return LegalBasis(title=title, rank=LegalRank(rank), article=article)


def template(
    dataset: Annotated[str, typer.Argument(help="AGENCY/DATASET")],
    out: Annotated[
        Path | None, typer.Option(help="The workbook, else <dataset name>模板.xlsx.")
    ] = None,
) -> None:
    """Write the workbook that an agency fills in, with drop-down lists and notes."""
    from quality.onboarding import write_template  # noqa: PLC0415
    from warehouse.home import Clock  # noqa: PLC0415

    catalog = usable_catalog()
    if dataset not in catalog.datasets:
        fail(f"目录中没有数据集 {dataset}", 2)
    path = out if out is not None else Path(f"{catalog.datasets[dataset].name}模板.xlsx")
    write_template(catalog, dataset, path, Clock.from_environment().now().date())
    typer.echo(str(path))
