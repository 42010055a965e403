"""What a page shows of a batch: where its cases go, why others do not, line by line, and the letters it owes."""

from dataclasses import dataclass
from datetime import datetime

from casework.batches.kept import Batch, owed_in
from casework.desk import Desk
from casework.gate import Wanted, advance_in
from casework.plans import Owed
from records.transaction import reading, transaction

PAGE = 100


@dataclass(frozen=True, slots=True)
class Went:
    """So many cases from one stage to another (keys)."""

    stage: str
    to: str
    count: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why so many cases do not go, with one of them."""

    why: str
    clause: str
    count: int
    first: str


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a batch."""

    place: int
    no: str
    institution: str
    stage: str
    to: str
    why: str
    clause: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter as it would be sent to one of the recipients."""

    letter: str
    role: str
    subject: str
    body: str


def routes_of(desk: Desk, batch: Batch) -> list[Went]:
    """Where the cases that can go would go, the most first."""
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT stage, to_stage, count(*) FROM batch_line WHERE batch_id = ? AND to_stage IS NOT NULL"
            " GROUP BY stage, to_stage ORDER BY 3 DESC, 1, 2",
            (batch.id,),
        )
    return [Went(*row) for row in rows]


def reasons_of(desk: Desk, batch: Batch) -> list[Reason]:
    """Why the others do not, the most frequent first."""
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT why, coalesce(min(clause), ''), count(*), min(no) FROM batch_line WHERE batch_id = ?"
            " AND why IS NOT NULL GROUP BY why ORDER BY 3 DESC, 1 LIMIT 50",
            (batch.id,),
        )
    return [Reason(*row) for row in rows]


def letters_of(desk: Desk, batch: Batch) -> list[Owed]:
    """The letters it owes."""
    with reading(desk.engine) as tx:
        return owed_in(tx, batch.id)


def rows_of(desk: Desk, batch: Batch, *, after: int = 0, most: int = PAGE) -> list[Row]:
    """Its cases behind a place, in their order."""
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT l.place, l.no, coalesce(i.name, ''), l.stage, coalesce(l.to_stage, ''), coalesce(l.why, ''),"
            " coalesce(l.clause, '') FROM batch_line l LEFT JOIN cases c ON c.id = l.case_number"
            " LEFT JOIN institution i ON i.id = c.institution_id WHERE l.batch_id = ? AND l.place > ?"
            " ORDER BY l.place LIMIT ?",
            (batch.id, after, most),
        )
    return [Row(*row) for row in rows]


class _TakenBack(Exception):
    """Ends a look: the transaction must not be committed."""


def sample_letters(desk: Desk, batch: Batch, *, as_of: datetime) -> list[Sample]:
    """The letters of the first case of every route, rendered as the batch would; nothing is kept.

    Raises Refused when that case cannot go any more.
    """
    found: dict[tuple[str, str], Sample] = {}
    try:
        with transaction(desk.engine) as tx:
            firsts = tx.rows(
                "SELECT min(case_number) FROM batch_line WHERE batch_id = ? AND to_stage IS NOT NULL"
                " GROUP BY stage, to_stage",
                (batch.id,),
            )
            last = tx.one("SELECT coalesce(max(id), 0) FROM letter")
            wanted = [Wanted(row[0]) for row in firsts]
            advance_in(
                tx, desk, batch.move, wanted, by=batch.by, as_of=as_of, inputs=batch.inputs, partial=True
            )
            for letter, role, subject, body in tx.rows(
                "SELECT letter, role, subject, body FROM letter WHERE id > ? ORDER BY id",
                (last[0] if last else 0,),
            ):
                found.setdefault((letter, role), Sample(letter, role, subject, body))
            raise _TakenBack
    except _TakenBack:
        pass
    return list(found.values())
