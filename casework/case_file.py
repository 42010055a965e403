"""Everything kept about one case that its reader may see: standing, history, form, papers, notes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from casework.access.policy import cases_within, may, refuse_unless_may
from casework.actors import Actor
from casework.audit import Entry, append
from casework.case_notes import Note, notes_of
from casework.desk import Desk
from casework.filed_versions import Filed, filed_versions
from casework.history import History, case_number, history
from casework.selection import NoSuchCase
from records.transaction import Transaction, reading, transaction
from states.facts import instant
from states.labels import MATERIALS


@dataclass(frozen=True, slots=True)
class Kept:
    """One paper of a case: what it is, its size in bytes, when it came, and the plain name it is handed out under."""

    id: int
    label: str
    size: int
    at: datetime
    file_name: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The whole file; what the reader may not see is empty."""

    id: int
    history: History
    filed: tuple[Filed, ...]
    materials: tuple[Kept, ...]
    notes: tuple[Note, ...]


def case_file(desk: Desk, no: str, *, as_of: datetime, actor: Actor) -> CaseFile:
    """The file of a case. Raises NoSuchCase when there is none, or none the actor may see."""
    with reading(desk.engine) as tx:
        id_, call = _within(tx, no, actor, "case.see")
        papers = tuple(_materials(tx, id_, case_number(no))) if may(actor, "material.see") else ()
        filed, notes = tuple(filed_versions(tx, id_, call)), tuple(notes_of(tx, id_, actor))
    return CaseFile(id_, history(desk, no, as_of=as_of, actor=actor), filed, papers, notes)


def open_material(
    desk: Desk, no: str, material_id: int, read: Callable[[str], bytes], *, by: Actor, as_of: datetime
) -> tuple[Kept, bytes]:
    """One paper and its content through ``read`` (digest → bytes); who opened it is on record (M24-11.6a).

    Raises NoSuchCase, also when the case has no such paper; Refused when it cannot be read.
    """
    refuse_unless_may(by, "material.see")
    with transaction(desk.engine) as tx:
        id_, _ = _within(tx, no, by, "material.see")
        kept = next((each for each in _materials(tx, id_, case_number(no)) if each.id == material_id), None)
        row = tx.one("SELECT digest FROM material WHERE id = ? AND case_id = ?", (material_id, id_))
        if kept is None or row is None:
            raise NoSuchCase
        content = read(row[0])
        detail = {"material": material_id}
        append(
            tx,
            [Entry(as_of, as_of, by.signature, "material", "opened", id_, clause="M24-11.6a", detail=detail)],
        )
    return kept, content


def _within(tx: Transaction, no: str, actor: Actor, action: str) -> tuple[int, str]:
    within, values = cases_within(actor, action)
    row = tx.one(f"SELECT c.id, c.call FROM cases c WHERE c.no = ? AND {within}", (case_number(no), *values))
    if row is None:
        raise NoSuchCase
    return row[0], row[1]


def _materials(tx: Transaction, case_id: int, no: str) -> list[Kept]:
    rows = tx.rows("SELECT id, kind, name, size, at FROM material WHERE case_id = ? ORDER BY id", (case_id,))
    found = []
    for id_, kind, name, size, text in rows:
        at = instant(text)
        assert at is not None
        ending = PurePath(name).suffix.lower()
        plain = ending if re.fullmatch(r"\.[a-z0-9]{1,5}", ending) else ""
        label = MATERIALS.get(kind, kind)
        found.append(Kept(id_, label, size, at, f"{no}-{id_}-{label.partition('（')[0]}{plain}"))
    return found
