"""The outbox as the office sees it: letters by state, one letter, holding it back, letting it go, changing its words.

Letters of cases are shown whole, to whom the case is open. Letters to experts and to those who objected lie sealed:
of these only counts and states are told (M24-7.3b, M24-11.6a).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from casework.access.policy import Reach, cases_within, reach, refuse_unless_may
from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from notifications.rendering import one_line
from records.transaction import Transaction, reading, transaction
from states.facts import instant
from states.refusals import Refused

CLAUSE = "M24-11.6a"
STATES: Mapping[str, str] = {
    "queued": "待发", "sending": "正在发送", "sent": "已发出", "failed": "未能送达", "held": "暂缓发送", "superseded": "不再需要",
}  # fmt: skip
SEALED: Mapping[str, str] = {"panel_letter": "致专家", "objection_letter": "致异议人"}
CONFIDED = frozenset({"registration_code"})
"""Letters whose words are for their reader alone: who could read the code could come in as them."""
WITHHELD = "（含一次性代码，只供收件人使用，这里不显示。）\n"
MOST = 10_000
LONGEST_SUBJECT, LONGEST_BODY = 200, 20_000
_COLUMNS = (
    "l.id, c.no, i.name, l.letter, l.role, l.recipient, l.subject, l.state, l.attempts, l.created_at, l.not_before,"
    " l.sent_at, l.error, l.clause"
)
_FROM = (
    "FROM letter l LEFT JOIN cases c ON c.id = l.case_id LEFT JOIN institution i ON i.id = c.institution_id"
)


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter in a list; ``no`` is empty for letters about no case."""

    id: int
    no: str
    institution: str
    letter: str
    role: str
    recipient: str
    subject: str
    state: str
    attempts: int
    created_at: datetime
    not_before: datetime
    sent_at: datetime | None
    error: str
    clause: str

    @property
    def label(self) -> str:
        """The state in words."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One letter to the letter; ``seen`` is what an act must name, so that nobody changes what they did not see."""

    line: LetterLine
    body: str
    message_id: str
    seen: str
    story: tuple[tuple[datetime, str, str], ...]


def letters(
    desk: Desk,
    *,
    actor: Actor,
    state: str = "",
    search: str = "",
    before: int | None = None,
    limit: int = 51,
) -> list[LetterLine]:
    """The letters an actor may see, newest first, of a state; ``search``: a case number, a mailbox, or words of the subject.

    ``before`` is the id the page begins behind.
    """
    seen, values = _seen(actor)
    parts = [seen]
    if state:
        parts.append("l.state = ?")
        values.append(state)
    if search:
        part = "%" + "".join(f"\\{char}" if char in "%_\\" else char for char in search) + "%"
        parts.append(
            "(c.no = ? OR l.recipient = ? OR l.subject LIKE ? ESCAPE '\\' OR i.name LIKE ? ESCAPE '\\')"
        )
        values += [search.upper(), search, part, part]
    if before is not None:
        parts.append("l.id < ?")
        values.append(before)
    with reading(desk.engine) as tx:
        rows = tx.rows(
            f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(parts)} ORDER BY l.id DESC LIMIT ?",
            (*values, limit),
        )
    return [_line(row) for row in rows]


def count_letters(desk: Desk, *, actor: Actor) -> dict[str, int]:
    """How many letters an actor may see stand in each state; no more than ``MOST`` are counted of each."""
    seen, values = _seen(actor)
    with reading(desk.engine) as tx:
        return {state: _count(tx, seen, [state, *values]) for state in STATES}


def count_sealed(desk: Desk, *, actor: Actor) -> dict[str, dict[str, int]]:
    """Of the sealed letters, how many stand in which state, by table: for who sees all letters, else nothing."""
    if reach(actor.role, "letter.see") is not Reach.ALL:
        return {}
    with reading(desk.engine) as tx:
        return {
            table: dict(tx.rows(f"SELECT state, count(*) FROM {table} GROUP BY state ORDER BY state"))
            for table in SEALED
        }


def letter(desk: Desk, id_: int, *, actor: Actor) -> LetterPage | None:
    """One letter; None when there is none, or none the actor may see."""
    seen, values = _seen(actor)
    with reading(desk.engine) as tx:
        row = tx.one(
            f"SELECT {_COLUMNS}, l.body, l.message_id {_FROM} WHERE {seen} AND l.id = ?", (*values, id_)
        )
        if row is None:
            return None
        told = tx.rows(
            "SELECT at, name, actor FROM audit WHERE case_id = (SELECT case_id FROM letter WHERE id = ?)"
            " AND kind = 'letter' AND (detail LIKE ? OR detail LIKE ?) ORDER BY seq",
            (id_, f'%"letter":{id_}}}%', f'%"letter":{id_},%'),
        )
    line = _line(row[:14])
    story = tuple((at, name, by) for at_text, name, by in told if (at := instant(at_text)) is not None)
    body = WITHHELD if line.letter in CONFIDED else row[14]
    return LetterPage(line, body, row[15], _mark(line, row[14]), story)


def hold(desk: Desk, id_: int, *, seen: str, by: Actor, as_of: datetime) -> None:
    """Keep a letter that waits from leaving until it is released. Refused once it is on its way."""
    _act(desk, id_, "letter.edit", "held", ("queued",), seen, by, as_of, {"state": "held"})


def release(desk: Desk, id_: int, *, seen: str, by: Actor, as_of: datetime) -> None:
    """Let a letter that was held back leave with the next post."""
    _act(
        desk,
        id_,
        "letter.edit",
        "released",
        ("held",),
        seen,
        by,
        as_of,
        {"state": "queued", "not_before": as_of},
    )


def reword(desk: Desk, id_: int, *, subject: str, body: str, seen: str, by: Actor, as_of: datetime) -> None:
    """Change the words of a letter that has not left. The log keeps who did it and the hashes before and after.

    Refused for a letter that left, and for an empty or overlong text.
    """
    words, text = one_line(subject), body.replace("\r\n", "\n").strip() + "\n"
    if not words or not text.strip():
        raise Refused("通知的标题和正文都不能为空。")
    if len(words) > LONGEST_SUBJECT or len(text) > LONGEST_BODY:
        raise Refused(f"标题限{LONGEST_SUBJECT}字，正文限{LONGEST_BODY}字，请删减。")
    _act(
        desk,
        id_,
        "letter.edit",
        "reworded",
        ("queued", "held"),
        seen,
        by,
        as_of,
        {"subject": words, "body": text},
    )


def _act(
    desk: Desk,
    id_: int,
    action: str,
    name: str,
    among: tuple[str, ...],
    seen: str,
    by: Actor,
    as_of: datetime,
    changes: Mapping[str, Any],
) -> None:
    refuse_unless_may(by, action)
    scope, values = _seen(by)
    with transaction(desk.engine) as tx:
        row = tx.one(
            f"SELECT {_COLUMNS}, l.body, l.case_id {_FROM} WHERE {scope} AND l.id = ?", (*values, id_)
        )
        if row is None:
            raise Refused(f"没有编号为{id_}的通知。")
        line = _line(row[:14])
        if seen != _mark(line, row[14]):
            raise Changed(
                f"这封通知在您查看之后有了变化（现为“{line.label}”），没有作任何改动，请核对后再办理。"
            )
        if line.letter in CONFIDED and "body" in changes:
            raise Refused("含一次性代码的通知不能修改，请由收件人重新申请。")
        if line.state not in among:
            raise Refused(f"这封通知{line.label}，不能这样办理。")
        told = ", ".join(f"{column} = ?" for column in changes)
        held = tx.run(
            f"UPDATE letter SET {told} WHERE id = ? AND state = ?", (*changes.values(), id_, line.state)
        ).rowcount
        if not held:
            raise Changed("这封通知刚刚有了变化，没有作任何改动，请核对后再办理。")
        detail: dict[str, Any] = {"letter": id_}
        if "body" in changes:
            detail |= {
                "before": digest_of(line.subject, row[14]),
                "after": digest_of(changes["subject"], changes["body"]),
            }
        append(
            tx,
            [Entry(as_of, as_of, by.signature, "letter", name, row[15], clause=line.clause, detail=detail)],
        )


class Changed(Refused):
    """The letter is no longer what was seen."""


def digest_of(subject: str, body: str) -> str:
    """The hash of a letter's words."""
    return sha256(f"{subject}\n{body}".encode()).hexdigest()


def _mark(line: LetterLine, body: str) -> str:
    return f"{line.state}.{line.attempts}.{digest_of(line.subject, body)[:16]}"


def _seen(actor: Actor) -> tuple[str, list[Any]]:
    if reach(actor.role, "letter.see") is Reach.ALL:
        return "1 = 1", []
    sql, values = cases_within(actor, "letter.see")
    return f"(l.case_id IS NOT NULL AND {sql})", values


def _count(tx: Transaction, seen: str, values: list[Any]) -> int:
    joined = "" if seen == "1 = 1" else "JOIN cases c ON c.id = l.case_id"
    row = tx.one(
        f"SELECT count(*) FROM (SELECT 1 FROM letter l {joined} WHERE l.state = ? AND {seen} LIMIT ?) o",
        (*values, MOST),
    )
    return int(row[0]) if row else 0


def _line(row: tuple[Any, ...]) -> LetterLine:
    created, not_before = instant(row[9]), instant(row[10])
    assert created is not None
    assert not_before is not None
    return LetterLine(
        row[0], row[1] or "", row[2] or "", row[3], row[4], row[5], row[6], row[7], row[8], created, not_before,
        instant(row[11]), row[12] or "", row[13],
    )  # fmt: skip
