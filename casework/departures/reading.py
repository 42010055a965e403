"""Reading departures: who leaves or left by its own will, within the reader's scope."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.selection import visible
from records.transaction import reading
from states.facts import day, instant


@dataclass(frozen=True, slots=True)
class DepartureView:
    """One act. ``state``: 已退出, 待退出 or 已撤销 ; ``last_day`` is None when it was at once."""

    no: str
    institution: str
    uscc: str
    cases: tuple[str, ...]
    state: str
    last_day: date | None
    at: datetime
    reason: str
    note: str
    learners: int
    arrangements: str
    records_kept: str


def departures(desk: Desk, *, actor: Actor | None = None) -> list[DepartureView]:
    """Every departure the actor may see (None: all), the newest first."""
    seen, values = ("1 = 1", []) if actor is None else visible(actor)
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT d.id, d.no, i.name, i.uscc, d.last_day, d.at, d.taken_back_at, d.reason, d.note, d.learners,"
            " d.arrangements, d.records_kept FROM departure d JOIN institution i ON i.id = d.institution_id"
            f" WHERE EXISTS (SELECT 1 FROM cases c WHERE c.institution_id = d.institution_id AND {seen})"
            " ORDER BY d.at DESC, d.id DESC",
            values,
        )
        cases: dict[int, list[str]] = {}
        waiting: set[int] = set()
        for id_, no, leaving, ground in tx.rows(
            "SELECT d.departure_id, c.no, c.leaving_on, c.exit_ground FROM departure_case d"
            " JOIN cases c ON c.id = d.case_id ORDER BY c.no"
        ):
            cases.setdefault(id_, []).append(no)
            if leaving is not None and ground is None:
                waiting.add(id_)
    found = []
    for id_, no, name, uscc, last, at_text, back, reason, note, learners, arrangements, kept in rows:
        at, last_day = instant(at_text), day(last)
        assert at is not None
        state = "已撤销" if back is not None else ("待退出" if id_ in waiting else "已退出")
        found.append(
            DepartureView(
                no,
                name,
                uscc,
                tuple(cases.get(id_, ())),
                state,
                last_day,
                at,
                reason,
                note,
                learners,
                arrangements,
                kept,
            )
        )
    return found
