"""Fee schedules: what a listing charges from a day on, public, with its history (M24-12, I21-4.6.4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.duties.owing import SUBJECT, fulfil, of_case
from casework.duties.subject import REPORTS, refuse_unless_listed, subject, told
from casework.history import case_number
from records.transaction import Transaction, reading, transaction
from states.calendar import day_of, end_of
from states.duties.fees import CLAUSE, Fee, check_fees
from states.duties.kinds import FEES
from states.facts import day, instant
from states.refusals import Refused

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Schedule:
    """A fee schedule as the public reads it."""

    number: int
    effective_on: date
    items: tuple[Fee, ...]
    refund: str
    basis: str
    filed_at: datetime

    def record(self) -> dict[str, Any]:
        """As plain JSON; amounts are texts with two places."""
        return {
            "effective_on": str(self.effective_on),
            "items": [{"name": each.name, "unit": each.unit, "yuan": str(each.yuan)} for each in self.items],
            "refund": self.refund,
            "basis": self.basis,
        }

    @property
    def words(self) -> str:
        """On one line."""
        return "；".join(each.words for each in self.items)


def set_fees(
    desk: Desk,
    no: str,
    items: Sequence[Fee],
    *,
    effective_on: date,
    refund: str,
    basis: str,
    by: Actor,
    as_of: datetime,
) -> int:
    """A new schedule from a Shanghai day on; its number. What was public before stays on record.

    Raises Refused for a day that is past (the first schedule excepted: it may hold since the listing), missing rules of
    refund or basis, and items that cannot be.
    """
    kept = check_fees(items)
    with transaction(desk.engine) as tx:
        found = subject(tx, desk, no, by=by, among=REPORTS, clause=CLAUSE)
        refuse_unless_listed(found, CLAUSE)
        row = tx.one(
            "SELECT max(number), max(effective_on) FROM fee_schedule WHERE case_id = ?", (found.facts.id,)
        )
        number = 1 + int((row and row[0]) or 0)
        before = day(row[1]) if row else None
        if before is not None and effective_on < max(before, day_of(as_of)):
            raise Refused(
                f"新的收费标准不能自过去的日期起施行，最早自{max(before, day_of(as_of))}起。", clause=CLAUSE
            )
        new = tx.run(
            "INSERT INTO fee_schedule (case_id, number, effective_on, refund, basis, filed_at, filed_by)"
            " VALUES (?,?,?,?,?,?,?) RETURNING id",
            (
                found.facts.id, number, effective_on, told(refund, "退费办法", CLAUSE, longest=LONGEST),
                told(basis, "收费依据", CLAUSE, longest=LONGEST), as_of, by.signature,
            ),
        ).fetchone()  # fmt: skip
        tx.many(
            "INSERT INTO fee_item (schedule_id, place, name, unit, fen) VALUES (?,?,?,?,?)",
            [(new[0], place, each.name, each.unit, each.fen) for place, each in enumerate(kept, 1)],
        )
        detail = {"number": number, "effective_on": effective_on, "items": [each.words for each in kept]}
        append(
            tx,
            [Entry(as_of, as_of, by.signature, "duty", "fees", found.facts.id, clause=CLAUSE, detail=detail)],
        )

        def note(entry: Entry) -> None:
            append(tx, [entry])

        fulfil(tx, FEES, of_case(found.facts.id), SUBJECT, by=by, at=as_of, note=note)
    return number


def history_of(desk: Desk, no: str) -> list[Schedule]:
    """Every schedule of a case, oldest first: public. Refused when there is no such case."""
    with reading(desk.engine) as tx:
        if tx.one("SELECT 1 FROM cases WHERE no = ?", (case_number(no),)) is None:
            raise Refused(f"没有编号为“{no}”的申报，请核对编号。", clause=CLAUSE)
        return [found for _, found in _schedules(tx, "c.no = ?", [case_number(no)])]


def fees_on(tx: Transaction, on: date, nos: Iterable[str] | None = None) -> dict[str, Schedule]:
    """The schedule in force on a Shanghai day, as known by its end, by case number; without one, a case is not there."""
    where, values = "s.effective_on <= ? AND s.filed_at < ?", [on, end_of(on)]
    if nos is not None:
        where, values = f"{where} AND {tx.among('c.no')}", [*values, tx.listed(sorted(nos))]
    return dict(_schedules(tx, where, values))


def public_fees(engine: Engine, on: date) -> Mapping[str, Schedule]:
    """``fees_on`` for everybody in the directory."""
    with reading(engine) as tx:
        return fees_on(tx, on)


def _schedules(tx: Transaction, where: str, values: Sequence[Any]) -> list[tuple[str, Schedule]]:
    rows = tx.rows(
        "SELECT s.id, c.no, s.number, s.effective_on, s.refund, s.basis, s.filed_at, f.name, f.unit, f.fen"
        " FROM fee_schedule s JOIN cases c ON c.id = s.case_id JOIN fee_item f ON f.schedule_id = s.id"
        f" WHERE {where} ORDER BY s.effective_on, s.number, f.place",
        values,
    )
    items: dict[int, list[Fee]] = {}
    heads: dict[int, tuple[Any, ...]] = {}
    for row in rows:
        heads[row[0]] = row
        items.setdefault(row[0], []).append(Fee(*row[7:]))
    found = []
    for id_, (_, no, number, effective, refund, basis, filed, *_rest) in heads.items():
        since, at = day(effective), instant(filed)
        assert since is not None
        assert at is not None
        found.append((no, Schedule(number, since, tuple(items[id_]), refund, basis, at)))
    return found
