"""Supervision in a rehearsal: inspections by a public draw, failings answered or not, fraud handed over (M24-16b, M24-3.3)."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle

from casework.actors import Actor
from casework.loading import Loaded
from casework.rehearsal import words
from casework.rehearsal.cast import OFFICE, applicant, provincial, recommender
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
from states.facts import Facts
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
    there = [each.facts for each in _listed(world) if each.facts.stage in LISTED]
    if not there:
        return
    province = _province_of(world, there)
    mine = [each for each in there if province in ("", each.province)]
    by, watcher = provincial(province)[:2] if province else (world.staff.office, WATCHER)
    new = NewInspection(
        f"{world.label}年度双随机抽查",
        world.track,
        min(_OBJECTS, len(mine)),
        _INSPECTORS,
        province,
        per_object=2,
    )
    secret = world.hidden(f"inspection/{world.about}")
    made = world.tries(
        by, "公布抽查承诺", world.label,
        lambda: plan_inspection(world.desk, new, by=by, as_of=world.now, secret=secret),
    )  # fmt: skip
    if made is not None:
        world.agenda.at(world.working_day(world.now, 1, 15), partial(_draw, world, made[0], by, watcher))


def _province_of(world: World, there: Sequence[Facts]) -> str:
    """Where a province looks after the institutions, it inspects its own: the one with the most of them."""
    if not world.rules.kept_by_province:
        return ""
    return world.province or Counter(sorted(each.province for each in there)).most_common(1)[0][0]


def _draw(world: World, no: str, by: Actor, watcher: Actor) -> None:
    """Whoever committed may not type the digits; somebody else does."""
    dice, source = world.dice(f"inspection/{no}"), f"示例彩票第{day_of(world.now):%Y%j}期"
    digits = f"{dice.randrange(10**14):014d}"
    for supervisor in (by, watcher):
        drawn = world.tries(
            supervisor, "抽取检查对象和检查人员", no,
            partial(draw, world.desk, no, digits=digits, source=source, supervisor=supervisor, as_of=world.now),
        )  # fmt: skip
    if drawn is not None:
        found = [str(each["object"]) for each in drawn["drawn"]]
        world.agenda.at(world.working_day(world.now, 8, 16), partial(_record, world, no, found, by))


def _record(world: World, no: str, found: Sequence[str], by: Actor) -> None:
    """One is ordered to mend, one mends at once, the others are sound; then everything is made public."""
    desk = world.desk
    world.tries(by, "公布抽查结果", no, lambda: publish(desk, no, by=by, as_of=world.now))
    for case, (result, ground) in _results(world, found).items():
        due = day_of(world.now) + _MENDED_IN if result == ORDERED else None
        said = GROUNDS[ground].words if ground else words.INSPECTED_SOUND
        record = partial(
            record_result, desk, no, case, result, finding=said, ground=ground, due_on=due, by=by
        )
        if result == ORDERED:
            world.tries(by, "登记检查结果", case, partial(_record_wrongly, world, no, case, by))
        world.tries(by, "登记检查结果", case, partial(record, as_of=world.now))
        if result == ORDERED:
            _mend(world, case, by)
    world.tries(by, "公布抽查结果", no, lambda: publish(desk, no, by=by, as_of=world.now))


def _record_wrongly(world: World, no: str, case: str, by: Actor) -> None:
    """On a ground that is not on the list."""
    record_result(
        world.desk,
        no,
        case,
        CORRECTED,
        finding=words.BREACH,
        ground="other",
        by=by,
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
        fit = [each for each in wanted if quiet or each == CORRECTED]
        result = fit[0] if fit else SOUND
        wanted = [each for each in wanted if each != result]
        results[case] = (result, "" if result == SOUND else next(grounds))
    return results


def _mend(world: World, no: str, by: Actor) -> None:
    """Reported in time, accepted, and the recommender says what it did about it."""
    case = world.case(no)
    unit = applicant(case.institution_id)
    world.later(world.working_day(world.now, 8, 10), "report_rectification", no, unit, report=words.MENDED)
    world.later(world.working_day(world.now, 11, 10), "accept_rectification", no, by, finding=words.ACCEPTED)
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
