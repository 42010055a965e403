"""The particulars of institutions: as they are, as they were on a day, and everything they ever were (M24-20c)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.filed_forms import filed_form
from records.crypt import decrypt, encrypt
from records.transaction import Transaction
from states.calendar import end_of
from states.facts import instant
from states.particulars import (
    ADDRESS,
    CLAUSE,
    CONTACT_MAIL,
    NAME,
    PARTICULARS,
    REPRESENTATIVE,
    REPRESENTATIVE_ID,
)


@dataclass(frozen=True, slots=True)
class Made:
    """One change that took effect. ``old`` and ``value`` are empty for what is not public."""

    field: str
    label: str
    old: str
    value: str
    change_no: str
    clause: str
    effective_at: datetime


def values_on(tx: Transaction, field: str, on: date) -> dict[str, str]:
    """A public particular as it stood at the end of a Shanghai day, by credit code, of every institution that ever
    changed it; whoever is not among them has what it has now.
    """
    end, found = end_of(on), dict[str, str]()
    for uscc, old, value, effective in tx.rows(
        "SELECT i.uscc, p.old, p.value, p.effective_at FROM particular p JOIN institution i ON i.id = p.institution_id"
        " WHERE p.field = ? ORDER BY p.effective_at, p.id",
        (field,),
    ):
        at = instant(effective)
        assert at is not None
        if at < end:
            found[uscc] = value
        else:
            found.setdefault(uscc, old)
    return found


def current_values(tx: Transaction, institution_id: int, case_ids: Collection[int]) -> dict[str, str]:
    """Everything now known of an institution, personal values included, by key; empty where nothing is.

    What was never changed is what its row, its cases and its newest form say.
    """
    found = dict.fromkeys(PARTICULARS, "")
    row = tx.one("SELECT name, address FROM institution WHERE id = ?", (institution_id,))
    assert row is not None
    for case_id in sorted(case_ids):
        form = filed_form(tx, case_id)
        if form is not None:
            found |= {
                REPRESENTATIVE: form.legal_representative,
                REPRESENTATIVE_ID: form.legal_representative_id or "",
                "contact_person": form.contact.name,
                "contact_mobile": form.contact.phone,
            }
        mail = tx.one("SELECT contact_mail FROM cases WHERE id = ?", (case_id,))
        found[CONTACT_MAIL] = (mail[0] if mail else "") or found[CONTACT_MAIL]
    for field, value, sealed in tx.rows(
        "SELECT field, value, sealed FROM particular WHERE institution_id = ? ORDER BY effective_at, id",
        (institution_id,),
    ):
        found[field] = value if PARTICULARS[field].public else decrypt(sealed)
    return found | {NAME: row[0], ADDRESS: row[1]}


def made_changes(tx: Transaction, institution_id: int, *, public_only: bool = True) -> list[Made]:
    """The changes an institution has made, oldest first; what is not public comes without its values."""
    rows = tx.rows(
        "SELECT field, old, value, change_no, clause, effective_at FROM particular WHERE institution_id = ?"
        " ORDER BY effective_at, id",
        (institution_id,),
    )
    return [_made(*row) for row in rows if PARTICULARS[row[0]].public or not public_only]


def changed_institutions(tx: Transaction) -> frozenset[int]:
    """The institutions whose name or legal representative ever changed."""
    rows = tx.rows(
        "SELECT DISTINCT institution_id FROM particular WHERE field IN (?, ?)", (NAME, REPRESENTATIVE)
    )
    return frozenset(row[0] for row in rows)


def ever(tx: Transaction, institution_id: int) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Every name an institution had, and every legal representative with the identity number that came with the change."""
    names: dict[str, None] = {}
    heads: dict[str, str] = {}
    last = ""
    for field, old, value, sealed in tx.rows(
        "SELECT field, old, value, sealed FROM particular WHERE institution_id = ? AND field IN (?, ?, ?)"
        " ORDER BY effective_at, id",
        (institution_id, NAME, REPRESENTATIVE, REPRESENTATIVE_ID),
    ):
        if field == NAME:
            names |= dict.fromkeys((old, value))
        elif field == REPRESENTATIVE:
            heads.setdefault(old, "")
            heads[value], last = "", value
        elif last:
            heads[last] = decrypt(sealed)
    return tuple(filter(None, names)), tuple(heads.items())


def write_change(
    tx: Transaction,
    institution_id: int,
    field: str,
    old: str,
    value: str,
    *,
    by: str,
    at: datetime,
    case_id: int | None = None,
    change_no: str = "",
) -> None:
    """Make one change: the row of the institution, where letters go, and the history, in the caller's transaction."""
    public = PARTICULARS[field].public
    tx.run(
        "INSERT INTO particular (institution_id, case_id, field, old, value, sealed, change_no, clause, by, effective_at)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            institution_id, case_id, field, old if public else "", value if public else "",
            encrypt("" if public else value), change_no, CLAUSE, by, at,
        ),
    )  # fmt: skip
    if field in (NAME, ADDRESS):
        tx.run(f"UPDATE institution SET {field} = ? WHERE id = ?", (value, institution_id))
    elif field == CONTACT_MAIL:
        # A case whose content was purged has none, and stays without.
        tx.run(
            "UPDATE cases SET contact_mail = ? WHERE institution_id = ? AND contact_mail <> ''",
            (value, institution_id),
        )


def _made(field: str, old: str, value: str, change_no: str, clause: str, effective: Any) -> Made:
    at = instant(effective)
    assert at is not None
    return Made(field, PARTICULARS[field].label, old, value, change_no, clause, at)
