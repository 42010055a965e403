"""Examinations and courses: announced, held, reported; the single source of activity figures (I21-4.6.3, M24-14)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.duties.activity import count_in
from casework.duties.examination import (
    CLAUSE,
    examination,
    number_of,
    settle_when_whole,
    take_back_certificates,
)
from casework.duties.figures import year_of
from casework.duties.owing import drop_one, of_case, owe
from casework.duties.sites import known_site
from casework.duties.subject import (
    LONGEST_LINE,
    REPORTS,
    first_listed,
    refuse_unless_listed,
    subject,
    subject_by_id,
    told,
    whole,
)
from casework.duties.yearly import planned
from casework.selection import visible
from records.transaction import Transaction, reading, transaction
from states.calendar import day_of
from states.duties.figures import Figures
from states.duties.kinds import EXAMINATION, SITE
from states.facts import day, instant
from states.refusals import Refused

MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class NewExamination:
    """What is announced: the level, first and last day (Shanghai), where, and how many are expected."""

    level: str
    starts_on: date
    ends_on: date
    place: str
    expected: int


@dataclass(frozen=True, slots=True)
class Announced:
    """What came of announcing: the number, whether it lacks a plan or a reported site, until when its data are due."""

    no: str
    unplanned: bool
    site_missing: bool
    due: str


@dataclass(frozen=True, slots=True)
class ExaminationView:
    """An examination or course as staff see it. Counts are None until it is reported."""

    no: str
    case_no: str
    institution: str
    level: str
    starts_on: date
    ends_on: date
    place: str
    person_times: int | None
    passed: int | None
    certificates: int
    unplanned: bool
    site_missing: bool
    due_at: datetime | None
    state: str


def announce(desk: Desk, no: str, new: NewExamination, *, by: Actor, as_of: datetime) -> Announced:
    """Announce an examination or course; its data are owed within a month of its last day (I21-4.6.3, D-3).

    Without a plan of that year filed before, it is marked (M24-14); at a place that is not reported, reporting it is
    owed before the first day (M24-11.1). Raises Refused for days outside the listing and an unknown level.
    """
    with transaction(desk.engine) as tx:
        found = subject(tx, desk, no, by=by, among=REPORTS, clause=CLAUSE)
        refuse_unless_listed(found, CLAUSE)
        if new.level not in found.levels:
            raise Refused(
                f"没有等级“{new.level}”，{found.facts.no}的等级为{'、'.join(found.levels)}。", clause=CLAUSE
            )
        _check_days(tx, found.facts.id, found.facts.no, new)
        place = told(new.place, "地点", CLAUSE, longest=LONGEST_LINE)
        expected = whole(new.expected, "预计人次", CLAUSE)
        evaluation = found.facts.track == "evaluation"
        exam_no = number_of(tx, evaluation, new.ends_on.year)
        site = known_site(tx, found.facts.institution_id, place) if evaluation else None
        unplanned = not planned(tx, found.facts.id, new.ends_on.year, as_of)
        tx.run(
            "INSERT INTO examination (no, case_id, year, level, starts_on, ends_on, site_id, place, expected, unplanned,"
            " announced_at, announced_by, certificates, cancelled_why) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0,'')",
            (
                exam_no, found.facts.id, new.ends_on.year, new.level, new.starts_on, new.ends_on, site, place, expected,
                unplanned, as_of, by.signature,
            ),
        )  # fmt: skip
        owner = of_case(found.facts.id)
        label = f"{new.ends_on}结束的{'考试' if evaluation else '培训'}（{exam_no}）"
        due = owe(
            tx, desk, EXAMINATION, owner, exam_no, label, new.ends_on, found.rules,
            province=found.facts.province, case_id=found.facts.id, at=as_of,
        )  # fmt: skip
        missing = evaluation and site is None
        if missing:
            owe(
                tx, desk, SITE, owner, exam_no, f"{place}（{exam_no}）", new.starts_on, found.rules,
                province=found.facts.province, case_id=found.facts.id, at=as_of,
            )  # fmt: skip
        detail = {"examination": exam_no, "level": new.level, "ends_on": new.ends_on, "unplanned": unplanned}
        append(
            tx,
            [
                Entry(
                    as_of,
                    as_of,
                    by.signature,
                    "duty",
                    "announced",
                    found.facts.id,
                    clause="M24-14",
                    detail=detail,
                )
            ],
        )
    return Announced(exam_no, unplanned, missing, due.explained)


def report(
    desk: Desk, exam_no: str, *, person_times: int, passed: int, by: Actor, as_of: datetime, reason: str = ""
) -> int:
    """Report how many took part and how many passed; by how much the activity count changed.

    A second report corrects the first and needs a reason; where other certificates are due then, they are owed again.
    Raises Refused before the last day, and for counts that are impossible.
    """
    with transaction(desk.engine) as tx:
        exam = examination(tx, exam_no)
        found = subject_by_id(tx, desk, exam.case_id, by=by, among=REPORTS, clause=CLAUSE)
        if exam.cancelled:
            raise Refused(f"{exam.no}已取消，不能报告。", clause=CLAUSE)
        if day_of(as_of) < exam.ends_on:
            raise Refused(f"{exam.no}至{exam.ends_on}结束，结束后方可报告。", clause=CLAUSE)
        said = told(reason, "更正理由", CLAUSE, required=False)
        if exam.reported and not said:
            raise Refused(f"{exam.no}已经报告，更正须写明理由（--reason）。", clause=CLAUSE)
        counts = Figures(whole(person_times, "人次", CLAUSE), whole(passed, "合格人数", CLAUSE))
        if fault := counts.fault():
            raise Refused(f"{exam.no}的数据有误：{fault}，请核对。", clause=CLAUSE)
        before = year_of(tx, exam.case_id, exam.year)
        tx.run(
            "UPDATE examination SET person_times = ?, passed = ?, reported_at = ? WHERE id = ?",
            (counts.person_times, counts.passed, as_of, exam.id),
        )
        if exam.certified and exam.certificates != counts.passed:
            take_back_certificates(tx, exam, as_of)
        detail = {
            "examination": exam.no,
            "person_times": counts.person_times,
            "passed": counts.passed,
            "reason": said,
        }
        append(
            tx,
            [
                Entry(
                    as_of, as_of, by.signature, "duty", "reported", exam.case_id, clause=CLAUSE, detail=detail
                )
            ],
        )
        settle_when_whole(tx, exam.no, by=by, as_of=as_of)
        after = year_of(tx, exam.case_id, exam.year)
        return count_in(tx, desk, found, before, after, by=by, as_of=as_of, reason=said or exam.no)


def cancel(desk: Desk, exam_no: str, why: str, *, by: Actor, as_of: datetime) -> None:
    """An announced examination does not take place; nothing is owed for it. Refused once it was reported."""
    with transaction(desk.engine) as tx:
        exam = examination(tx, exam_no)
        subject_by_id(tx, desk, exam.case_id, by=by, among=REPORTS, clause=CLAUSE)
        if exam.reported or exam.cancelled:
            raise Refused(f"{exam.no}已{'取消' if exam.cancelled else '报告'}，不能取消。", clause=CLAUSE)
        said = told(why, "取消原因", CLAUSE, longest=LONGEST_LINE)
        tx.run(
            "UPDATE examination SET cancelled_at = ?, cancelled_why = ? WHERE id = ?", (as_of, said, exam.id)
        )
        for kind in (EXAMINATION, SITE):
            drop_one(tx, kind, of_case(exam.case_id), exam.no, as_of)
        detail = {"examination": exam.no, "why": said}
        append(
            tx,
            [
                Entry(
                    as_of,
                    as_of,
                    by.signature,
                    "duty",
                    "cancelled",
                    exam.case_id,
                    clause=CLAUSE,
                    detail=detail,
                )
            ],
        )


def examinations(
    desk: Desk, *, actor: Actor | None = None, no: str | None = None, year: int | None = None
) -> list[ExaminationView]:
    """The examinations and courses the actor may see, of one case or one year when asked, by last day."""
    seen, values = ("1 = 1", []) if actor is None else visible(actor)
    for column, wanted in (("c.no", no), ("e.year", year)):
        if wanted is not None:
            seen, values = f"{seen} AND {column} = ?", [*values, wanted]
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT e.no, c.no, i.name, e.level, e.starts_on, e.ends_on, e.place, e.person_times, e.passed, e.certificates,"
            " e.unplanned, e.site_id, c.track, e.cancelled_at, e.reported_at, e.certified_at, d.due_at FROM examination e"
            " JOIN cases c ON c.id = e.case_id JOIN institution i ON i.id = c.institution_id"
            " LEFT JOIN duty_owed d ON d.kind = 'examination' AND d.about = e.no"
            f" WHERE {seen} ORDER BY e.ends_on, e.no",
            values,
        )
    return [_view(row) for row in rows]


def _view(row: tuple[Any, ...]) -> ExaminationView:
    (no, case_no, institution, level, starts, ends, place, person_times, passed, certificates, unplanned, site,
     track, cancelled, reported, certified, due) = row  # fmt: skip
    state = "已取消" if cancelled else "已报齐" if certified else "待报证书" if reported else "待报告"
    first, last = day(starts), day(ends)
    assert first is not None
    assert last is not None
    return ExaminationView(
        no, case_no, institution, level, first, last, place, person_times, passed, certificates, bool(unplanned),
        track == "evaluation" and site is None, instant(due), state,
    )  # fmt: skip


def _check_days(tx: Transaction, case_id: int, case_no: str, new: NewExamination) -> None:
    if not new.starts_on <= new.ends_on or (new.ends_on - new.starts_on).days > MOST_DAYS:
        raise Refused(f"起止日期{new.starts_on}至{new.ends_on}不正确，请核对。", clause=CLAUSE)
    days = first_listed(tx, case_id)
    assert days is not None
    if new.starts_on < days[0] or new.ends_on > days[1]:
        raise Refused(
            f"{case_no}的有效期为{days[0]}至{days[1]}，{new.starts_on}至{new.ends_on}不在其内。",
            clause="M24-5",
        )
