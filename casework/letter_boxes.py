"""Where letters lie until they leave: those of cases, and those of panels and objections, which say nothing of their readers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from notifications.mail import Delivery
from records.crypt import decrypt
from records.transaction import Transaction


class Owed(NamedTuple):
    """One letter as it leaves; ``case_id`` is None for letters about no case."""

    id: int
    case_id: int | None
    letter: str
    recipient: str
    subject: str
    body: str
    message_id: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Box:
    """A table of letters, and what differs between them.

    ``kind`` is how the audit log and incidents speak of its letters; ``confided`` is what may be kept of the other
    side's answer, ``complaint`` what an incident says of a letter that failed. ``narrowed`` is a further condition
    (``AND …``) on what is taken out, ``settled`` is told of every attempt in the transaction that writes it down.
    """

    table: str
    kind: str
    columns: str
    opened: Callable[[tuple[Any, ...]], Owed]
    put_off: Callable[[Transaction, datetime, datetime], int]
    confided: Callable[[Owed, str], str]
    complaint: Callable[[Transaction, Owed, str], str]
    narrowed: str = ""
    settled: Callable[[Transaction, Owed, Delivery, datetime], None] | None = None


def _put_off_cases(tx: Transaction, as_of: datetime, opening: datetime) -> int:
    """Letters wait for the office to open, unless the limit they are about would pass before."""
    put_off: int = tx.run(
        "UPDATE letter SET not_before = ? WHERE state = 'queued' AND not_before <= ? AND NOT EXISTS"
        " (SELECT 1 FROM cases c WHERE c.id = letter.case_id AND c.due_at > ? AND c.due_at <= ?)",
        (opening, as_of, as_of, opening),
    ).rowcount
    return put_off


def _put_off_panels(tx: Transaction, as_of: datetime, opening: datetime) -> int:
    """Likewise; the limits of panels are those of their timers. A link asked for goes at once, and its code."""
    put_off: int = tx.run(
        "UPDATE panel_letter SET not_before = ? WHERE state = 'queued' AND not_before <= ?"
        " AND letter <> 'expert_link' AND occasion NOT LIKE 'expert_link.%' AND NOT EXISTS"
        " (SELECT 1 FROM panel_timer t JOIN seat s ON s.panel_id = t.panel_id WHERE s.id = panel_letter.seat_id"
        " AND t.kind IN ('answer', 'meets', 'closes') AND (t.seat_id IS NULL OR t.seat_id = s.id)"
        " AND t.due > ? AND t.due <= ?)",
        (opening, as_of, as_of, opening),
    ).rowcount
    return put_off


def _put_off_objections(tx: Transaction, as_of: datetime, opening: datetime) -> int:
    """Likewise; no limit runs for those who objected."""
    put_off: int = tx.run(
        "UPDATE objection_letter SET not_before = ? WHERE state = 'queued' AND not_before <= ?",
        (opening, as_of),
    ).rowcount
    return put_off


def _sealed_letter(row: tuple[Any, ...]) -> Owed:
    id_, letter, recipient, subject, body, message_id, attempts = row
    return Owed(id_, None, letter, decrypt(recipient), decrypt(subject), decrypt(body), message_id, attempts)


def _withheld(_: Owed, answer: str) -> str:
    """A mail server likes to repeat the mailbox: of its answer only the code is kept, where it begins with one."""
    code = answer.strip()[:3]
    return f"邮件服务器答复{code}" if code.isascii() and code.isdecimal() else "未能交给邮件服务器"


def _panel_complaint(tx: Transaction, owed: Owed, answer: str) -> str:
    row = tx.one(
        "SELECT p.no, s.place FROM panel_letter l JOIN seat s ON s.id = l.seat_id JOIN panel p ON p.id = s.panel_id"
        " WHERE l.id = ?",
        (owed.id,),
    )
    assert row is not None
    return f"专家组{row[0]}第{row[1]}席的通知未能送达：{_withheld(owed, answer)}"


def _objection_complaint(tx: Transaction, owed: Owed, answer: str) -> str:
    row = tx.one(
        "SELECT o.no FROM objection_letter l JOIN objection o ON o.id = l.objection_id WHERE l.id = ?",
        (owed.id,),
    )
    assert row is not None
    return f"异议{row[0]}的答复未能送达：{_withheld(owed, answer)}"


LETTERS = Box(
    "letter",
    "letter",
    "id, case_id, letter, recipient, subject, body, message_id, attempts",
    Owed._make,
    _put_off_cases,
    lambda _, answer: answer,
    lambda _, owed, answer: f"通知“{owed.subject}”未能送达：{answer}",
)
PANEL_LETTERS = Box(
    "panel_letter",
    "panel_letter",
    "id, letter, recipient, subject, body, message_id, attempts",
    _sealed_letter,
    _put_off_panels,
    _withheld,
    _panel_complaint,
)
OBJECTION_LETTERS = Box(
    "objection_letter",
    "objection_letter",
    "id, letter, recipient, subject, body, message_id, attempts",
    _sealed_letter,
    _put_off_objections,
    _withheld,
    _objection_complaint,
)
BOXES = (LETTERS, PANEL_LETTERS, OBJECTION_LETTERS)
"""In the order in which they are emptied."""
