"""A signed extract: whether one institution stood in the directory on one day, and the decisions that put it there.

It is checked with the installation's public key and nothing else (``casework/extract_proof.py``). What it says of the
audit log are sequence numbers and hashes: whoever holds an exported log can compare them. It names no person.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from stdnum.cn import uscc as codes

from casework.desk import Desk
from casework.directory import Entry, entries
from casework.duties.fees import fees_on
from casework.history import case_number
from casework.particulars.values import values_on
from casework.signing import Signer
from records.transaction import Transaction, reading
from states.anchors import publicity_period
from states.calendar import SHANGHAI, day_of, end_of
from states.checked import Process
from states.draw.canonical import text
from states.effects import begin_term, post, post_again, renew_term
from states.facts import day, instant
from states.labels import DECIDERS, TRACKS
from states.particulars import NAME
from states.places import OFFICES
from states.refusals import Refused

FORMAT = "linxuan extract 1"
CLAUSE = "I21-6.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose extract: an institution, and one of its cases when a case number was typed."""

    institution_id: int | None
    name: str
    uscc: str
    no: str = ""


def make_extract(desk: Desk, who: str, *, on: date, signer: Signer, as_of: datetime) -> bytes:
    """The extract for an institution (full name or credit code) or a case number, on a Shanghai day, as a JSON file.

    Says that it did not stand in the directory when it did not. Raises Refused for a day that has not come, and for
    somebody unknown who cannot be told apart by a credit code.
    """
    if on > day_of(as_of):
        raise Refused(f"{on}尚未到来，不能出具该日的目录摘录。", clause=CLAUSE)
    listed = entries(desk.engine, on=on, processes=desk.processes)
    with reading(desk.engine) as tx:
        asked = _asked(tx, who)
        name = values_on(tx, NAME, on).get(asked.uscc, asked.name)
        found = [each for each in listed if each.uscc == asked.uscc and asked.no in ("", each.no)]
        says = {
            "issuer": DECIDERS["office"],
            "made_at": as_of.astimezone(SHANGHAI).isoformat(),
            "on": str(on),
            "institution": name,
            "uscc": asked.uscc,
            "asked_no": asked.no,
            "in_directory": bool(found),
            "entries": [_entry(tx, desk, each, on) for each in found],
            "former": _former(tx, asked, on, {(each.no, each.number) for each in found}),
            "audit": _log_head(tx),
        }
    return sealed(says, signer)


def sealed(says: Mapping[str, Any], signer: Signer) -> bytes:
    """The file: what it says, its hash, and the signature over its canonical text."""
    content = text(says).encode()
    document = {
        "format": FORMAT,
        "content": says,
        "sha256": sha256(content).hexdigest(),
        "key_id": signer.key_id,
        "public_key": signer.public,
        "signature": signer.sign(content),
    }
    return written(document)


def written(document: Any) -> bytes:
    """A document the one way an extract is written: any other bytes are not an extract."""
    return f"{json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def _asked(tx: Transaction, who: str) -> Asked:
    plain = who.strip()
    row = tx.one(
        "SELECT i.id, i.name, i.uscc, c.no FROM cases c JOIN institution i ON i.id = c.institution_id WHERE c.no = ?",
        (case_number(plain),),
    )
    if row is not None:
        return Asked(*row)
    rows = tx.rows(
        "SELECT id, name, uscc FROM institution WHERE name = ? OR uscc = ?", (plain, plain.upper())
    ) or tx.rows(
        "SELECT DISTINCT i.id, i.name, i.uscc FROM particular p JOIN institution i ON i.id = p.institution_id"
        " WHERE p.field = ? AND p.old = ?",
        (NAME, plain),
    )
    if len(rows) == 1:
        return Asked(*rows[0])
    if rows:
        raise Refused(f"名称为“{who}”的机构有{len(rows)}家，请改用统一社会信用代码。", clause=CLAUSE)
    if codes.is_valid(plain.upper()):
        return Asked(None, "", plain.upper())
    raise Refused(
        f"没有名称、统一社会信用代码或申报编号为“{who}”的机构，请写全称或18位统一社会信用代码。",
        clause=CLAUSE,
    )


def _entry(tx: Transaction, desk: Desk, each: Entry, on: date) -> dict[str, Any]:
    process = desk.processes.process(desk.processes.key_for(each.call, each.track))
    fees = fees_on(tx, on, [each.no]).get(each.no)
    return {
        "no": each.no,
        "track": TRACKS[each.track],
        "call": each.call,
        "occupation": each.occupation.code,
        "occupation_title": each.occupation.title,
        "levels": each.levels,
        "province": OFFICES[f"P{each.province}"].full,
        "recommender": each.recommender,
        "address": each.address,
        "phone": each.phone,
        "mailbox": each.mailbox,
        "term": each.number,
        "from": str(each.first_day),
        "to": str(each.last_day),
        "status": each.status,
        "fees": fees.record() if fees else None,
        "publicity": _publicity(tx, desk, process, each.no),
        "decisions": _decisions(tx, process, each.no, on),
    }


def _publicity(tx: Transaction, desk: Desk, process: Process, no: str) -> dict[str, Any] | None:
    """When it was publicised, and how the days were counted."""
    row = tx.one("SELECT posted_at FROM cases WHERE no = ?", (no,))
    posted = instant(row[0]) if row else None
    if posted is None:
        return None
    period = publicity_period(posted, process.rules, desk.calendar)
    return {
        "posted_at": posted.astimezone(SHANGHAI).isoformat(),
        "first_day_counted": str(period.counted[0]),
        "last_day": str(period.day),
        "working_days": len(period.counted),
        "explanation": period.explanation(),
        "clause": process.rules.publicity.clause,
    }


def _decisions(tx: Transaction, process: Process, no: str, on: date) -> list[dict[str, Any]]:
    """The entries of the audit log that put it on the list, into the directory, and into its later terms."""
    names = sorted(
        move.name
        for stage in process.stages.values()
        for move in (*stage.moves, *(clock.move for clock in stage.clock))
        if move.effect in (post, post_again, begin_term, renew_term)
    )
    rows = tx.rows(
        "SELECT a.seq, a.at, a.written_at, a.name, a.actor, a.from_stage, a.to_stage, a.clause, a.hash FROM audit a"
        f" JOIN cases c ON c.id = a.case_id WHERE c.no = ? AND a.kind = 'move' AND a.at < ? AND {tx.among('a.name')}"
        " ORDER BY a.seq",
        (no, end_of(on), tx.listed(names)),
    )
    return [
        {
            "seq": seq,
            "at": _spoken(at),
            "written_at": _spoken(written_at),
            "move": name,
            "label": process.labels.get(name, name),
            "by": actor.partition(":")[0],
            "from": came,
            "to": went,
            "clause": clause,
            "hash": hash_,
        }
        for seq, at, written_at, name, actor, came, went, clause, hash_ in rows
    ]


def _former(tx: Transaction, asked: Asked, on: date, standing: set[tuple[str, int]]) -> list[dict[str, Any]]:
    """Terms that had begun and were over by the end of that day: the days alone."""
    narrowed, values = ("AND c.no = ?", [asked.no]) if asked.no else ("", [])
    rows = tx.rows(
        "SELECT c.no, t.number, t.track, t.occupation, t.starts_at, t.last_day, t.ended_at FROM term t"
        f" JOIN cases c ON c.id = t.case_id WHERE t.institution_id = ? AND t.starts_at < ? {narrowed}"
        " ORDER BY t.starts_at, c.no",
        (asked.institution_id or 0, end_of(on), *values),
    )
    found = []
    for no, number, track, occupation, starts, last_text, ended in rows:
        first, last, left = instant(starts), day(last_text), instant(ended)
        assert first is not None
        assert last is not None
        if (no, number) not in standing:
            over = min(last, day_of(left)) if left and left < end_of(on) else last
            found.append({
                "no": no, "term": number, "track": TRACKS[track], "occupation": occupation,
                "from": str(day_of(first)), "to": str(min(over, on)),
            })  # fmt: skip
    return found


def _log_head(tx: Transaction) -> dict[str, Any]:
    row = tx.one("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    return {"entries": row[0] if row else 0, "head": row[1] if row else ""}


def _spoken(stored: Any) -> str:
    found = instant(stored)
    assert found is not None
    return found.astimezone(SHANGHAI).isoformat()
