"""What is checked by itself, and becomes an incident when it is wrong: the records, and next year's calendar."""

from datetime import datetime

from casework.actors import CLOCK
from casework.desk import Desk
from casework.incidents import close_incident, open_incident
from casework.invariants import InvariantReport, check
from records.transaction import Transaction, transaction
from states.calendar import day_of

BROKEN = "invariant_broken"
CALENDAR = "calendar_missing"
NAMED = 5
DECEMBER = 12


def watch_invariants(desk: Desk, *, as_of: datetime) -> InvariantReport:
    """Check every record; faults become one incident, which closes when a later check finds none."""
    report = check(desk, as_of)
    more = f"等{len(report.faults)}处" if len(report.faults) > NAMED else ""
    reason = f"一致性检查发现：{'；'.join(report.faults[:NAMED])}{more}。"
    with transaction(desk.engine) as tx:
        _settle(tx, BROKEN, "records", "" if report.ok else reason, "再次检查无误", as_of)
    return report


def watch_calendar(desk: Desk, *, as_of: datetime) -> list[int]:
    """The years whose working days should be known by now and are not (D-6), each an incident.

    The State Council announces a year's days off late in the year before: next year's are missed from December.
    """
    today = day_of(as_of)
    wanted = [today.year, today.year + 1] if today.month == DECEMBER else [today.year]
    missing = [year for year in wanted if not desk.calendar.is_announced(year)]
    with transaction(desk.engine) as tx:
        for year in wanted:
            reason = (
                f"{year}年放假安排尚未导入，涉及该年的日期均为暂定；"
                "国务院办公厅公布后，请用 linxuan calendar import 导入（D-6）。"
            )
            _settle(tx, CALENDAR, str(year), reason if year in missing else "", "放假安排已导入", as_of)
    return missing


def _settle(tx: Transaction, kind: str, subject: str, reason: str, outcome: str, as_of: datetime) -> None:
    """Open the incident when there is a reason, close it when there is none."""
    if reason:
        open_incident(tx, kind, None, subject, reason, as_of)
        return
    for (id_,) in tx.rows(
        "SELECT id FROM incident WHERE kind = ? AND subject = ? AND closed_at IS NULL", (kind, subject)
    ):
        close_incident(tx, id_, CLOCK, outcome, as_of)
