"""One examination as stored, its number, and when nothing more is owed for it."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.duties.owing import fulfil, of_case
from records.transaction import Transaction
from states.duties.kinds import EXAMINATION
from states.facts import day
from states.refusals import Refused

CLAUSE = "I21-4.6.3"


@dataclass(frozen=True, slots=True)
class Stored:
    """The row of an examination or course."""

    id: int
    no: str
    case_id: int
    year: int
    level: str
    ends_on: date
    person_times: int | None
    passed: int | None
    reported: bool
    certificates: int
    certified: bool
    cancelled: bool


def examination(tx: Transaction, no: str) -> Stored:
    """The examination of that number; Refused when there is none."""
    wanted = no.strip().upper()
    lock = "" if tx.sqlite else " FOR UPDATE"
    row = tx.one(
        "SELECT id, no, case_id, year, level, ends_on, person_times, passed, reported_at, certificates, certified_at,"
        f" cancelled_at FROM examination WHERE no = ?{lock}",
        (wanted,),
    )
    if row is None:
        raise Refused(f"没有编号为“{no}”的考试或者培训，可用 linxuan duty exam list 查看。", clause=CLAUSE)
    ends = day(row[5])
    assert ends is not None
    return Stored(
        row[0], row[1], row[2], row[3], row[4], ends, row[6], row[7], row[8] is not None, row[9],
        row[10] is not None, row[11] is not None,
    )  # fmt: skip


def number_of(tx: Transaction, evaluation: bool, year: int) -> str:
    """The next number: KS-2025-0001 for an examination, PX-2025-0001 for a course."""
    return running(tx, f"{'KS' if evaluation else 'PX'}-{year}", 4)


def running(tx: Transaction, prefix: str, width: int) -> str:
    """The next number under a prefix; none comes back."""
    row = tx.run(
        "INSERT INTO counter (prefix, last) VALUES (?, 1)"
        " ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last",
        (prefix,),
    ).fetchone()
    return f"{prefix}-{row[0]:0{width}d}"


def settle_when_whole(tx: Transaction, no: str, *, by: Actor, as_of: datetime) -> int | None:
    """Counts and certificates are both there: the duty is done. Days late, or None while something is missing.

    Where nobody passed there are no certificates to file.
    """
    exam = examination(tx, no)
    if exam.reported and exam.passed == 0 and not exam.certified:
        tx.run("UPDATE examination SET certified_at = ? WHERE id = ?", (as_of, exam.id))
    elif not (exam.reported and exam.certified):
        return None

    def note(entry: Entry) -> None:
        append(tx, [entry])

    return fulfil(tx, EXAMINATION, of_case(exam.case_id), exam.no, by=by, at=as_of, note=note)


def take_back_certificates(tx: Transaction, exam: Stored, as_of: datetime) -> None:
    """The certificates no longer agree with who passed: they are owed again, due as before."""
    tx.run("DELETE FROM certificate WHERE examination_id = ?", (exam.id,))
    tx.run("UPDATE examination SET certificates = 0, certified_at = NULL WHERE id = ?", (exam.id,))
    tx.run(
        "UPDATE duty_owed SET done_at = NULL, done_by = NULL, next_at = ? WHERE kind = ? AND owner = ? AND about = ?",
        (as_of, EXAMINATION, of_case(exam.case_id), exam.no),
    )
