"""The Dagster definitions: every asset of the catalogue, one job, the nightly schedule, the sensor.

Belongs here: building them, over any catalogue. Dagster loads `pipelines.definitions`. Without
postponed annotations: Dagster reads those of its functions.
"""

import hashlib

import dagster as dg

from assets.definitions import dataset_assets, product_assets
from assets.resource import LakehouseResource
from catalog.load import Catalog, load_catalog
from warehouse.home import Home
from warehouse.landing import Found, look

JOB = "everything"


def pending_set(home: Home, catalog: Catalog) -> str | None:
    """Hash of the files waiting in landing (place, size, time), None when there are none."""
    told = [
        f"{seen.source}\x1f{status.st_size}\x1f{status.st_mtime_ns}"
        for seen in look(home.landing, catalog)
        if isinstance(seen, Found)
        for status in (seen.path.stat(),)
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest() if told else None


def build_definitions(
    catalog: Catalog | None = None, lakehouse: LakehouseResource | None = None
) -> dg.Definitions:
    """All definitions over one catalogue."""
    known = catalog if catalog is not None else load_catalog()
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        description="接收全部交付，更新标准层、基础库、报告和发布文件",
        executor_def=dg.in_process_executor,
    )

    @dg.sensor(
        name="landing",
        job=job,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="landing/ 中出现新文件时启动一次运行",
    )
    def landing(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        pending = pending_set(Home.from_environment(), known)
        if pending is None:
            return dg.SkipReason("landing/ 中没有待接收的文件")
        return dg.RunRequest(run_key=pending)

    nightly = dg.ScheduleDefinition(
        name="nightly",
        job=job,
        cron_schedule="0 2 * * *",
        execution_timezone="Asia/Shanghai",
        description="每日凌晨二时运行一次",
    )
    return dg.Definitions(
        assets=[
            *(dataset_assets(known, dataset) for dataset in known.datasets.values()),
            *product_assets(known),
        ],
        jobs=[job],
        schedules=[nightly],
        sensors=[landing],
        resources={"lakehouse": lakehouse if lakehouse is not None else LakehouseResource()},
        executor=dg.in_process_executor,
    )
