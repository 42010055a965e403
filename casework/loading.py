"""Rows of cases as facts, with what letters need beside them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from records.transaction import Transaction
from states.facts import Facts

_WIDTH = len(Facts._fields)
_COLUMNS = ", ".join(f"c.{name}" for name in Facts._fields)
_JOIN = "FROM cases c JOIN institution i ON i.id = c.institution_id"
_SELECT = f"SELECT {_COLUMNS}, c.levels, c.contact_mail, i.name {_JOIN}"


class Loaded(NamedTuple):
    """One case as loaded: its facts, and what its letters say and where they go."""

    facts: Facts
    levels: str
    contact_mail: str
    institution: str


def load(tx: Transaction, ids: Sequence[int]) -> list[Loaded]:
    """The cases of these ids, in id order; locked against others where the database does not lock as a whole."""
    suffix = "" if tx.sqlite else " FOR UPDATE OF c"
    if len(ids) == 1:
        rows = tx.rows(f"{_SELECT} WHERE c.id = ?{suffix}", (ids[0],))
    else:
        rows = tx.rows(f"{_SELECT} WHERE {tx.among('c.id')} ORDER BY c.id{suffix}", (tx.listed(ids),))
    return [as_loaded(row) for row in rows]


def as_loaded(row: tuple[Any, ...]) -> Loaded:
    """A row of the query above."""
    return Loaded(Facts._make(row[:_WIDTH]), row[_WIDTH], row[_WIDTH + 1], row[_WIDTH + 2])


def select_cases(further: str) -> str:
    """The query ``as_loaded`` reads, with further columns after those it needs."""
    return f"SELECT {_COLUMNS}, c.levels, c.contact_mail, i.name, {further} {_JOIN}"


def case_id(tx: Transaction, no: str) -> int | None:
    """The id of a case number, or None."""
    found = tx.one("SELECT id FROM cases WHERE no = ?", (no,))
    return None if found is None else int(found[0])
