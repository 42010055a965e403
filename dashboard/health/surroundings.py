"""What the installation stands on: disk, calendars, receivers, and what failed and can be tried again."""

import shutil
from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.incident_kinds import INCIDENT_KINDS
from casework.incidents import Incident, incidents
from casework.installation import Installation
from casework.publication.overview import standings
from casework.publication.receivers import receivers_of
from dashboard.health.standing import Row
from states.calendar import Calendar, day_of

GB = 1024**3
SCARCE = 2 * GB


@dataclass(frozen=True, slots=True)
class Failure:
    """One open incident; ``label`` is its kind in words."""

    incident: Incident
    label: str


def surroundings(installation: Installation, calendar: Calendar, *, as_of: datetime) -> tuple[Row, ...]:
    """Disk, calendars and receivers, a row each."""
    return (_disk(installation), _calendar(calendar, as_of), *_receivers(installation, as_of))


def failures(installation: Installation, *, actor: Actor) -> list[Failure]:
    """The open incidents an actor may see, newest first, the first twenty."""
    found = incidents(installation.desk(), actor=actor, limit=20)
    return [Failure(each, INCIDENT_KINDS.get(each.kind, "其他")) for each in found]


def _disk(installation: Installation) -> Row:
    usage = shutil.disk_usage(installation.data)
    says = f"数据所在磁盘还有{usage.free / GB:.1f}GB可用，共{usage.total / GB:.0f}GB"
    return Row("磁盘", says, "bad" if usage.free < SCARCE else "good")


def _calendar(calendar: Calendar, as_of: datetime) -> Row:
    this = day_of(as_of).year
    years = [year for year in (this, this + 1) if calendar.is_announced(year)]
    missing = [year for year in (this, this + 1) if year not in years]
    late = this in missing or (this + 1 in missing and day_of(as_of).month == 12)
    known = "、".join(f"{year}年" for year in years) or "无"
    says = f"已有{known}的放假安排" + (
        f"，尚缺{'、'.join(f'{year}年' for year in missing)}（期限暂按周末推算，D-6）" if missing else ""
    )
    return Row("工作日历", says, "bad" if late else "good")


def _receivers(installation: Installation, as_of: datetime) -> tuple[Row, ...]:
    receivers = receivers_of(installation.settings)
    if not receivers:
        return (Row("对外公布", "没有设置接收网站，不推送", ""),)
    allowed = installation.settings.receivers.failures
    rows = []
    for each in standings(installation.engine, receivers, allowed=allowed, as_of=as_of):
        broken = each.breaker.until is not None
        says = f"待推送{each.waiting}件" + (f"，未送达{each.failed}件" if each.failed else "")
        if broken:
            says += "，接连失败，暂停推送后自动再试"
        rows.append(Row(each.receiver.label, says, "bad" if each.failed or broken else "good"))
    return tuple(rows)
