"""The yearly report and next year's plan (M24-14, I21-4.6.1): filed once, corrected with a reason, overdue said in days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.duties.activity import count_in
from casework.duties.figures import year_of
from casework.duties.subject import (
    LONGEST_LINE,
    REPORTS,
    Subject,
    first_listed,
    refuse_unless_listed,
    subject,
    told,
    whole,
)
from casework.gate import Wanted, advance_in
from records.transaction import Transaction, transaction
from states.calendar import day_of, end_of
from states.duties.deadlines import days_late, due_day_of
from states.duties.figures import Figures, YearFigures, check_yearly, total
from states.refusals import Refused

CLAUSE = "M24-14"
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What is planned for a calendar year."""

    sessions: int
    person_times: int
    places: str
    text: str


@dataclass(frozen=True, slots=True)
class NewReport:
    """A yearly report: the calendar year it tells of, figures by level, the summary, next year's plan.

    ``reason`` is needed for a correction, and refused for a first report.
    """

    year: int
    by_level: Mapping[str, Figures]
    summary: str
    plan: NewPlan
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FiledReport:
    """What came of filing: the number of the report, days late, by how much the activity count changed."""

    number: int
    due: date
    days_late: int
    activity_change: int
    total: Figures


def file_report(desk: Desk, no: str, new: NewReport, *, by: Actor, as_of: datetime) -> FiledReport:
    """File or correct a yearly report: the row, the duty and the activity count in one transaction.

    Late is accepted and marked. Raises Refused, changing nothing, for a year outside the listing or not nearly over,
    figures that are impossible or less than the examinations reported, and a correction without a reason.
    """
    with transaction(desk.engine) as tx:
        found = subject(tx, desk, no, by=by, among=REPORTS, clause=CLAUSE)
        refuse_unless_listed(found, CLAUSE)
        due = _check_year(tx, found, new.year, as_of)
        summary = told(new.summary, "年度工作总结", CLAUSE)
        reason = told(new.reason, "更正理由", CLAUSE, required=False)
        before = year_of(tx, found.facts.id, new.year)
        check_yearly(new.by_level, before.examined, found.levels, CLAUSE)
        number = _next_number(tx, "yearly_report", found.facts.id, new.year)
        if number > 1 and not reason:
            raise Refused(
                f"{found.facts.no}的{new.year}年度总结已报送{number - 1}次，更正须写明理由。", clause=CLAUSE
            )
        if number == 1 and reason:
            raise Refused(f"{found.facts.no}的{new.year}年度总结首次报送，不填写更正理由。", clause=CLAUSE)
        late = days_late(end_of(due), as_of) if number == 1 else 0
        row = tx.run(
            "INSERT INTO yearly_report (case_id, year, number, summary, reason, days_late, filed_at, filed_by)"
            " VALUES (?,?,?,?,?,?,?,?) RETURNING id",
            (found.facts.id, new.year, number, summary, reason, late, as_of, by.signature),
        ).fetchone()
        tx.many(
            "INSERT INTO yearly_figure (report_id, level, person_times, passed, certificates) VALUES (?,?,?,?,?)",
            [
                (row[0], level, each.person_times, each.passed, each.certificates)
                for level, each in sorted(new.by_level.items())
            ],
        )
        _keep_plan(tx, found, new.year + 1, new.plan, by=by, as_of=as_of)
        detail = {"year": new.year, "number": number, "days_late": late, "reason": reason}
        append(tx, [_entry("yearly_report", found, detail, by, as_of)])
        if number == 1:
            inputs = {"duty": "yearly_report", "year": due.year}
            advance_in(tx, desk, "fulfil_duty", [Wanted(found.facts.id)], by=by, as_of=as_of, inputs=inputs)
        after = YearFigures(new.year, before.sessions, before.examined, dict(new.by_level))
        change = count_in(tx, desk, found, before, after, by=by, as_of=as_of, reason=reason)
    return FiledReport(number, due, late, change, total(after.by_level))


def file_plan(desk: Desk, no: str, year: int, plan: NewPlan, *, by: Actor, as_of: datetime) -> int:
    """File the plan of a calendar year by itself (the first year has no report before it); its number."""
    with transaction(desk.engine) as tx:
        found = subject(tx, desk, no, by=by, among=REPORTS, clause=CLAUSE)
        refuse_unless_listed(found, CLAUSE)
        if not day_of(as_of).year <= year <= day_of(as_of).year + 1:
            raise Refused(f"只能报送今年或者明年的计划，收到的是{year}年。", clause=CLAUSE)
        number = _keep_plan(tx, found, year, plan, by=by, as_of=as_of)
        append(tx, [_entry("yearly_plan", found, {"year": year, "number": number}, by, as_of)])
    return number


def planned(tx: Transaction, case_id: int, year: int, by: datetime) -> bool:
    """Whether a plan of that year had been filed by that instant."""
    return (
        tx.one(
            "SELECT 1 FROM yearly_plan WHERE case_id = ? AND year = ? AND filed_at <= ?", (case_id, year, by)
        )
        is not None
    )


def _keep_plan(
    tx: Transaction, found: Subject, year: int, plan: NewPlan, *, by: Actor, as_of: datetime
) -> int:
    number = _next_number(tx, "yearly_plan", found.facts.id, year)
    tx.run(
        "INSERT INTO yearly_plan (case_id, year, number, sessions, person_times, places, text, filed_at, filed_by)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        (
            found.facts.id, year, number, whole(plan.sessions, "计划场次", CLAUSE),
            whole(plan.person_times, "计划人次", CLAUSE), told(plan.places, "计划地点", CLAUSE, longest=LONGEST_LINE),
            told(plan.text, f"{year}年度计划", CLAUSE), as_of, by.signature,
        ),
    )  # fmt: skip
    return number


def _check_year(tx: Transaction, found: Subject, year: int, as_of: datetime) -> date:
    """The last day to report that year. Refused for a year the listing does not owe, or one too young."""
    days = first_listed(tx, found.facts.id)
    assert days is not None
    if not 1 <= year <= 9000:
        raise Refused(f"年度“{year}”不正确，请填写四位年份。", clause=CLAUSE)
    due = due_day_of(year, found.rules.yearly_report_due.value)
    if due <= days[0] or year > days[1].year:
        raise Refused(f"{found.facts.no}自{days[0]}起在册，{year}年度不在应报送的范围内。", clause=CLAUSE)
    if day_of(as_of) < date(year, DECEMBER, 1):
        raise Refused(f"{year}年度尚未结束，年度总结自{year}年12月1日起报送。", clause=CLAUSE)
    return due


def _next_number(tx: Transaction, table: str, case_id: int, year: int) -> int:
    row = tx.one(f"SELECT max(number) FROM {table} WHERE case_id = ? AND year = ?", (case_id, year))
    return 1 + int((row and row[0]) or 0)


def _entry(name: str, found: Subject, detail: Mapping[str, object], by: Actor, as_of: datetime) -> Entry:
    return Entry(as_of, as_of, by.signature, "duty", name, found.facts.id, clause=CLAUSE, detail=detail)
