"""Leaving, all or nothing in one transaction through the gate; announced for a later day, it may be taken back (M24-20c)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.departures.preview import choose, leaver, mark_of
from casework.desk import Desk
from casework.gate import BatchRefused, Wanted, advance_in
from casework.particulars.keeping import said
from casework.particulars.standing import Listing, Standing
from records.transaction import Transaction, transaction
from states.calendar import day_of
from states.facts import day
from states.particulars import CLAUSE, holds_mobile
from states.refusals import Refused

_MOST_LEARNERS = 1_000_000


@dataclass(frozen=True, slots=True)
class NewDeparture:
    """What whoever leaves states. ``last_day`` (a Shanghai day) is the last day of service; None: at once.

    ``note`` is what the public reads, ``records_kept`` where the records are and who keeps them, ``learners`` how many
    are in progress and ``arrangements`` what becomes of them (needed when there are any).
    """

    reason: str
    records_kept: str
    last_day: date | None = None
    note: str = ""
    learners: int = 0
    arrangements: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What came of it: the number of the act, the case numbers, the last day (None: left at once).

    ``absorbed``: the same had been said before, nothing was done.
    """

    no: str
    cases: tuple[str, ...]
    last_day: date | None
    absorbed: bool = False


def leave(
    desk: Desk,
    who: str,
    new: NewDeparture,
    *,
    by: Actor,
    as_of: datetime,
    only: Sequence[str] = (),
    mark: str = "",
) -> Left:
    """Leave the directory for all listings, or ``only`` some: at once, or with the end of ``new.last_day``.

    ``mark`` of a preview makes sure that what was shown is what happens. The same said again is absorbed. Raises
    Refused, changing nothing at all, when one of the listings cannot leave.
    """
    texts = _checked(new)
    with transaction(desk.engine) as tx:
        standing = leaver(tx, desk, who, by)
        earlier = _same(tx, standing, only, new, as_of)
        if earlier is not None:
            return earlier
        chosen = choose(standing, only)
        if mark and mark.strip().lower() != mark_of(chosen, new.last_day):
            raise Refused("预览之后情况已有变动，请重新预览（--dry-run）后再办理。", clause=CLAUSE)
        made = _advance(tx, desk, chosen, new, texts["reason"], by, as_of)
        no = _next_number(tx, as_of)
        row = tx.run(
            "INSERT INTO departure (no, institution_id, reason, note, last_day, learners, arrangements, records_kept, by,"
            " at) VALUES (?,?,?,?,?,?,?,?,?,?) RETURNING id",
            (
                no, standing.institution_id, texts["reason"], texts["note"], new.last_day, new.learners,
                texts["arrangements"], texts["records_kept"], by.signature, as_of,
            ),
        ).fetchone()  # fmt: skip
        tx.many(
            "INSERT INTO departure_case (departure_id, case_id) VALUES (?,?)",
            [(int(row[0]), each.id) for each in chosen],
        )
        _note(tx, "announced" if new.last_day else "left", no, standing, made, new.last_day, by, as_of)
        return Left(no, made, new.last_day)


def stay(desk: Desk, no: str, *, reason: str, by: Actor, as_of: datetime) -> Left:
    """Take an announced departure back, as a whole, while its last day is not over.

    Raises Refused for none of that number, one that took effect or was taken back, and anybody but the institution.
    """
    why = said(reason, "撤销理由")
    with transaction(desk.engine) as tx:
        row = tx.one(
            "SELECT d.id, d.no, d.last_day, d.taken_back_at, i.uscc FROM departure d"
            " JOIN institution i ON i.id = d.institution_id WHERE d.no = ?",
            (no.strip().upper(),),
        )
        if row is None:
            raise Refused(f"没有编号为“{no}”的退出登记，可用 linxuan change leavings 查看。", clause=CLAUSE)
        id_, number, last, taken_back, uscc = row
        standing = leaver(tx, desk, uscc, by)
        if taken_back is not None:
            raise Refused(f"退出登记{number}已经撤销，不能再次撤销。", clause=CLAUSE)
        cases = [
            each[0] for each in tx.rows("SELECT case_id FROM departure_case WHERE departure_id = ?", (id_,))
        ]
        waiting = [each for each in standing.listings if each.id in cases and each.leaving_on is not None]
        last_day = day(last)
        if last_day is None or not waiting:
            raise Refused(f"退出登记{number}已经生效，不能撤销；需要重新列入的，请重新申报。", clause=CLAUSE)
        _gate(tx, desk, "take_back_leaving", waiting, {"reason": why}, by, as_of)
        tx.run(
            "UPDATE departure SET taken_back_by = ?, taken_back_at = ? WHERE id = ?",
            (by.signature, as_of, id_),
        )
        numbers = tuple(each.no for each in waiting)
        _note(tx, "taken_back", number, standing, numbers, last_day, by, as_of)
        return Left(number, numbers, last_day)


def _checked(new: NewDeparture) -> dict[str, str]:
    if not 0 <= new.learners <= _MOST_LEARNERS:
        raise Refused(
            f"在训（在评）人数应为0至{_MOST_LEARNERS}的整数，收到的是“{new.learners}”。", clause=CLAUSE
        )
    texts = {
        "reason": said(new.reason, "退出理由"),
        "records_kept": said(new.records_kept, "档案保存地点和保管单位"),
        "note": said(new.note, "公告说明") if new.note.strip() else "",
        "arrangements": said(new.arrangements, "在训（在评）人员的安排") if new.arrangements.strip() else "",
    }
    if new.learners and not texts["arrangements"]:
        raise Refused(
            f"尚有{new.learners}名在训（在评）人员，须写明如何安排（--arrangements）。", clause=CLAUSE
        )
    if holds_mobile(texts["note"]):
        raise Refused("公告说明中含有手机号码，公开的内容不得含个人联系方式。", clause=CLAUSE)
    return texts


def _advance(
    tx: Transaction,
    desk: Desk,
    chosen: Sequence[Listing],
    new: NewDeparture,
    reason: str,
    by: Actor,
    as_of: datetime,
) -> tuple[str, ...]:
    if new.last_day is None:
        _gate(tx, desk, "withdraw_listing", chosen, {"reason": reason}, by, as_of)
    else:
        _gate(tx, desk, "announce_leaving", chosen, {"reason": reason, "last_day": new.last_day}, by, as_of)
    return tuple(each.no for each in chosen)


def _gate(
    tx: Transaction,
    desk: Desk,
    move: str,
    chosen: Sequence[Listing],
    inputs: dict[str, object],
    by: Actor,
    as_of: datetime,
) -> None:
    try:
        advance_in(tx, desk, move, [Wanted(each.id) for each in chosen], by=by, as_of=as_of, inputs=inputs)
    except BatchRefused as refused:
        turned = "；".join(f"{each.no}：{each.sentence}" for each in refused.turned[:5])
        raise Refused(f"整批未办理：{turned}", clause=refused.turned[0].clause) from None


def _same(
    tx: Transaction, standing: Standing, only: Sequence[str], new: NewDeparture, as_of: datetime
) -> Left | None:
    """A departure that already did what is asked: the same listings, with the same last day, or today at once."""
    for id_, no, last in tx.rows(
        "SELECT id, no, last_day FROM departure WHERE institution_id = ? AND taken_back_at IS NULL ORDER BY id DESC",
        (standing.institution_id,),
    ):
        rows = tx.rows(
            "SELECT c.id, c.no, c.occupation FROM departure_case d JOIN cases c ON c.id = d.case_id"
            " WHERE d.departure_id = ? ORDER BY c.id",
            (id_,),
        )
        covered = {name for row in rows for name in row[1:]}
        here = {each.id: each for each in standing.listings}
        if only and not {each.strip().upper() for each in only} <= covered:
            continue
        if not only and any(each not in {row[0] for row in rows} for each in here):
            continue
        last_day = day(last)
        pending = [here[row[0]].leaving_on for row in rows if row[0] in here]
        gone = not pending and (last_day is None or last_day < day_of(as_of))
        if last_day == new.last_day and (gone or (pending and set(pending) == {last_day})):
            return Left(no, tuple(row[1] for row in rows), last_day, absorbed=True)
    return None


def _note(
    tx: Transaction,
    name: str,
    no: str,
    standing: Standing,
    cases: Sequence[str],
    last_day: date | None,
    by: Actor,
    as_of: datetime,
) -> None:
    detail = {"departure": no, "uscc": standing.uscc, "cases": list(cases), "last_day": str(last_day or "")}
    append(tx, [Entry(as_of, as_of, by.signature, "departure", name, clause=CLAUSE, detail=detail)])


def _next_number(tx: Transaction, as_of: datetime) -> str:
    year = day_of(as_of).year
    row = tx.run(
        "INSERT INTO counter (prefix, last) VALUES (?, 1)"
        " ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last",
        (f"departure:{year}",),
    ).fetchone()
    return f"TC-{year}-{int(row[0]):04d}"
