"""Objections that arrive over the public page: received as by mail, with a code by which their sender alone follows them.

The code is derived from the installation's key and what was said: nothing that tells who asked is kept for it.
"""

import hmac
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from casework.actors import Actor
from casework.desk import Desk
from casework.history import find_case
from casework.objections.evidence import Store
from casework.objections.keeping import CLAUSE, OUTCOMES
from casework.objections.lodging import Lodged, NewObjection, lodge
from records.transaction import reading
from states.facts import instant
from states.refusals import Refused
from states.roles import Role

NAME, BEHIND = "网上异议", "public:web"
_WRONG = "异议编号或查询码不对，请照回执核对。"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender takes away: the number, and the code to follow it with; ``absorbed`` as in ``Lodged``."""

    no: str
    code: str
    absorbed: bool
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """How an objection stands, as told to its sender. ``reply`` is empty while it is investigated."""

    no: str
    institution: str
    received_at: datetime
    due_at: datetime
    due_explained: str
    label: str
    decided_at: datetime | None
    reply: str


def lodge_online(
    desk: Desk,
    case_no: str,
    objection: NewObjection,
    *,
    keys: Sequence[str],
    as_of: datetime,
    store: Store,
) -> Receipt:
    """Receive an objection nobody signed in for, in the name of the office that publishes. Raises Refused as ``lodge``."""
    with reading(desk.engine) as tx:
        facts = find_case(tx, case_no)[0].facts
    publicity = desk.processes.process(facts.process).stages["publicity"]
    roles = sorted(next(each.by for each in publicity.moves if each.name == "object"))
    scope = facts.province if Role.PROVINCE in roles and Role.OFFICE not in roles else ""
    by = Actor(NAME, Role.PROVINCE, scope, BEHIND) if scope else Actor(NAME, Role.OFFICE, "", BEHIND)
    made: Lodged = lodge(desk, case_no, objection, by=by, as_of=as_of, store=store)
    with reading(desk.engine) as tx:
        row = tx.one("SELECT text_sha256 FROM objection WHERE no = ?", (made.no,))
    assert row is not None
    return Receipt(made.no, _code(keys[0], made.no, row[0]), made.absorbed, made.acknowledged)


def follow_online(desk: Desk, no: str, code: str, *, keys: Sequence[str]) -> Followed:
    """How an objection stands, for whoever has its code. Refused alike for a wrong number and a wrong code."""
    number, given = no.strip().upper(), "".join(code.split()).upper().replace("-", "")
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT o.no, o.text_sha256, i.name, o.received_at, o.due_at, o.due_explained, o.outcome, o.decided_at,"
            " o.reply FROM objection o JOIN cases c ON c.id = o.case_id JOIN institution i ON i.id = c.institution_id"
            " WHERE o.no = ?",
            (number,),
        )
    known = row[:2] if row else (number, "")
    fits = [hmac.compare_digest(_plain(_code(key, *known)), given.encode()) for key in keys]
    if row is None or not any(fits):
        raise Refused(_WRONG, clause=CLAUSE)
    received, due = instant(row[3]), instant(row[4])
    assert received is not None
    assert due is not None
    return Followed(row[0], row[2], received, due, row[5], OUTCOMES[row[6]], instant(row[7]), row[8])


def _code(key: str, no: str, text_sha256: str) -> str:
    mark = hmac.new(
        sha256(f"linxuan objection receipt 1\n{key}".encode()).digest(),
        f"{no}\n{text_sha256}".encode(),
        sha256,
    ).digest()
    text = b32encode(mark[:10]).decode()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def _plain(code: str) -> bytes:
    return code.replace("-", "").encode()
