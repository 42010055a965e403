"""Asking for a change of particulars: once for each field, with its proof, and taken back while undecided (M24-20c)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.objections.evidence import Evidence, Store
from casework.particulars.documents import check_documents, keep_documents
from casework.particulars.keeping import (
    REQUESTED,
    RETURNED,
    Kept,
    limit,
    note,
    open_request,
    remind_at,
    said,
    settle,
)
from casework.particulars.letters import lines_of
from casework.particulars.standing import Standing, listed_standing
from casework.particulars.values import current_values
from records.crypt import encrypt
from records.transaction import Transaction, transaction
from states.calendar import day_of
from states.particulars import CLAUSE, PARTICULARS, find_particular, read_values
from states.refusals import Refused
from states.roles import Role

_READERS = (Role.APPLICANT, Role.RECOMMENDER)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as received: its number, the last day of whoever decides, how that day was found, letters owed."""

    no: str
    last_day: date
    explained: str
    letters: int


def request_change(
    desk: Desk,
    who: str,
    stated: Mapping[str, str],
    *,
    reason: str,
    documents: Sequence[Evidence] = (),
    by: Actor,
    as_of: datetime,
    store: Store | None = None,
) -> Asked:
    """Ask for a change: ``who`` is a credit code, a full name or a case number, ``stated`` new values by field.

    ``store`` keeps the documents. Raises Refused, changing nothing, for who may not, who stands in no directory,
    nothing to change, a wrong value, a field another request is open on, and a missing or unfit document.
    """
    why = said(reason, "变更理由")
    files = check_documents(documents)
    with transaction(desk.engine) as tx:
        standing = listed_standing(tx, desk, who)
        standing.refuse_unless_own(by, "申请变更")
        current = current_values(tx, standing.institution_id, [each.id for each in standing.listings])
        wanted = read_values(stated, current)
        _refuse_second(tx, standing, wanted)
        due = limit(desk, as_of)
        explained = f"{due.explanation()}（{CLAUSE}，期限由设置规定）"
        no = _next_number(tx, as_of)
        row = tx.run(
            "INSERT INTO change_request (no, institution_id, case_id, fields, state, version, reason, requested_by,"
            " requested_at, due_at, due_explained, next_at, opinion, words) VALUES (?,?,?,?,?,1,?,?,?,?,?,?,'','')"
            " RETURNING id",
            (
                no, standing.institution_id, standing.anchor, ",".join(wanted), REQUESTED, why, by.signature, as_of,
                due.due, explained, remind_at(desk, due, as_of),
            ),
        ).fetchone()  # fmt: skip
        id_ = int(row[0])
        _keep_values(tx, id_, wanted)
        keep_documents(tx, id_, files, store, as_of)
        kept = Kept(id_, no, standing.anchor, REQUESTED, 1, why, due.due, wanted, standing)
        note(tx, kept, "requested", by, as_of, as_of, due=str(due.day), documents=len(files))
        changes = lines_of(wanted, current)
        letters = kept.pen(tx, desk, as_of).tell(
            "change_received", _READERS, changes=changes, reason=why, due=due.due
        )
        return Asked(no, due.day, explained, letters)


def request_again(
    desk: Desk,
    no: str,
    stated: Mapping[str, str],
    *,
    documents: Sequence[Evidence] = (),
    by: Actor,
    as_of: datetime,
    store: Store | None = None,
) -> Asked:
    """Hand a returned request in again, mended: ``stated`` takes the place of the values of these fields.

    The clock of whoever decides starts afresh (D-4). Raises Refused as ``request_change`` does, and for a request
    that was not returned or whose last day has passed.
    """
    files = check_documents(documents, needed=False)
    with transaction(desk.engine) as tx:
        kept = open_request(tx, desk, no)
        kept.standing.refuse_unless_own(by, "补正变更申请")
        if kept.state != RETURNED:
            raise Refused(f"变更申请{kept.no}没有退回，正在审定，不能补正。", clause=CLAUSE)
        if kept.due_at <= as_of:
            raise Refused(f"变更申请{kept.no}的补正期限已过，视为撤回，请重新申请。", clause=CLAUSE)
        if not stated and not files:
            raise Refused("补正须写明改动的内容，或附上补充的证明材料。", clause=CLAUSE)
        ids = [each.id for each in kept.standing.listings]
        current = current_values(tx, kept.standing.institution_id, ids)
        mended = {find_particular(typed).key: text for typed, text in stated.items()}
        wanted = read_values({**kept.values, **mended}, current)
        _refuse_second(tx, kept.standing, wanted, besides=kept.id)
        due = limit(desk, as_of)
        explained = f"{due.explanation()}（{CLAUSE}，期限由设置规定；补正后重新起算，D-4）"
        tx.run("DELETE FROM change_value WHERE change_id = ?", (kept.id,))
        _keep_values(tx, kept.id, wanted)
        keep_documents(tx, kept.id, files, store, as_of)
        tx.run(
            "UPDATE change_request SET state = ?, version = version + 1, fields = ?, due_at = ?, due_explained = ?,"
            " next_at = ?, overdue_told_at = NULL WHERE id = ?",
            (REQUESTED, ",".join(wanted), due.due, explained, remind_at(desk, due, as_of), kept.id),
        )
        note(tx, kept, "requested_again", by, as_of, as_of, due=str(due.day), documents=len(files))
        letters = kept.pen(tx, desk, as_of, version=kept.version + 1).tell(
            "change_received", _READERS, changes=lines_of(wanted, current), reason=kept.reason, due=due.due
        )
        return Asked(kept.no, due.day, explained, letters)


def take_back_change(desk: Desk, no: str, *, by: Actor, as_of: datetime) -> None:
    """Take an undecided request back. Raises Refused for who may not, and once it is settled."""
    with transaction(desk.engine) as tx:
        kept = open_request(tx, desk, no)
        kept.standing.refuse_unless_own(by, "撤回变更申请")
        settle(tx, kept, "withdrawn", "", by=by, at=as_of, as_of=as_of)


def _refuse_second(
    tx: Transaction, standing: Standing, wanted: Mapping[str, str], *, besides: int = 0
) -> None:
    for no, fields in tx.rows(
        "SELECT no, fields FROM change_request WHERE institution_id = ? AND state IN ('requested', 'returned')"
        " AND id <> ? ORDER BY id",
        (standing.institution_id, besides),
    ):
        both = [key for key in fields.split(",") if key in wanted]
        if both:
            labels = "、".join(PARTICULARS[key].label for key in both)
            raise Refused(
                f"“{labels}”已有未办结的变更申请{no}，请待其办结，或先用 linxuan change withdraw {no} 撤回。",
                clause=CLAUSE,
            )


def _keep_values(tx: Transaction, id_: int, wanted: Mapping[str, str]) -> None:
    tx.many(
        "INSERT INTO change_value (change_id, field, value) VALUES (?,?,?)",
        [(id_, field, encrypt(value)) for field, value in wanted.items()],
    )


def _next_number(tx: Transaction, as_of: datetime) -> str:
    year = day_of(as_of).year
    row = tx.run(
        "INSERT INTO counter (prefix, last) VALUES (?, 1)"
        " ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last",
        (f"change:{year}",),
    ).fetchone()
    return f"BG-{year}-{int(row[0]):04d}"
