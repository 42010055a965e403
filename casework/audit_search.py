"""Searching the audit log: by case, actor, kind, name and day, newest first, page by page behind a number."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from casework.desk import Desk
from records.transaction import reading
from states.calendar import end_of, start_of
from states.facts import instant


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; empty fields do not narrow. ``until`` is the last Shanghai day."""

    no: str = ""
    actor: str = ""
    kind: str = ""
    name: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of the log. ``no`` is the case's number, empty when it concerns none; instants are aware UTC."""

    seq: int
    at: datetime
    written_at: datetime
    actor: str
    kind: str
    name: str
    no: str
    from_stage: str
    to_stage: str
    version: int
    clause: str
    hash: str
    detail: Mapping[str, Any] = field(default_factory=dict)


def search(desk: Desk, wanted: Wanted, *, before: int | None = None, limit: int = 51) -> list[Found]:
    """The entries that fit, newest first; ``before`` is the number the page begins behind.

    ``actor`` is a signature or its beginning (``office:`` or ``office:lin``); who acted for another is found by both.
    Days are those of writing: the log is in that order, so that a day is found without reading the log.
    """
    parts, values = ["1 = 1"], list[Any]()
    with reading(desk.engine) as tx:
        if wanted.no:
            row = tx.one("SELECT id FROM cases WHERE no = ?", (wanted.no.strip().upper(),))
            parts.append("a.case_id = ?")
            values.append(row[0] if row else -1)
        if wanted.actor:
            parts.append("(substr(a.actor, 1, ?) = ? OR a.actor LIKE ? ESCAPE '\\')")
            named = wanted.actor.strip()
            plain = "".join(f"\\{char}" if char in "%_\\" else char for char in named)
            values += [len(named), named, f"% by {plain}%"]
        for column, value in (("kind", wanted.kind), ("name", wanted.name)):
            if value:
                parts.append(f"a.{column} = ?")
                values.append(value)
        if wanted.since:
            parts.append("a.written_at >= ?")
            values.append(start_of(wanted.since))
        if wanted.until:
            parts.append("a.written_at < ?")
            values.append(end_of(wanted.until))
        if before is not None:
            parts.append("a.seq < ?")
            values.append(before)
        rows = tx.rows(
            "SELECT a.seq, a.at, a.written_at, a.actor, a.kind, a.name, c.no, a.from_stage, a.to_stage, a.version,"
            f" a.clause, a.hash, a.detail FROM audit a LEFT JOIN cases c ON c.id = a.case_id"
            f" WHERE {' AND '.join(parts)} ORDER BY a.seq DESC LIMIT ?",
            (*values, limit),
        )
    return [_found(row) for row in rows]


def kinds(desk: Desk) -> list[str]:
    """The kinds of entries among the newest, for choosing from."""
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT DISTINCT kind FROM (SELECT kind FROM audit ORDER BY seq DESC LIMIT 20000) k ORDER BY kind"
        )
    return [row[0] for row in rows]


def _found(row: tuple[Any, ...]) -> Found:
    at, written = instant(row[1]), instant(row[2])
    assert at is not None
    assert written is not None
    return Found(
        row[0], at, written, row[3], row[4], row[5], row[6] or "", row[7], row[8], row[9], row[10], row[11],
        json.loads(row[12]),
    )  # fmt: skip
