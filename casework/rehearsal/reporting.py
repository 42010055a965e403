"""What an institution in the directory reports: plan, fees, sites, every examination with its certificates, the year (M24-14).

Most do so in time. Some announce at a site nobody knows of, report without a plan, correct a count, or are late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from casework.duties.certificates import CertificateRow, file_certificates
from casework.duties.examinations import Announced, NewExamination, announce, report
from casework.duties.fees import set_fees
from casework.duties.figures import figures
from casework.duties.sites import NewSite, report_site
from casework.duties.yearly import NewPlan, NewReport, file_plan, file_report
from casework.rehearsal import words
from casework.rehearsal.cast import applicant
from casework.rehearsal.world import World
from records.transaction import reading
from states.calendar import day_of, start_of
from states.duties.fees import fee
from states.duties.figures import Figures
from states.facts import Facts

SITE, ANOTHER_SITE = "示例一号考试点", "示例二号考试点"
_HELD_IN = ((5, 18), (10, 20))
"""Twice a year: month and day after which an examination or course is held."""
_PASSES = 0.8
_PLAN = NewPlan(4, 800, "本单位考核（培训）场地", words.NEXT_YEAR)


@dataclass(slots=True)
class _Session:
    """One examination or course, from its announcement on."""

    place: str
    level: str
    first: date
    last: date
    expected: int
    no: str = ""


def settle_in(world: World, case: Facts, listed: date, part: str) -> None:
    """What is reported once, soon after the listing: this year's plan, the fees, the usual site."""
    if part != "leaves":
        _later(world, case, world.working_day(listed, 1, 10), "报送年度计划", partial(_plan, world, case))
    if part != "reviewed_late":
        _later(world, case, world.working_day(listed, 1, 9), "报备考试点", partial(_site, world, case, SITE))
    late = part == "rectified"
    fees = world.working_day(listed, 34 if late else 9, 11)
    _later(world, case, fees, "公布收费标准", partial(_fees, world, case, "300", wrong=part == "renews"))
    if part == "renews":
        again = world.working_day(date(listed.year + 1, listed.month, 1), 5, 11)
        _later(world, case, again, "调整收费标准", partial(_fees, world, case, "280"))


def hold_sessions(world: World, case: Facts, first: date, last: date, low: int, high: int) -> None:
    """Examinations or courses in spring and autumn, as long as the institution is in the directory (I21-4.6.3)."""
    dice = world.dice(f"sessions/{case.no}/{first}")
    part = world.parts.get(case.no, "")
    levels = _levels(world, case)
    for year in range(first.year, last.year + 1):
        for turn, (month, day) in enumerate(_HELD_IN):
            begins = world.working_day(date(year, month, day), 1 + dice.randrange(5))
            ends = world.working_day(begins, 1)
            expected = dice.randrange(low, high)
            if not first < day_of(begins) - timedelta(days=21) or day_of(ends) > last:
                continue
            place = ANOTHER_SITE if part == "renews" and year == first.year + 2 and not turn else SITE
            level = levels[(year + turn) % len(levels)]
            session = _Session(place, level, day_of(begins), day_of(ends), expected)
            _hold(world, case, session, late=part == "rectified" and year == first.year + 1 and not turn)


def report_years(world: World, case: Facts, first: date, last: date, late_in: int | None = None) -> None:
    """The yearly report and plan, most in January, one after the day it was due (M24-14)."""
    dice = world.dice(f"reports/{case.no}/{first}")
    month, the_day = map(int, world.rules.yearly_report_due.value.split("-"))
    for year in range(first.year, last.year + 1):
        due = date(year, month, the_day)
        if not first < due <= last:
            continue
        early = world.working_day(due, -dice.randrange(1, 16), dice.randrange(9, 17))
        when = world.working_day(due, 8, 15) if year == late_in else early
        when = max(when, start_of(first + timedelta(days=1)))
        wrong = year == first.year + 1 and world.parts.get(case.no) == "reviewed_late"
        _later(world, case, when, "报送年度总结和计划", partial(_report, world, case, year - 1, wrong=wrong))


def _hold(world: World, case: Facts, session: _Session, *, late: bool) -> None:
    """Announced three weeks before, reported three days after, certified within the month; one corrected, one late."""
    announced = world.working_day(session.first, -15, 9)
    counted = world.working_day(session.last, 3, 14)
    certified = world.working_day(session.last, 30 if late else 12, 15)
    people = session.expected
    what = "考试" if case.track == "evaluation" else "培训"
    _later(world, case, announced, f"报告{what}安排", partial(_announce, world, case, session))
    _later(world, case, counted, f"报送{what}统计", partial(_count, world, case, session, people))
    if late:
        again = world.working_day(session.last, 6, 10)
        _later(
            world,
            case,
            again,
            f"更正{what}统计",
            partial(_count, world, case, session, people + 4, words.RECOUNTED),
        )
    _later(world, case, certified, "报送证书数据", partial(_certify, world, case, session))


def _announce(world: World, case: Facts, session: _Session) -> Announced:
    new = NewExamination(session.level, session.first, session.last, session.place, session.expected)
    found = announce(world.desk, case.no, new, by=applicant(case.institution_id), as_of=world.now)
    session.no = found.no
    if found.site_missing:
        soon = world.working_day(world.now, 4, 10)
        _later(world, case, soon, "报备考试点", partial(_site, world, case, session.place))
    return found


def _count(world: World, case: Facts, session: _Session, people: int, reason: str = "") -> object:
    if not session.no:
        return None
    passed = round(people * _PASSES)
    session.expected = people
    return report(
        world.desk, session.no, person_times=people, passed=passed, reason=reason,
        by=applicant(case.institution_id), as_of=world.now,
    )  # fmt: skip


def _certify(world: World, case: Facts, session: _Session) -> object:
    """One row for everybody who passed; holders are masked, as in a sheet that is handed on."""
    if not session.no:
        return None
    passed = round(session.expected * _PASSES)
    rows = [
        CertificateRow(f"{session.no}-{place:04d}", session.level, session.last, f"50************{place:04d}")
        for place in range(1, passed + 1)
    ]
    return file_certificates(world.desk, session.no, rows, by=applicant(case.institution_id), as_of=world.now)


def _plan(world: World, case: Facts) -> object:
    by, year = applicant(case.institution_id), day_of(world.now).year
    return file_plan(world.desk, case.no, year, _PLAN, by=by, as_of=world.now)


def _site(world: World, case: Facts, name: str) -> object:
    if case.track != "evaluation":
        return None
    new = NewSite(name, "示例市示例区示例路1号", case.province, 120, "示例负责人")
    return report_site(world.desk, case.no, new, by=applicant(case.institution_id), as_of=world.now)


def _fees(world: World, case: Facts, yuan: str, *, wrong: bool = False) -> object:
    """The first schedule, or another; somebody writes an amount that is none before."""
    what = "考试费" if case.track == "evaluation" else "培训费"

    def filed(amount: str) -> object:
        items = [fee(f"{level}{what}", amount, "人次") for level in _levels(world, case)]
        return set_fees(
            world.desk, case.no, items, effective_on=day_of(world.now), refund=words.REFUND, basis=words.BASIS,
            by=applicant(case.institution_id), as_of=world.now,
        )  # fmt: skip

    if wrong:
        world.tries(applicant(case.institution_id), "公布收费标准", case.no, lambda: filed("-300"))
    return filed(yuan)


def _report(world: World, case: Facts, year: int, *, wrong: bool) -> object:
    """What the examinations of the year add up to, and the next year's plan; somebody writes an identity number into it."""
    with reading(world.desk.engine) as tx:
        held = figures(tx, case.id).get(year)
    levels = dict(held.examined) if held else {}
    filed = levels or {_levels(world, case)[0]: Figures()}
    by = applicant(case.institution_id)

    def handed_in(summary: str) -> object:
        new = NewReport(year, filed, summary, _PLAN)
        return file_report(world.desk, case.no, new, by=by, as_of=world.now)

    if wrong:
        world.tries(by, "报送年度总结和计划", case.no, lambda: handed_in(words.NAMES_SOMEBODY))
    return handed_in(words.YEAR_SUMMED_UP)


def _levels(world: World, case: Facts) -> tuple[str, ...]:
    (found,) = world.cases(nos=(case.no,))
    return tuple(found.levels.split("、"))


def _later(world: World, case: Facts, when: datetime, what: str, act: Callable[[], object]) -> None:
    """Put an act of the institution down, for as long as it stands in the directory."""

    def happens() -> None:
        if world.case(case.no).exit_ground is None:
            world.tries(applicant(case.institution_id), what, case.no, act)

    world.agenda.at(when, happens)
