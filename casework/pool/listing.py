"""The pool as its readers see it: never an identity number or a telephone number (M24-11.6a)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.actors import Actor
from casework.desk import Desk
from casework.pool.access import refuse_unless_reader
from casework.pool.members import of_field
from casework.pool.profile import Profile, profile_from
from casework.pool.standing import Standing, expert_code, unknown_expert
from records.crypt import decrypt
from records.transaction import reading
from states.facts import instant

_COLUMNS = "code, name, employer, uscc, province, title, fields, state"


@dataclass(frozen=True, slots=True)
class ListedExpert:
    """One line of the list. ``province`` is two digits, ``fields`` are occupation codes."""

    code: str
    name: str
    employer: str
    uscc: str
    province: str
    title: str
    fields: tuple[str, ...]
    state: Standing


@dataclass(frozen=True, slots=True)
class PoolListing:
    """The first experts of a choice, by code, and how many there are in all."""

    lines: tuple[ListedExpert, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ExpertView:
    """One expert with the profile; of the mailbox just enough to recognise it. Instants are aware UTC."""

    listed: ListedExpert
    mail: str
    profile: Profile
    added_at: datetime
    updated_at: datetime

    @property
    def unknown(self) -> tuple[str, ...]:
        """The keys of what nobody knows yet and recusal therefore holds for a human."""
        profile = self.profile
        asked = ("employment", "ties", "legal_representative", "shareholders", "service")
        return tuple(key for key in asked if getattr(profile, key) is None)


def list_experts(
    desk: Desk,
    *,
    by: Actor,
    field: str | None = None,
    province: str | None = None,
    state: Standing | None = None,
    search: str = "",
    after: str = "",
    limit: int = 50,
) -> PoolListing:
    """The experts of a field (occupation code), province (two digits) and standing, at most ``limit`` of them.

    ``search`` is part of a code, name or employer; ``after`` the code after which the list goes on.

    Raises Refused for those who may not look into the pool.
    """
    refuse_unless_reader(by)
    asked = [
        (of_field(), f"%,{field},%" if field is not None else None),
        ("province = ?", province),
        ("state = ?", None if state is None else str(state)),
    ]
    where = " AND ".join(["1 = 1", *(sql for sql, value in asked if value is not None)])
    values: list[Any] = [value for _, value in asked if value is not None]
    if search.strip():
        where += " AND (code LIKE ? OR name LIKE ? OR employer LIKE ?)"
        values += [f"%{search.strip()[:80]}%"] * 3
    with reading(desk.engine) as tx:
        total = tx.one(f"SELECT count(*) FROM expert WHERE {where}", values)
        rows = tx.rows(
            f"SELECT {_COLUMNS} FROM expert WHERE {where} AND code > ? ORDER BY code LIMIT ?",
            (*values, after, limit),
        )
    return PoolListing(tuple(map(_listed, rows)), int(total[0]) if total else 0)


def show_expert(desk: Desk, code: str, *, by: Actor) -> ExpertView:
    """One expert. Raises Refused for those who may not look, and for a code nobody has."""
    refuse_unless_reader(by)
    wanted = expert_code(code)
    with reading(desk.engine) as tx:
        row = tx.one(
            f"SELECT {_COLUMNS}, mail, profile, added_at, updated_at FROM expert WHERE code = ?", (wanted,)
        )
    if row is None:
        raise unknown_expert(wanted)
    *listed, mail, profile, added, changed = row
    added_at, updated_at = instant(added), instant(changed)
    assert added_at is not None
    assert updated_at is not None
    return ExpertView(
        _listed(tuple(listed)), _hinted(decrypt(mail)), profile_from(profile), added_at, updated_at
    )


def _listed(row: tuple[Any, ...]) -> ListedExpert:
    code, name, employer, uscc, province, title, fields, state = row
    return ListedExpert(
        code,
        name,
        employer,
        uscc,
        province,
        title,
        tuple(fields.split(",")) if fields else (),
        Standing(state),
    )


def _hinted(mail: str) -> str:
    box, _, domain = mail.rpartition("@")
    return f"{box[:1]}***@{domain}"
