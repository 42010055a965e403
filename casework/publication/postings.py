"""Lists under publicity, each as it was posted: who is on it, by whom, until when (I21-4.5, B3-4.5, M24-7.4).

Worked out of the publicities on record, so that none is missed however long nothing ran. A list loses whom it loses
while the publicity runs (withdrawn, objection upheld, posted anew); from its end on it does not change any more.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from casework.desk import Desk
from casework.publication.contents import Content
from casework.publication.receivers import Receiver
from records.transaction import Transaction
from states.anchors import publicity_period
from states.calendar import end_of
from states.facts import instant
from states.places import OFFICES

STAGE = "publicity"
LONGEST = timedelta(days=90)
"""No publicity lasts longer, with all the holidays that may fall into it."""


class _Posted(NamedTuple):
    id: int
    no: str
    process: str
    publisher: str
    clause: str
    posted_at: Any
    sha256: str
    snapshot: str
    corrected_by: str | None


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

    A province's site gets the lists on which one of its institutions stands, whole. ``settled`` are objects whose
    last edition was looked at after their publicity had ended.
    """
    audiences = list({receiver.audience: receiver for receiver in receivers}.values())
    for each in _posted(tx, min(since, as_of - LONGEST)):
        rules = desk.processes.process(each.process).rules
        posted_at = instant(each.posted_at)
        assert posted_at is not None
        period = publicity_period(posted_at, rules, desk.calendar)
        if posted_at < since and period.due <= as_of:
            continue
        wanted = [
            (f"publicity/{each.no}@{receiver.audience}", receiver)
            for receiver in audiences
            if receiver.site in rules.publication.value
        ]
        if all(name in settled for name, _ in wanted):
            continue
        snapshot = json.loads(each.snapshot)
        gone = _gone(tx, each.id, period.due)
        says = {
            "publicity": each.no,
            "call": rules.code,
            "track": rules.track,
            "publisher": each.publisher,
            "last_day": str(period.day),
            "explanation": period.explanation(),
            "provisional": period.provisional,
            "entries": [entry for entry in snapshot["entries"] if entry["no"] not in gone],
            "taken_off": sorted(gone),
            "corrected_by": each.corrected_by or "",
            "snapshot": snapshot,
            "snapshot_sha256": each.sha256,
        }
        for name, receiver in wanted:
            if name not in settled and _concerns(receiver, snapshot["entries"]):
                yield Content(
                    name,
                    "publicity",
                    snapshot["title"],
                    each.clause,
                    says,
                    end_of(period.counted[0]),
                    period.due,
                )


def _posted(tx: Transaction, earliest: datetime) -> list[_Posted]:
    rows = tx.rows(
        "SELECT p.id, p.no, p.process, p.publisher, p.clause, p.posted_at, p.sha256, p.snapshot, (SELECT n.no FROM"
        " publicity n WHERE n.corrects_id = p.id ORDER BY n.id LIMIT 1) FROM publicity p WHERE p.posted_at >= ?"
        " ORDER BY p.id",
        (earliest,),
    )
    return [_Posted._make(row) for row in rows]


def _gone(tx: Transaction, publicity_id: int, due: datetime) -> set[str]:
    """The numbers of cases that left the list before its last day was over."""
    rows = tx.rows(
        "SELECT c.no, min(a.at), (SELECT min(p.posted_at) FROM publicity_case n JOIN publicity p ON"
        " p.id = n.publicity_id WHERE n.case_id = c.id AND n.publicity_id > l.publicity_id) FROM publicity_case l"
        " JOIN publicity me ON me.id = l.publicity_id JOIN cases c ON c.id = l.case_id LEFT JOIN audit a ON"
        " a.case_id = c.id AND a.kind = 'move' AND a.from_stage = ? AND a.to_stage <> ? AND a.at >= me.posted_at"
        " WHERE l.publicity_id = ? GROUP BY c.id, c.no, l.publicity_id",
        (STAGE, STAGE, publicity_id),
    )
    return {no for no, *leaving in rows if any(at is not None and at < due for at in map(instant, leaving))}


def _concerns(receiver: Receiver, entries: list[dict[str, str]]) -> bool:
    if not receiver.province:
        return True
    return OFFICES[f"P{receiver.province}"].full in {entry["province"] for entry in entries}
