"""Lists under publicity, each as it was posted: who is on it, by whom, from when to when (I21-4.5, B3-4.5, M24-7.4).

Worked out of the cases themselves, so that none is missed however long nothing ran. A list loses whom it loses
while the publicity runs (withdrawn, objection upheld, posted anew); from its end on it does not change any more.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from casework.desk import Desk
from casework.publication.contents import Content, publisher
from casework.publication.receivers import Receiver
from records.transaction import Transaction
from states.anchors import publicity_period
from states.calendar import SHANGHAI, day_of, end_of
from states.call_rules import TrackRules
from states.facts import instant
from states.labels import TRACKS
from states.occupations import find_occupation
from states.places import OFFICES

STAGE = "publicity"
LONGEST = timedelta(days=90)
"""No publicity lasts longer, with all the holidays that may fall into it."""


class _Posted(NamedTuple):
    process: str
    office: str
    posted_at: datetime
    case_id: int
    no: str
    province: str
    stage: str
    occupation: str
    levels: str
    institution: str
    uscc: str


def postings(
    tx: Transaction,
    desk: Desk,
    receivers: Iterable[Receiver],
    *,
    since: datetime,
    settled: Collection[str],
    as_of: datetime,
) -> Iterator[Content]:
    """Every list posted from ``since`` on, or still running, for each audience its call asks for.

    ``settled`` are objects whose last edition was made after their publicity had ended.
    """
    audiences = list({receiver.audience: receiver for receiver in receivers}.values())
    rows = sorted(_posted(tx, desk, min(since, as_of - LONGEST)))
    for (key, office, posted_at), members in groupby(rows, key=lambda row: row[:3]):
        rules = desk.processes.process(key).rules
        period = publicity_period(posted_at, rules, desk.calendar)
        if posted_at < since and period.due <= as_of:
            continue
        listed: list[_Posted] | None = None
        for receiver in audiences:
            if receiver.site not in rules.publication.value:
                continue
            name = _object(rules, office, posted_at, receiver)
            if name in settled:
                continue
            if listed is None:
                listed = [each for each in members if _stands(tx, each, period.due, as_of)]
            chosen = [each for each in listed if receiver.province in ("", each.province)]
            says = {
                "track": rules.track,
                "call": rules.code,
                "call_name": rules.name,
                "publisher": publisher(rules, office.removeprefix("P")),
                "posted_at": posted_at.astimezone(SHANGHAI).isoformat(),
                "from": str(day_of(posted_at)),
                "to": str(period.day),
                "working_days": len(period.counted),
                "explanation": period.explanation(),
                "provisional": period.provisional,
                "entries": sorted((_entry(each, rules) for each in chosen), key=_neutral),
            }
            title = f"{rules.name}{TRACKS[rules.track]}机构拟入选名单公示"
            yield Content(
                name, "publicity", title, rules.publicity.clause or "I21-4.5", says,
                end_of(period.counted[0]), period.due,
            )  # fmt: skip


def _posted(tx: Transaction, desk: Desk, earliest: datetime) -> Iterator[_Posted]:
    for key, posted, *rest in tx.rows(
        "SELECT c.process, c.posted_at, c.id, c.no, c.province, c.stage, c.occupation, c.levels, i.name, i.uscc"
        " FROM cases c JOIN institution i ON i.id = c.institution_id WHERE c.posted_at >= ?",
        (earliest,),
    ):
        rules = desk.processes.process(key).rules
        posted_at = instant(posted)
        assert posted_at is not None
        office = f"P{rest[2]}" if rules.publisher.value == "province" else ""
        yield _Posted(key, office, posted_at, *rest)


def _stands(tx: Transaction, each: _Posted, due: datetime, as_of: datetime) -> bool:
    """Whether a case is on its list: still there, or there until the publicity had ended."""
    if each.stage == STAGE:
        return True
    if as_of < due:
        return False
    row = tx.one(
        "SELECT at FROM audit WHERE case_id = ? AND kind = 'move' AND from_stage = ? AND to_stage <> ? AND at >= ?"
        " ORDER BY seq LIMIT 1",
        (each.case_id, STAGE, STAGE, each.posted_at),
    )
    left = instant(row[0]) if row else None
    return left is not None and left >= due


def _object(rules: TrackRules, office: str, posted_at: datetime, receiver: Receiver) -> str:
    by = f"/{office}" if office else ""
    at = f"{posted_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
    return f"publicity/{rules.code}/{rules.track}{by}/{at}@{receiver.audience}"


def _neutral(entry: dict[str, Any]) -> tuple[str, str, str]:
    """An order that says nothing of how anybody was ranked."""
    return entry["occupation"], entry["institution"], entry["no"]


def _entry(each: _Posted, rules: TrackRules) -> dict[str, Any]:
    occupation = find_occupation(each.occupation, rules.occupations.value)
    return {
        "no": each.no,
        "occupation": occupation.code,
        "occupation_title": occupation.title,
        "levels": each.levels,
        "institution": each.institution,
        "uscc": each.uscc,
        "province": OFFICES[f"P{each.province}"].full,
    }
