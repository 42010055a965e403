"""Removing what need not be kept any more (I21-4.6.5): never before its day, never of half a case, never unseen.

Of a case whose time is over the content goes: forms, materials, the words of letters, whatever names a person. What
is public stays (number, institution, occupation, terms), and so does the audit log, with an entry that says what was
removed: its chain verifies as before. Files are named in the transaction that lets go of them, and removed after it;
whatever a crash leaves is removed by the next run.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.faults import os_fault
from notifications.channels.catcher import file_name
from records.crypt import encrypt
from records.transaction import Transaction, reading, transaction
from states.calendar import start_of
from states.facts import instant
from states.refusals import Refused
from states.retention import CLAUSE, explain_kept_until, kept_until, may_be_removed
from states.roles import Role

MAY_PURGE = (Role.OFFICE, Role.HEAD)

MINE = "case_id = ?"
OF_OBJECTIONS = "objection_id IN (SELECT id FROM objection WHERE case_id = ?)"
OF_DRAFTS = "draft_id IN (SELECT id FROM application_draft WHERE case_id = ?)"
OF_RENEWALS = "application_id IN (SELECT id FROM renewal_application WHERE case_id = ?)"
OF_CHANGES = "change_id IN (SELECT id FROM change_request WHERE case_id = ?)"
OF_EMERGENCIES = "emergency_id IN (SELECT id FROM emergency WHERE case_id = ?)"
OF_EXAMINATIONS = "examination_id IN (SELECT id FROM examination WHERE case_id = ?)"
DELETED = {
    "draft_paper": OF_DRAFTS,
    "application_draft": MINE,
    "correction_mark": MINE,
    "paper_posting": MINE,
    "change_document": OF_CHANGES,
    "change_value": OF_CHANGES,
    "renewal_document": OF_RENEWALS,
    "renewal_figure": OF_RENEWALS,
    "renewal_warning": OF_RENEWALS,
    "objection_evidence": OF_OBJECTIONS,
    "objection_letter": OF_OBJECTIONS,
    "emergency_note": OF_EMERGENCIES,
    "certificate": OF_EXAMINATIONS,
    "filing": MINE,
    "material": MINE,
    "finding": MINE,
    "case_note": MINE,
    "score_sheet": MINE,
}
"""Tables whose rows about a case go."""
BLANKED = {
    "letter": (
        "body = '', recipient = 'purged:' || id, error = NULL,"
        " state = CASE WHEN state IN ('queued', 'sending', 'held') THEN 'superseded' ELSE state END"
    ),
    "incident": "reason = '（内容已按保存期限清除）', detail = '{}'",
    "decision": "words = ''",
    "recusal_decision": "evidence = '', reason = ''",
    "change_request": "reason = '', opinion = '', words = ''",
    "particular": "sealed = :nothing",
    "failing": "finding = '', answer = ''",
    "yearly_report": "summary = '', reason = ''",
    "yearly_plan": "text = '', places = ''",
    "exam_site": "supervisor = :nothing",
    "emergency": "scope = '', measures = '', outcome = ''",
    "inspection_object": "inspectors = '[]', finding = ''",
    "renewal_application": "parts = :nothing, consent_office = '', consent_no = '', items = '', reason = ''",
    "objection": (
        "text = '', text_sha256 = '', notes = '', finding = '', changed_facts = '', reply = '',"
        " name = :nothing, contact = :nothing, mail = :nothing"
    ),
}
"""Tables whose rows about a case stay, without what they say: others refer to them, or count them.

``:nothing`` stands for an empty text in an encrypted column.
"""
KEPT_BY_DIGEST = ("material", "objection_evidence", "change_document", "renewal_document", "draft_paper")
"""Tables whose rows name a file among the materials."""
KEPT = {
    "term": "public: any past day of the directory can be asked (I21-4.1)",
    "referral": "that a fraud was handed to the authorities, under which document (M24-21)",
    "departure_case": "who left by its own will is public (M24-20c)",
    "publicity_case": "on which public list it stood",
    "panel_case": "which panel read it; names nobody",
    "duty_owed": "what was owed, and whether it was done in time: names nobody",
    "examination": "figures alone, which yearly summaries add up (M24-14)",
    "fee_schedule": "public (M24-12)",
    "timer": "an ended case has none",
    "notice": "a line of a digest: no words of its own",
    "purged_case": "says that it was purged",
}
"""Tables that refer to a case and hold nothing to remove, each with the reason."""


@dataclass(frozen=True, slots=True)
class Due:
    """A case that ended before the day asked for; ``why`` says why it stays, empty when it may go."""

    no: str
    institution: str
    ended: datetime
    until: date
    why: str
    explained: str


@dataclass(slots=True)
class PurgeReport:
    """What was removed, or would be; what stays and until when; what could not be removed from the disk."""

    purged: list[Due] = field(default_factory=list)
    kept: list[Due] = field(default_factory=list)
    files: int = 0
    stuck: list[str] = field(default_factory=list)


class _Ended(NamedTuple):
    id: int
    no: str
    process: str
    stage: str
    entered_at: Any
    institution: str
    incidents: int


def purge(
    desk: Desk,
    data: Path,
    *,
    before: date,
    by: Actor,
    as_of: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> PurgeReport:
    """Remove the content of every case that ended before the Shanghai day ``before`` and whose time is over.

    ``data`` is the data folder. Cases whose time is not over, or that have an open incident, stay and are reported
    with their day. With ``dry_run`` nothing is changed. Raises Refused for anybody but the office and its head.
    """
    if by.role not in MAY_PURGE:
        may = "、".join(role.label for role in MAY_PURGE)
        raise Refused(f"档案只能由{may}清除，当前身份为{by.role.label}。", clause=CLAUSE)
    report = PurgeReport()
    for id_, due in list(_ended(desk, before, as_of)):
        if due.why:
            report.kept.append(due)
            continue
        if dry_run or _purge_case(desk, id_, due, by, as_of):
            report.purged.append(due)
        progress(len(report.purged))
    if not dry_run:
        report.files, report.stuck = _remove_files(desk, data)
        _forget_the_log(desk)
    return report


def _ended(desk: Desk, before: date, as_of: datetime) -> Iterator[tuple[int, Due]]:
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT c.id, c.no, c.process, c.stage, c.entered_at, i.name, (SELECT count(*) FROM incident n"
            " WHERE n.case_id = c.id AND n.closed_at IS NULL) FROM cases c JOIN institution i ON i.id = c.institution_id"
            " WHERE c.entered_at < ? AND NOT EXISTS (SELECT 1 FROM purged_case p WHERE p.case_id = c.id)"
            " ORDER BY c.entered_at, c.id",
            (start_of(before),),
        )
    for each in map(_Ended._make, rows):
        process = desk.processes.process(each.process)
        if not process.stages[each.stage].end:
            continue
        years = process.rules.retention_electronic_years.value
        ended = instant(each.entered_at)
        assert ended is not None
        until = kept_until(ended, years)
        why = ""
        if not may_be_removed(ended, years, as_of):
            why = f"须保存至{until}"
        elif each.incidents:
            why = "有未办结的异常，请先办结"
        yield each.id, Due(each.no, each.institution, ended, until, why, explain_kept_until(ended, years))


def _purge_case(desk: Desk, id_: int, due: Due, by: Actor, as_of: datetime) -> bool:
    """One case in one transaction; False when somebody else has done it meanwhile."""
    with transaction(desk.engine) as tx:
        if tx.sqlite:
            tx.run("PRAGMA secure_delete = ON")  # what is let go of is overwritten in the file
        fresh = tx.run(
            "INSERT INTO purged_case (case_id, kept_until, at, by) VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
            (id_, due.until, as_of, by.signature),
        ).rowcount
        if not fresh:
            return False
        removed = _removed(tx, id_)
        for path in _files(tx, id_):
            tx.run("INSERT INTO purged_file (path, at) VALUES (?,?) ON CONFLICT DO NOTHING", (path, as_of))
        for table, whose in DELETED.items():
            tx.run(f"DELETE FROM {table} WHERE {whose}", (id_,))
        for table, changes in BLANKED.items():
            nothing = [encrypt("")] * changes.count(":nothing")
            tx.run(
                f"UPDATE {table} SET {changes.replace(':nothing', '?')} WHERE case_id = ?", (*nothing, id_)
            )
        tx.run("UPDATE cases SET contact_mail = '' WHERE id = ?", (id_,))
        detail = {"kept_until": due.until, **removed}
        append(
            tx,
            [Entry(as_of, as_of, by.signature, "retention", "purged", id_, clause=CLAUSE, detail=detail)],
        )
    return True


def _removed(tx: Transaction, id_: int) -> dict[str, Any]:
    """What the tombstone says: digests of what there was, and how many letters; no content."""
    forms = [row[0] for row in tx.rows("SELECT digest FROM filing WHERE case_id = ? ORDER BY id", (id_,))]
    materials = tx.rows("SELECT kind, digest FROM material WHERE case_id = ? ORDER BY id", (id_,))
    letters = tx.one("SELECT count(*) FROM letter WHERE case_id = ?", (id_,))
    objections = tx.rows("SELECT no, text_sha256 FROM objection WHERE case_id = ? ORDER BY id", (id_,))
    return {
        "forms": forms,
        "materials": [f"{kind}:{digest}" for kind, digest in materials],
        "letters": letters[0] if letters else 0,
        "objections": [f"{no}:{digest}" for no, digest in objections],
    }


def _files(tx: Transaction, id_: int) -> Iterator[str]:
    for table in KEPT_BY_DIGEST:
        for (digest,) in tx.rows(f"SELECT DISTINCT digest FROM {table} WHERE {DELETED[table]}", (id_,)):
            yield f"materials/{digest[:2]}/{digest}"
    for table, whose in (("letter", MINE), ("objection_letter", OF_OBJECTIONS)):
        for (message_id,) in tx.rows(f"SELECT message_id FROM {table} WHERE {whose}", (id_,)):
            yield f"outbox/{file_name(message_id)}"


def _remove_files(desk: Desk, data: Path) -> tuple[int, list[str]]:
    """Remove the files that are named, unless a case refers to them again; how many went, and which would not."""
    with reading(desk.engine) as tx:
        paths = [row[0] for row in tx.rows("SELECT path FROM purged_file ORDER BY path")]
    removed, stuck = 0, []
    for path in paths:
        with transaction(desk.engine) as tx:
            if not tx.sqlite:  # nobody files the same paper meanwhile
                tx.run(f"LOCK TABLE {', '.join(KEPT_BY_DIGEST)} IN EXCLUSIVE MODE")
            digest = path.rpartition("/")[2]
            if not any(
                tx.one(f"SELECT 1 FROM {table} WHERE digest = ? LIMIT 1", (digest,))
                for table in KEPT_BY_DIGEST
            ):
                file = data / path
                try:
                    removed += file.is_file()
                    file.unlink(missing_ok=True)
                except OSError as error:
                    stuck.append(f"{path}（{os_fault(error)}）")
                    continue
            tx.run("DELETE FROM purged_file WHERE path = ?", (path,))
    return removed, stuck


def _forget_the_log(desk: Desk) -> None:
    """SQLite's write-ahead log still holds what was there before: fold it in."""
    connection = desk.engine.raw_connection()
    try:
        if desk.engine.dialect.name == "sqlite":
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        connection.close()


def tombstone(desk: Desk, no: str) -> dict[str, Any] | None:
    """What was removed of a case, or None while everything is there."""
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT a.detail FROM audit a JOIN cases c ON c.id = a.case_id WHERE c.no = ? AND a.kind = 'retention'",
            (no,),
        )
    if row is None:
        return None
    found: dict[str, Any] = json.loads(row[0])
    return found
