"""Supervision in a rehearsal: inspections by a public draw, failings answered or not, fraud handed over (M24-16b, M24-3.3)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle

from casework.actors import Actor
from casework.loading import Loaded
from casework.rehearsal import words
from casework.rehearsal.cast import OFFICE, applicant, recommender
from casework.rehearsal.world import World
from casework.supervision.failings import answer_failing, failings
from casework.supervision.inspections import (
    CORRECTED,
    LISTED,
    ORDERED,
    SOUND,
    NewInspection,
    draw,
    plan_inspection,
    publish,
    record_result,
)
from casework.supervision.referrals import refer
from states.calendar import day_of
from states.grounds import GROUNDS, RECTIFY
from states.roles import Role

WATCHER = Actor("office.qian", Role.OFFICE)
"""Whoever types the public digits of a national inspection: not who committed to it."""
_INSPECTORS = (
    ("示例检查员甲", "示例市人力资源社会保障局"), ("示例检查员乙", "示例省职业能力建设指导中心"),
    ("示例检查员丙", "示例大学"), ("示例检查员丁", "示例研究院"),
)  # fmt: skip
_OBJECTS, _MENDED_IN = 4, timedelta(days=20)
_QUIET_PARTS = ("renews", "lapses", "reviewed_late")
"""Whoever plays another part has enough to do with the authorities already."""


def plan(world: World, listed: date) -> None:
    """Put an inspection of the track's institutions on the agenda, a year and two months after the first listing."""
    begins = world.working_day(date(listed.year + 1, listed.month, 20) + timedelta(days=45), 1, 10)
    world.agenda.at(begins, lambda: _inspect(world))


def _inspect(world: World) -> None:
    by = world.staff.office
    new = NewInspection(
        f"{world.label}年度双随机抽查", world.track, _OBJECTS, _INSPECTORS, world.province, per_object=2
    )
    there = sum(each.facts.stage in LISTED for each in _listed(world))
    if not there:
        return
    new = new if there >= _OBJECTS else NewInspection(
        new.title, new.track, there, new.inspectors, new.province, new.per_object
    )  # fmt: skip
    made = world.tries(
        by, "公布抽查承诺", world.label,
        lambda: plan_inspection(world.desk, new, by=by, as_of=world.now, secret=world.hidden(f"inspection/{world.about}")),
    )  # fmt: skip
    if made is not None:
        world.agenda.at(world.working_day(world.now, 1, 15), partial(_draw, world, made[0]))


def _draw(world: World, no: str) -> None:
    """Whoever committed may not type the digits; somebody else does."""
    dice, source = world.dice(f"inspection/{no}"), f"示例彩票第{day_of(world.now):%Y%j}期"
    digits = f"{dice.randrange(10**14):014d}"
    watcher = world.staff.group if world.province else WATCHER
    for supervisor in (world.staff.office, watcher):
        drawn = world.tries(
            supervisor, "抽取检查对象和检查人员", no,
            partial(draw, world.desk, no, digits=digits, source=source, supervisor=supervisor, as_of=world.now),
        )  # fmt: skip
    if drawn is not None:
        found = [str(each["object"]) for each in drawn["drawn"]]
        world.agenda.at(world.working_day(world.now, 8, 16), partial(_record, world, no, found))


def _record(world: World, no: str, found: Sequence[str]) -> None:
    """One is ordered to mend, one mends at once, the others are sound; then everything is made public."""
    by, desk = world.staff.office, world.desk
    world.tries(by, "公布抽查结果", no, lambda: publish(desk, no, by=by, as_of=world.now))
    results = _results(world, found)
    for case, (result, ground) in results.items():
        due = day_of(world.now) + _MENDED_IN if result == ORDERED else None
        said = GROUNDS[ground].words if ground else words.INSPECTED_SOUND
        record = partial(
            record_result, desk, no, case, result, finding=said, ground=ground, due_on=due, by=by
        )
        if ground:
            world.tries(by, "登记检查结果", case, partial(_record_wrongly, world, no, case))
        world.tries(by, "登记检查结果", case, partial(record, as_of=world.now))
        if result == ORDERED:
            _mend(world, case)
    world.tries(by, "公布抽查结果", no, lambda: publish(desk, no, by=by, as_of=world.now))


def _record_wrongly(world: World, no: str, case: str) -> None:
    """On a ground that is not on the list."""
    record_result(
        world.desk,
        no,
        case,
        CORRECTED,
        finding=words.BREACH,
        ground="other",
        by=world.staff.office,
        as_of=world.now,
    )


def _results(world: World, found: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What is found at each object, and the ground; grounds go round those of the track."""
    mine = [each.key for each in GROUNDS.values() if each.severity == RECTIFY and world.track in each.tracks]
    world.dice("grounds").shuffle(mine)
    by_clause = {GROUNDS[key].clause: key for key in reversed(mine)}
    grounds = cycle(by_clause[clause] for clause in sorted(by_clause))
    results: dict[str, tuple[str, str]] = {}
    wanted = [ORDERED, CORRECTED]
    for case in found:
        quiet = world.parts.get(case) in _QUIET_PARTS and world.case(case).stage == "listed"
        result = wanted.pop(0) if wanted and (quiet or wanted[0] == CORRECTED) else SOUND
        results[case] = (result, "" if result == SOUND else next(grounds))
    return results


def _mend(world: World, no: str) -> None:
    """Reported in time, accepted, and the recommender says what it did about it."""
    case = world.case(no)
    unit, office = applicant(case.institution_id), world.staff.office
    world.later(world.working_day(world.now, 8, 10), "report_rectification", no, unit, report=words.MENDED)
    world.later(
        world.working_day(world.now, 11, 10), "accept_rectification", no, office, finding=words.ACCEPTED
    )
    answer(world, no, world.working_day(world.now, 6, 11))


def answer(world: World, no: str, when: datetime) -> None:
    """The recommender answers for a failing then, once; another office may not (M24-3.3)."""
    world.agenda.at(when, partial(_answer, world, no))


def _answer(world: World, no: str) -> None:
    by = recommender(world.case(no).channel)
    for each in failings(world.desk, as_of=world.now, waiting=True):
        if each.no != no:
            continue
        for who in (world.staff.office, by, by):
            world.tries(
                who, "答复督促事项", no,
                partial(answer_failing, world.desk, each.id, words.ANSWERED, by=who, as_of=world.now),
            )  # fmt: skip


def hand_over(world: World, no: str) -> None:
    """A fraud goes to the authorities, under a document, once (M24-21)."""
    by = OFFICE if not world.province else world.staff.office
    year = day_of(world.now).year
    document = f"演练移送函〔{year}〕{int(no.rpartition('-')[2]):03d}号"
    for _ in range(2):
        world.tries(
            by, "移送有关部门", no,
            lambda: refer(
                world.desk, no, to="示例市公安局", on=day_of(world.now), document_no=document, by=by, as_of=world.now
            ),
        )  # fmt: skip


def _listed(world: World) -> list[Loaded]:
    return [*world.cases(track=world.track, province=world.province or None)]
