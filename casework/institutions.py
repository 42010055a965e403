"""Institutions: one per unified social credit code, found or made when an application comes in.

A code names one institution, so a second name under it is a slip or a change of name. Filing never decides which:
it refuses in words, and a change of name is recorded as such (M24-20c).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.particulars.values import write_change
from records.transaction import Transaction, transaction
from states.forms import Application
from states.particulars import NAME
from states.places import PROVINCES, Office
from states.refusals import Refused


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution as kept; ``province`` is the two-digit code."""

    id: int
    uscc: str
    name: str
    province: str


def institution_of(tx: Transaction, uscc: str) -> Institution | None:
    """The institution of that code, or None when it was never seen here."""
    row = tx.one("SELECT id, uscc, name, province FROM institution WHERE uscc = ?", (uscc,))
    return None if row is None else Institution(*row)


def refuse_another_name(known: Institution, name: str) -> None:
    """Raises Refused when ``name`` is not the name kept under the code; spaces, width and brackets do not count."""
    if _plain(known.name) != _plain(name):
        raise Refused(
            f"统一社会信用代码{known.uscc}已登记为“{known.name}”，推荐表填写的是“{name}”；"
            "填写有误的请更正后再报，单位已更名的请先办理更名登记",
            clause="M24-20c",
        )


def make_institution(tx: Transaction, application: Application, province: str) -> Institution:
    """Keep an institution seen for the first time, within the caller's transaction."""
    row = tx.run(
        "INSERT INTO institution (uscc, name, province, address, unit_type, founded_on) VALUES (?,?,?,?,?,?)"
        " RETURNING id",
        (
            application.uscc, application.institution, province, application.address,
            str(application.unit_type), application.founded,
        ),
    ).fetchone()  # fmt: skip
    return Institution(int(row[0]), application.uscc, application.institution, province)


def province_of(application: Application, channel: Office) -> str:
    """The two-digit code of the institution's province.

    That of the provincial office it applies through; through a department that of its address, else of the place
    its code was given out. Raises Refused when neither tells.
    """
    if channel.region:
        return channel.region
    address = _plain(application.address)
    for office in PROVINCES:
        if address.startswith((office.full, office.short)):
            return office.region
    registered = application.uscc[2:4]
    if any(office.region == registered for office in PROVINCES):
        return registered
    raise Refused(
        f"「单位地址」“{application.address}”看不出所在省份，请从省（自治区、直辖市）写起后再报",
        clause="M24-7.2a",
    )


def rename_institution(
    desk: Desk, uscc: str, name: str, *, by: Actor, as_of: datetime, reason: str
) -> Institution:
    """Record a reported change of name (M24-20c), found by the office itself. The directory of past days keeps the old one.

    Raises Refused when the code is unknown or the name is empty.
    """
    new = " ".join(name.split())
    if not new:
        raise Refused("单位新名称没有填写", clause="M24-20c")
    with transaction(desk.engine) as tx:
        known = institution_of(tx, uscc)
        if known is None:
            raise Refused(f"没有统一社会信用代码为{uscc}的单位，请核对代码", clause="M24-20c")
        if known.name == new:
            return known
        write_change(tx, known.id, NAME, known.name, new, by=by.signature, at=as_of)
        detail = {"uscc": uscc, "from": known.name, "to": new, "reason": reason}
        append(
            tx, [Entry(as_of, as_of, by.signature, "institution", "rename", clause="M24-20c", detail=detail)]
        )
        return Institution(known.id, uscc, new, known.province)


def _plain(name: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))
