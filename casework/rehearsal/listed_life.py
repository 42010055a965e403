"""What listed institutions do in three years, and what is done to them: duties, activity, rectification, leaving."""

from datetime import date, datetime, timedelta

from casework.duties.provincial_list import report_list
from casework.rehearsal import asking, changing, emergencies, renewing, reporting, supervising, words
from casework.rehearsal.cast import applicant, recommender
from casework.rehearsal.world import World
from states.anchors import publicity_period
from states.calendar import day_of, end_of
from states.facts import Facts, day, instant

PARTS = (
    "renews",
    "reviewed_late",
    "lapses",
    "inactive",
    "rectification_fails",
    "rectified",
    "leaves",
    "lapses",
    "renews",
    "removed",
)
"""Handed out in the order in which institutions enter the directory; the same again after the last."""


def watch(world: World, no: str) -> None:
    """Look again when the publicity of a case has ended, until it is listed or out."""
    case = world.case(no)
    posted = instant(case.posted_at)
    assert posted is not None
    due = publicity_period(posted, world.rules, world.desk.calendar).due
    world.agenda.at(max(due, world.working_day(world.now, 1, 18)), lambda: _look(world, no))


def _look(world: World, no: str) -> None:
    case = world.case(no)
    if case.stage == "publicity":
        watch(world, no)
    elif case.stage == "listed":
        _live(world, case)


def _live(world: World, case: Facts) -> None:
    part = PARTS[world.course.listed % len(PARTS)]
    world.course.listed += 1
    if not world.supervised:
        world.supervised = True
        first = instant(case.term_starts_at)
        assert first is not None
        supervising.plan(world, day_of(first))
        _list_reported(world, day_of(first))
        asking.plan(world, day_of(first))
    world.parts[case.no] = part
    first_term(world, case, part)


def first_term(world: World, case: Facts, part: str) -> None:
    """Everything an institution will do in its first term, by its part."""
    starts, last = instant(case.term_starts_at), day(case.term_last_day)
    assert starts is not None
    assert last is not None
    year, no = day_of(starts).year, case.no
    unit, by = applicant(case.institution_id), recommender(case.channel)
    if part != "inactive":
        record_activity(world, case, day_of(starts), last, 110, 260)
    reporting.settle_in(world, case, day_of(starts), part)
    changing.plan(world, case, part, year + 1)
    if part == "reviewed_late":
        emergencies.plan(world, case, year + 1)
    report_yearly(world, case, day_of(starts), last, late_in=year + 2 if part == "rectified" else None)

    def on(years: int, month: int, day_: int, hour: int = 10) -> datetime:
        return world.working_day(date(year + years, month, day_), 1, hour)

    if part == "rectification_fails":
        when = on(1, 6, 9)
        over = end_of(day_of(when) + timedelta(days=30))
        world.course.outages.append((over - timedelta(hours=30), over + timedelta(hours=40)))
        world.later(
            when,
            "order_rectification",
            no,
            by,
            finding=words.BREACH,
            due_on=date.fromordinal(day_of(when).toordinal() + 30),
        )
    elif part == "rectified":
        world.later(
            on(2, 3, 1),
            "order_rectification",
            no,
            by,
            finding=words.MINOR_BREACH,
            due_on=date(year + 2, 4, 15),
        )
        world.later(on(2, 4, 9), "report_rectification", no, unit, report=words.MENDED)
        world.later(on(2, 4, 27), "accept_rectification", no, by, finding=words.ACCEPTED)
    elif part == "leaves":
        world.later(on(2, 9, 14), "withdraw_listing", no, unit, reason=words.LEAVING)
    elif part == "removed":
        world.later(on(2, 5, 19), "remove", no, world.keepers(case)[1], ground="fraud", finding=words.FRAUD)
        world.agenda.at(on(2, 5, 26), lambda: supervising.hand_over(world, no))
    renewing.plan(world, case, part)


def record_activity(world: World, case: Facts, first: date, last: date, low: int, high: int) -> None:
    """The institution holds examinations or courses in the term, and reports each."""
    reporting.hold_sessions(world, case, first, last, low, high)


def report_yearly(world: World, case: Facts, first: date, last: date, late_in: int | None = None) -> None:
    """The institution reports every year of the term."""
    reporting.report_years(world, case, first, last, late_in)


def _list_reported(world: World, listed: date) -> None:
    """A province that listed trainers reports its list to the group; one of two does so late (M24-8, B3-5.2)."""
    if not world.province or not world.rules.reports_list.value:
        return
    by, office = world.staff.office, f"P{world.province}"
    document = f"演练报送函〔{listed.year}〕{world.province}号"
    late = world.course.lists_reported > 0
    world.course.lists_reported += 1
    when = world.working_day(listed, 45 if late else 6, 10)
    for who in (world.staff.supervisor, by):
        world.agenda.at(
            when,
            lambda who=who: world.tries(  # type: ignore[misc]
                who, "报送培训机构目录", office,
                lambda: report_list(world.desk, office, document_no=document, by=who, as_of=world.now),
            ),
        )  # fmt: skip
