"""Incidents: what failed, on which case, why, and the retry that closes it (law 11)."""

from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.selection import visible
from records.transaction import Transaction, reading, transaction
from states.facts import instant
from states.refusals import Refused


@dataclass(frozen=True, slots=True)
class Incident:
    """A failure as kept; ``no`` is the case it befell, empty when it concerns none."""

    id: int
    kind: str
    no: str
    subject: str
    reason: str
    at: datetime
    attempts: int
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None


def incidents(
    desk: Desk, *, closed: bool = False, actor: Actor | None = None, limit: int = 50
) -> list[Incident]:
    """The open incidents the actor may see, newest first; with ``closed`` those dealt with as well."""
    seen, values = visible(actor) if actor else ("1 = 1", [])
    only_open = "" if closed else "AND n.closed_at IS NULL"
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT n.id, n.kind, c.no, n.subject, n.reason, n.at, n.attempts, n.closed_at, n.closed_by, n.outcome"
            f" FROM incident n LEFT JOIN cases c ON c.id = n.case_id WHERE ({seen}) {only_open}"
            " ORDER BY n.id DESC LIMIT ?",
            (*values, limit),
        )
    found = []
    for id_, kind, no, subject, reason, at_text, attempts, closed_text, closed_by, outcome in rows:
        at = instant(at_text)
        assert at is not None
        found.append(
            Incident(
                id_, kind, no or "", subject, reason, at, attempts, instant(closed_text), closed_by, outcome
            )
        )
    return found


def open_incident(
    tx: Transaction, kind: str, case_id: int | None, subject: str, reason: str, as_of: datetime
) -> None:
    """Store a failure; the same one again only counts up."""
    same = tx.one(
        "SELECT id FROM incident WHERE kind = ? AND coalesce(case_id, 0) = ? AND subject = ? AND closed_at IS NULL",
        (kind, case_id or 0, subject),
    )
    if same:
        tx.run("UPDATE incident SET attempts = attempts + 1, reason = ? WHERE id = ?", (reason, same[0]))
        return
    tx.run(
        "INSERT INTO incident (kind, case_id, subject, reason, detail, at, attempts) VALUES (?,?,?,?,'{}',?,1)",
        (kind, case_id, subject, reason, as_of),
    )
    append(
        tx, [Entry(as_of, as_of, "system:linxuan", "incident", kind, case_id, detail={"subject": subject})]
    )


def close_incident(tx: Transaction, id_: int, by: Actor, outcome: str, as_of: datetime) -> None:
    """Close an incident with what came of it. Raises Refused when it is not open."""
    touched = tx.run(
        "UPDATE incident SET closed_at = ?, closed_by = ?, outcome = ? WHERE id = ? AND closed_at IS NULL",
        (as_of, by.signature, outcome, id_),
    ).rowcount
    if not touched:
        raise Refused(f"没有编号为{id_}的未办结异常。")
    append(
        tx,
        [
            Entry(
                as_of, as_of, by.signature, "incident", "closed", detail={"incident": id_, "outcome": outcome}
            )
        ],
    )


def can_retry(kind: str) -> bool:
    """Whether ``retry`` can put a failure of this kind back in line; the others mend themselves or by their data."""
    return kind in ("timer_failed", "panel_timer_failed", "publication_refused", "publication_given_up") or (
        kind.startswith(("letter_", "panel_letter_", "objection_letter_"))
    )


def retry(desk: Desk, id_: int, *, by: Actor, as_of: datetime) -> str:
    """Put what failed back in line: a timer fires at the next sweep, a letter at the next post.

    Returns what will happen, in Chinese. Raises Refused when the incident is closed or cannot be retried.
    """
    with transaction(desk.engine) as tx:
        row = tx.one("SELECT kind, case_id, subject FROM incident WHERE id = ? AND closed_at IS NULL", (id_,))
        if row is None:
            raise Refused(f"没有编号为{id_}的未办结异常。")
        kind, case_id, subject = row
        if kind == "timer_failed":
            tx.run(
                "UPDATE timer SET fires_at = due, held_why = NULL WHERE case_id = ? AND key = ?",
                (case_id, subject),
            )
            outcome = "已重新排入到期办理，下次巡检时执行"
        elif kind.startswith("letter_"):
            tx.run(
                "UPDATE letter SET state = 'queued', attempts = 0, error = NULL, not_before = ?"
                " WHERE id = ? AND state = 'failed'",
                (as_of, int(subject)),
            )
            outcome = "已重新排入发送队列"
        elif kind.startswith("panel_letter_"):
            tx.run(
                "UPDATE panel_letter SET state = 'queued', attempts = 0, error = NULL, not_before = ?"
                " WHERE id = ? AND state = 'failed'",
                (as_of, int(subject)),
            )
            outcome = "已重新排入发送队列"
        elif kind in ("publication_refused", "publication_given_up"):
            from casework.publication.overview import queue_again  # it opens incidents itself

            queue_again(tx, int(subject), as_of=as_of)
            outcome = "已重新排入推送队列"
        elif kind.startswith("objection_letter_"):
            tx.run(
                "UPDATE objection_letter SET state = 'queued', attempts = 0, error = NULL, not_before = ?"
                " WHERE id = ? AND state = 'failed'",
                (as_of, int(subject)),
            )
            outcome = "已重新排入发送队列"
        elif kind == "panel_timer_failed":
            no, _, key = subject.partition("/")
            tx.run(
                "UPDATE panel_timer SET fires_at = due, held_why = NULL WHERE key = ?"
                " AND panel_id = (SELECT id FROM panel WHERE no = ?)",
                (key, no),
            )
            outcome = "已重新排入到期办理，下次巡检时执行"
        elif kind == "timetable_failed":
            raise Refused("时刻表任务到点会自动重试，运行成功后这一异常自动办结。")
        else:
            raise Refused("这类异常须先更正资料，再用相应命令办理，不能直接重试。")
        close_incident(tx, id_, by, outcome, as_of)
        return outcome
