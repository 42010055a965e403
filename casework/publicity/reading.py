"""Reading publicities: the lists, how long each still runs, and how each institution on one stands (D-1, D-2)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from casework.actors import Actor
from casework.desk import Desk
from casework.selection import visible
from records.transaction import Transaction, reading
from states.anchors import publicity_period
from states.calendar import day_of
from states.draw.canonical import digest
from states.facts import day, instant
from states.refusals import Refused

_COLUMNS = (
    "p.id, p.no, p.call, p.track, p.process, p.publisher, p.clause, p.posted_at, p.posted_by, p.last_day, p.correction,"
    " o.no, p.sha256, p.snapshot, (SELECT n.no FROM publicity n WHERE n.corrects_id = p.id ORDER BY n.id DESC LIMIT 1)"
)
_FROM = "FROM publicity p LEFT JOIN publicity o ON o.id = p.corrects_id"


@dataclass(frozen=True, slots=True)
class PublicityView:
    """One publicity at an instant.

    ``last_day`` is the last day as it stands now; ``told_last_day`` as it was posted (they differ only when a calendar
    arrived meanwhile, D-6). ``days_left`` are the working days still to come, today not counted; ``running`` is True
    until the end of the last day. ``sound`` says that the stored snapshot still has its hash.
    """

    no: str
    call: str
    track: str
    publisher: str
    clause: str
    posted_at: datetime
    posted_by: str
    last_day: date
    told_last_day: date
    explanation: str
    working_days: int
    days_left: int
    running: bool
    corrects: str
    corrected_by: str
    correction: str
    sha256: str
    sound: bool
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one institution on a list stands. ``hold`` says in Chinese why it waits, or is empty; ``stage`` is a label.

    ``objections`` are the open ones; None for a reader who may not know.
    """

    no: str
    occupation: str
    levels: str
    institution: str
    stage: str
    objections: int | None
    hold: str


def publicities(
    desk: Desk, *, as_of: datetime, call: str = "", track: str = "", running: bool = False
) -> list[PublicityView]:
    """Every publicity, newest first; of a call (code), a track, or only those that still run at ``as_of``."""
    parts, values = ["1 = 1"], []
    for column, wanted in (("call", call), ("track", track)):
        if wanted:
            parts.append(f"p.{column} = ?")
            values.append(wanted)
    with reading(desk.engine) as tx:
        rows = tx.rows(
            f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(parts)} ORDER BY p.posted_at DESC, p.id DESC",
            values,
        )
    found = [_view(desk, row, as_of) for row in rows]
    return [each for each in found if each.running] if running else found


def publicity(
    desk: Desk, no: str, *, as_of: datetime, actor: Actor | None = None
) -> tuple[PublicityView, list[Standing]]:
    """One publicity and everybody on it. Refused when there is none of that number.

    Objections are told to those alone who see the case (law 10); ``actor`` None is the operator.
    """
    with reading(desk.engine) as tx:
        view, id_ = _one(tx, desk, no, as_of)
        return view, _standings(tx, desk, id_, view, actor)


def _one(tx: Transaction, desk: Desk, no: str, as_of: datetime) -> tuple[PublicityView, int]:
    row = tx.one(f"SELECT {_COLUMNS} {_FROM} WHERE p.no = ?", (no.strip().upper(),))
    if row is None:
        raise Refused(f"没有编号为“{no}”的公示，可用 linxuan publicity list 查看。", clause="M24-7.4")
    return _view(desk, row, as_of), row[0]


def _view(desk: Desk, row: tuple[Any, ...], as_of: datetime) -> PublicityView:
    (
        _,
        no,
        call,
        track,
        process,
        publisher,
        clause,
        posted,
        by,
        last,
        correction,
        corrects,
        hash_,
        written,
        newer,
    ) = row
    posted_at, told = instant(posted), day(last)
    assert posted_at is not None
    assert told is not None
    period = publicity_period(posted_at, desk.processes.process(process).rules, desk.calendar)
    tomorrow = day_of(as_of) + timedelta(days=1)
    return PublicityView(
        no, call, track, publisher, clause, posted_at, by, period.day, told, period.explanation(), len(period.counted),
        desk.calendar.count(tomorrow, period.day), as_of < period.due, corrects or "", newer or "", correction,
        hash_, digest(written) == hash_, json.loads(written),
    )  # fmt: skip


def _standings(
    tx: Transaction, desk: Desk, id_: int, view: PublicityView, actor: Actor | None
) -> list[Standing]:
    seen, values = ("1 = 1", []) if actor is None else visible(actor)
    rows = tx.rows(
        "SELECT c.no, c.stage, c.process, c.objections_open,"
        " (SELECT max(n.publicity_id) FROM publicity_case n WHERE n.case_id = c.id),"
        f" CASE WHEN {seen} THEN 1 ELSE 0 END"
        " FROM publicity_case l JOIN cases c ON c.id = l.case_id WHERE l.publicity_id = ?",
        (*values, id_),
    )
    cases = {row[0]: row[1:] for row in rows}
    found = []
    for entry in view.content["entries"]:
        stage, process, count, newest, may_know = cases[entry["no"]]
        label = desk.processes.process(process).stages[stage].label
        open_ = (count if stage == "publicity" else 0) if may_know else None
        hold = ""
        if newest != id_:
            hold = "已更正并重新公示（D-2）"
        elif open_:
            hold = "有异议未办结，暂缓列入（D-2）" if not view.running else "有异议，核查中（D-2）"
        found.append(
            Standing(
                entry["no"],
                entry["occupation_title"],
                entry["levels"],
                entry["institution"],
                label,
                open_,
                hold,
            )
        )
    return found
