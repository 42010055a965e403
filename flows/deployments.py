"""The timetable as Prefect deployments: the same declaration, driven by Prefect's schedules where work is scaled.

Importing this module imports Prefect.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.exceptions import ObjectAlreadyExists
from prefect.schedules import Schedule
from prefect.types.entrypoint import EntrypointType

import flows.visible
from flows.timetable import TIMETABLE, Every, Line
from flows.triggers import ANCHOR
from states.calendar import SHANGHAI

POOL = "linxuan"
DEPLOYMENT = "timetable"


def schedule(line: Line) -> Schedule:
    """When a line runs, as Prefect says it. Its slug is the line's name: deployed again, it is the same one."""
    if isinstance(line.when, Every):
        return Schedule(
            interval=timedelta(seconds=line.when.seconds), anchor_date=ANCHOR, timezone=SHANGHAI.key,
            slug=line.name,
        )  # fmt: skip
    return Schedule(cron=f"{line.when.minute} {line.when.hour} * * *", timezone=SHANGHAI.key, slug=line.name)


async def deploy(lines: Iterable[Line] = TIMETABLE, *, pool: str = POOL) -> list[str]:
    """Deploy the lines to the Prefect API in use, for workers of ``pool`` (made when missing); their full names.

    One run of a line at a time, the next one waits: to cancel it would drop what is due without a word.
    """
    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)
    names = []
    for line in lines:
        deployment = await getattr(flows.visible, line.name).ato_deployment(
            DEPLOYMENT, schedules=[schedule(line)], concurrency_limit=one, description=line.why,
            work_pool_name=pool, entrypoint_type=EntrypointType.MODULE_PATH,
        )  # fmt: skip
        await deployment.aapply()
        names.append(f"{line.name}/{DEPLOYMENT}")
    return names
