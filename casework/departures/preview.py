"""What leaving would come to: which listings, until when, and what is still owed; the mark of what was shown (law 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.history import case_number
from casework.particulars.standing import Listing, Standing, find_institution, standing_of
from records.transaction import Transaction, reading
from states.calendar import day_of, end_of
from states.draw.canonical import digest, text
from states.particulars import CLAUSE
from states.refusals import Refused
from states.retention import kept_until
from states.roles import Role


@dataclass(frozen=True, slots=True)
class Leaving:
    """One listing that would leave. ``obligations`` are sentences on what is still owed; ``why_not`` is empty when it
    may leave.
    """

    no: str
    track: str
    title: str
    stage_label: str
    last_day: date
    leaving_on: date | None
    obligations: tuple[str, ...]
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen, all or nothing. ``mark`` is stated with the act itself, to be sure nothing has changed since.

    ``staying`` are the listings that stay, ``applying`` the numbers of applications under way, which are not touched.
    """

    institution: str
    uscc: str
    listings: tuple[Leaving, ...]
    staying: tuple[str, ...]
    applying: tuple[str, ...]
    mark: str


def preview(
    desk: Desk,
    who: str,
    *,
    by: Actor,
    as_of: datetime,
    only: Sequence[str] = (),
    last_day: date | None = None,
) -> Preview:
    """What leaving would do, without doing it; ``only`` narrows it to listings by case number or occupation (code).

    Raises Refused for who may not leave for the institution, and for one that stands in no directory.
    """
    with reading(desk.engine) as tx:
        standing = leaver(tx, desk, who, by, lock=False)
        chosen = choose(standing, only)
        applying = applications(tx, desk, standing)
        return Preview(
            standing.name, standing.uscc,
            tuple(_leaving(tx, desk, each, as_of, last_day) for each in chosen),
            tuple(each.no for each in standing.listings if each not in chosen), applying,
            mark_of(chosen, last_day),
        )  # fmt: skip


def leaver(tx: Transaction, desk: Desk, who: str, by: Actor, *, lock: bool = True) -> Standing:
    """The institution that would leave, and only by its own will. May stand nowhere. May be Refused."""
    standing = standing_of(tx, desk, find_institution(tx, who)[0], lock=lock)
    if by.role is not Role.APPLICANT or by.scope != str(standing.institution_id):
        raise Refused(
            f"主动退出只能由{standing.name}自己提出；应当移出目录的，请按监督程序办理（case move remove）。",
            clause=CLAUSE,
        )
    return standing


def choose(standing: Standing, only: Sequence[str]) -> tuple[Listing, ...]:
    """All listings, or those named by case number or occupation code. Raises Refused for one that is not there."""
    if not standing.listings:
        raise Refused(f"{standing.name}现不在目录内，没有可以退出的职业。", clause=CLAUSE)
    if not only:
        return standing.listings
    chosen: list[Listing] = []
    for asked in only:
        wanted = case_number(asked)
        fits = [each for each in standing.listings if wanted in (each.no, each.occupation, each.title)]
        if not fits:
            has = "、".join(f"{each.no}（{each.title}）" for each in standing.listings)
            raise Refused(f"{standing.name}在册的没有“{asked}”，现有：{has}。", clause=CLAUSE)
        chosen += fits
    return tuple(each for each in standing.listings if each in chosen)


def mark_of(chosen: Sequence[Listing], last_day: date | None) -> str:
    """What was previewed, in eight characters: the listings with their versions, and the last day."""
    return digest(text([[[each.no, each.version] for each in chosen], str(last_day or "")]))[:8]


def applications(tx: Transaction, desk: Desk, standing: Standing) -> tuple[str, ...]:
    """Applications of the institution still on their way to the directory: leaving does not touch them."""
    rows = tx.rows(
        "SELECT no, process, stage FROM cases WHERE institution_id = ? AND term_no = 0 ORDER BY no",
        (standing.institution_id,),
    )
    return tuple(no for no, process, stage in rows if not desk.processes.process(process).stages[stage].end)


def _leaving(tx: Transaction, desk: Desk, each: Listing, as_of: datetime, last_day: date | None) -> Leaving:
    rules = desk.processes.process(_process_of(tx, each.id)).rules
    # Records are kept from the end of the listing on: that of the last day, or of today.
    years = rules.retention_electronic_years.value
    until = kept_until(end_of(last_day) if last_day else as_of, years)
    owed = [f"过程档案自退出之日起至少保存{years}年，至{until}（I21-4.6.5）"]
    if each.stage == "renewal":
        owed.append("续期申请正在审核，退出后不再审核（M24-9.1）")
    if each.stage == "rectifying":
        owed.append("限期整改尚未验收，退出不免除整改中认定的责任（M24-20a）")
    owed.append("在训（在评）人员须妥善安排，退出前报送本年度工作总结（M24-14）")
    why_not = ""
    if each.leaving_on is not None:
        why_not = f"已预告于{each.leaving_on}过后退出，如需更改请先撤销"
    elif last_day is not None and not day_of(as_of) <= last_day <= each.last_day:
        why_not = f"最后服务日应在今日至有效期末日（{each.last_day}）之间"
    return Leaving(
        each.no, each.track, each.title, each.stage_label, each.last_day, each.leaving_on, tuple(owed), why_not
    )  # fmt: skip


def _process_of(tx: Transaction, case_id: int) -> str:
    row = tx.one("SELECT process FROM cases WHERE id = ?", (case_id,))
    assert row is not None
    return str(row[0])
