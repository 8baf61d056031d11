"""The command line's part about the catalogue: `lakehouse catalog …`.

Belongs here: commands that read or write catalogue files. Each imports what it needs when called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from catalog.load import Catalog

catalog_app = typer.Typer(no_args_is_help=True, help="Check, register and describe the catalogue.")

DICTIONARY = Path("docs/data-dictionary.md")


def fail(message: str, code: int = 1) -> NoReturn:
    """Ends the command with a message on standard error."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def usable_catalog() -> Catalog:
    """The catalogue; ends the command with its findings when it can't be used."""
    from catalog.load import CatalogError, load_catalog  # noqa: PLC0415

    try:
        return load_catalog()
    except CatalogError as error:
        fail(str(error))


def _catalog_to_settle() -> Catalog:
    """The catalogue though elements lack their one source: that is what the command is to show."""
    from catalog.load import CatalogError, examine  # noqa: PLC0415

    catalog, found = examine()
    others = [finding for finding in found if not finding.field.endswith(").source")]
    if others:
        fail(str(CatalogError(others)))
    return catalog


@catalog_app.command("check")
def check() -> None:
    """Check the registry: every finding with article, file, what was found and what cures it.

    Exit code 1 when there are findings. Where a home exists, what it was never delivered (article
    13) is told with each agency's coverage; that is for the agencies to cure, and exits 0.
    """
    from assets.registry import registry_findings  # noqa: PLC0415
    from catalog.load import CatalogError, examine  # noqa: PLC0415

    catalog, found = examine()
    findings = found or registry_findings(catalog)
    if findings:
        fail(str(CatalogError(findings)))
    typer.echo(
        f"{len(catalog.agencies)} agencies, {len(catalog.datasets)} datasets, "
        f"{len(catalog.elements)} elements, {len(catalog.code_tables)} code tables: no findings"
    )
    _show_coverage(catalog)


def _show_coverage(catalog: Catalog) -> None:
    from warehouse.home import Home  # noqa: PLC0415

    home = Home.from_environment()
    if not home.lake.is_dir():
        return
    from pipelines.coverage import show_coverage  # noqa: PLC0415

    show_coverage(home, catalog)


def coverage(
    rules: Annotated[
        bool, typer.Option("--rules", help="Of the columns by rules, instead of deliveries.")
    ] = False,
) -> None:
    """Show what was never delivered; with --rules, the columns and elements no rule asks of."""
    catalog = usable_catalog()
    if not rules:
        _show_coverage(catalog)
        return
    from pipelines.coverage import show_rule_coverage  # noqa: PLC0415

    show_rule_coverage(catalog)


@catalog_app.command("sources")
def sources(
    element: Annotated[str | None, typer.Option(help="Only this element.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the standard-source catalogue: who answers, quality as last measured, state, fallbacks.

    Elements whose source is not settled follow, with the evidence and a ranked proposal. What is
    proposed changes nothing: a source is chosen, or suspended, by a person in the catalogue.
    """
    from pipelines.sources import show_sources  # noqa: PLC0415
    from quality.sources.table import stored_lines  # noqa: PLC0415
    from warehouse.home import Clock, Home  # noqa: PLC0415
    from warehouse.lake import Lake  # noqa: PLC0415

    catalog = _catalog_to_settle()
    if element is not None and element not in catalog.elements:
        fail(f"目录中没有数据元 {element}", 2)
    lines = stored_lines(Lake(Home.from_environment().lake))
    show_sources(catalog, lines, Clock.from_environment().now().date(), element, as_json)


@catalog_app.command("register")
def register_entries() -> None:
    """Enter what is new: a place in the mask for each rule, a row in the register for each entry.

    Both files are only ever appended to.
    """
    from catalog.register import register  # noqa: PLC0415
    from quality.rules.bits import assign  # noqa: PLC0415
    from warehouse.home import Clock  # noqa: PLC0415

    catalog = usable_catalog()
    rules = assign(catalog, catalog.root / "rule_bits.csv")
    entries = register(catalog, Clock.from_environment().now().date())
    typer.echo(f"{len(rules)} rules and {entries} entries registered")


@catalog_app.command("dictionary")
def write_dictionary(
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 when the page is stale.")
    ] = False,
    out: Annotated[Path, typer.Option(help="The page.")] = DICTIONARY,
) -> None:
    """Write the data dictionary from the catalogue."""
    from catalog.dictionary import dictionary  # noqa: PLC0415

    page = dictionary(usable_catalog())
    if not check_only:
        out.write_text(page, encoding="utf-8")
    elif not out.exists() or out.read_text(encoding="utf-8") != page:
        fail(f"{out} is not what the catalogue gives; run: lakehouse catalog dictionary")
