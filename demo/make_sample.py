"""Makes `demo/sample/`, `demo/sample_corrected/` and their labels: `python -m demo.make_sample`.

Belongs here: which deliveries the sample consists of. The same call always makes the same bytes.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from demo import sample_air, sample_companies, sample_dishonest, sample_gdp
from demo.biff import xls_bytes
from demo.delivery import Delivery
from demo.writers import csv_bytes, geojson_bytes, xlsx_bytes

LABEL_COLUMNS = (
    "deliverer", "dataset", "file", "row", "column", "kind", "rule", "corrected", "note",
)  # fmt: skip


def main() -> None:
    """Writes into the folder named as the first argument, else beside this module."""
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)


def make(folder: Path) -> None:
    """Writes `sample/`, `sample_corrected/` and a `.csv` of labels for each into `folder`."""
    for name, made in (("sample", first()), ("sample_corrected", second())):
        deliveries = []
        for delivery, content in made:
            path = folder / name / delivery.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            deliveries.append(delivery)
        (folder / f"{name}_labels.csv").write_bytes(labels_bytes(deliveries))


def first() -> Iterator[tuple[Delivery, bytes]]:
    """The first deliveries of all six files, with all their defects."""
    yield from _city(corrected=False)
    district = sample_companies.district_bureau()
    yield district, csv_bytes(district, encoding="gb18030", line_end="\r\n")


def second() -> Iterator[tuple[Delivery, bytes]]:
    """The city's agencies deliver again; the district bureau has corrected nothing."""
    yield from _city(corrected=True)


def _city(*, corrected: bool) -> Iterator[tuple[Delivery, bytes]]:
    companies = sample_companies.city_bureau(corrected)
    yield companies, csv_bytes(companies, encoding="utf-8", line_end="\r\n")
    ecommerce = sample_dishonest.ecommerce(corrected)
    yield ecommerce, xlsx_bytes(ecommerce, sheet="Sheet1")
    transport = sample_dishonest.transport(corrected)
    yield transport, xls_bytes("body", transport.records())
    air = sample_air.air_hourly(corrected)
    yield air, geojson_bytes(air)
    gdp = sample_gdp.regional_gdp(corrected)
    yield gdp, csv_bytes(gdp, encoding="utf-8-sig", line_end="\n")


def labels_bytes(deliveries: list[Delivery]) -> bytes:
    """The labels as CSV with the columns `LABEL_COLUMNS`, one row a place and expected rule."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(LABEL_COLUMNS)
    for delivery in deliveries:
        place = (delivery.deliverer, delivery.dataset, delivery.file)
        for label in sorted(delivery.labels, key=lambda label: (label.row, label.rule)):
            corrected = "yes" if label.corrected else "no"
            writer.writerow(
                (*place, label.row, label.column, label.kind, label.rule, corrected, label.note)
            )
    return text.getvalue().encode()


if __name__ == "__main__":
    main()
