"""Panels are planned and drawn, round by round, until everybody is confirmed (M24-7.3b, M24-7.3c, D-10)."""

from datetime import datetime, timedelta
from functools import partial

from casework import recusal
from casework.actors import Actor
from casework.panels.committing import commit, replace
from casework.panels.deciding import decide_held, held
from casework.panels.drawing import draw
from casework.panels.panel import PanelView, panel_in
from casework.panels.planning import change_panel, plan_panels
from casework.panels.rounds import rounds_of
from casework.panels.seat import HOLDING, SeatView, seats_of
from casework.rehearsal import unsealing, words
from casework.rehearsal.experts import Experts
from casework.rehearsal.pool import gather_pool, parts
from casework.rehearsal.world import World
from records.transaction import reading, transaction
from states.calendar import day_of
from states.recusal import EVERY_CASE
from states.refusals import Refused

_GOES_ON_LOOKING = timedelta(days=60)


def plan(world: World, passes: datetime, concludes: datetime) -> None:
    """Put the life of the panels on the agenda, between the initial review and the end of expert review."""
    experts = Experts(world)
    world.agenda.at(world.working_day(passes, 1, 10), lambda: gather_pool(world, experts))
    world.agenda.at(world.working_day(passes, 7, 9), lambda: _set(world, passes))
    world.agenda.at(world.working_day(passes, 20, 10), lambda: unsealing.hand_out_keys(world))
    world.agenda.at(concludes, lambda: unsealing.count(world))


def _set(world: World, passes: datetime) -> None:
    """The office plans a panel for every occupation, and publishes what it will be like."""
    by, desk = world.organiser, world.desk
    for place, (code, part) in enumerate(parts(world).items()):
        # Where the quorum will be missed at first there must be days left to go on.
        later = 0 if part == "short_of_quorum" else min(place, 5) // 2
        meets = world.working_day(passes, 26 + later, 14)
        closes = world.working_day(meets, 1, 17)
        times = {"draw_at": world.working_day(passes, 9, 15), "meets_at": meets, "closes_at": closes}
        asked = partial(
            plan_panels, desk, world.call.code, by=by, as_of=world.now, occupation=code, track=world.track
        )
        if place == 0:
            world.tries(by, "设定专家组", code, lambda: asked(overrides={**times, "quorum": 3}))  # noqa: B023
        (panel,) = asked(overrides=times)
        world.course.panels[panel.no] = part
        world.panels.append(panel.no)
        aside = timedelta(minutes=10 * place)
        if place == 0 and world.objected:
            world.agenda.at(world.working_day(passes, 7, 14), partial(_hear_objection, world, panel.no))
        world.agenda.at(world.working_day(passes, 8, 10) + aside, partial(_promise, world, panel.no, aside))
        world.agenda.at(
            world.working_day(closes, 1, 9, 30) + aside, partial(unsealing.unseal, world, panel.no, aside)
        )


def _hear_objection(world: World, no: str) -> None:
    """An applicant asks that an expert step back, and the office agrees."""
    with transaction(world.desk.engine) as tx:
        panel = panel_in(tx, no)
        case = recusal.applicants_of(tx, panel.id)[0].case
        recusal.decide_objection(
            tx, panel.id, expert=world.objected, case=case, accepted=True, reason=words.OBJECTED_EXPERT, by=world.staff.settles,
            as_of=world.now,
        )  # fmt: skip


def _promise(world: World, no: str, aside: timedelta) -> None:
    """Commit to the next round; what is held is decided first, or left out in words, and a small field widened."""
    panel, seats, rounds = _seen(world, no)
    by, act = world.organiser, replace if seats else commit
    promised = partial(
        act, world.desk, no, by=by, as_of=world.now, secret=world.hidden(f"{no}/{rounds + 1}/secret"),
        nonce=world.hidden("employers"),
    )  # fmt: skip
    what = "公布补抽承诺" if seats else "公布抽取承诺"
    if not rounds and world.course.panels[no] == "declined_and_silent":
        world.tries(by, what, no, promised)
    _settle_held(world, no, asking=not rounds)
    try:
        promised(leave_out_held_because=words.LEFT_OUT)
    except Refused as refusal:
        world.refused(by, what, no, refusal)
        if refusal.clause == "D-10" and _widen(world, panel):
            world.agenda.at(world.working_day(world.now, 1, 10) + aside, partial(_promise, world, no, aside))
        return
    # Committed on one day, drawn on the next when a lottery of that evening is waited for; in a hurry the same day.
    draws = max(panel.draw_at or world.now, world.working_day(day_of(world.now), 0, 15)) + aside
    world.agenda.at(draws + timedelta(minutes=10), partial(_draw, world, no, aside))


def _settle_held(world: World, no: str, *, asking: bool) -> None:
    """The office asks after namesakes, and in one panel after one expert of whom something is unknown; the rest
    stays held.
    """
    same = asking = asking and world.course.panels[no] == "declined_and_silent"
    for each in held(world.desk, no, actor=world.staff.settles, as_of=world.now):
        if each.seat is not None:
            continue
        if each.case == EVERY_CASE:
            if not asking:
                continue
            asking, verdict, reason = False, "released", words.ASKED_EXPERT
        elif same:
            same, verdict, reason = False, "excluded", words.SAME_PERSON
        else:
            verdict, reason = "released", words.NAMESAKE
        decide_held(
            world.desk, no, expert=each.expert, case=each.case, rule=each.rule, verdict=verdict, reason=reason,
            by=world.staff.settles, as_of=world.now,
        )  # fmt: skip


def _widen(world: World, panel: PanelView) -> bool:
    """The field is too small: recusal per case, or fewer of the field; False when there is nothing left to widen."""
    change = partial(change_panel, world.desk, panel.no, by=world.staff.settles, as_of=world.now)
    if world.course.panels[panel.no] == "recusal_per_case" and panel.recusal == "panel":
        change(recusal="case", because=words.PER_CASE)
    elif panel.of_field:
        change(of_field=max(0, panel.of_field - 3), because=words.WIDENED)
    else:
        return False
    return True


def _draw(world: World, no: str, aside: timedelta) -> None:
    """The supervisor types the public digits of the day."""
    dice, day = world.dice(f"digits/{no}/{world.now:%Y%m%d}"), day_of(world.now)
    digits, source = f"{dice.randrange(10**14):014d}", f"示例彩票第{day:%Y%j}期"

    def drawn(supervisor: Actor, typed: str) -> object:
        return draw(world.desk, no, digits=typed, source=source, supervisor=supervisor, as_of=world.now)

    panel, seats, _ = _seen(world, no)
    if not seats and world.course.panels[no] == "declined_and_silent":
        world.tries(world.organiser, "抽取专家", no, lambda: drawn(world.organiser, digits))
        world.tries(
            world.staff.supervisor,
            "抽取专家",
            no,
            lambda: drawn(world.staff.supervisor, f"{digits[:7]} {digits[7:]}"),
        )
    if (
        world.tries(world.staff.supervisor, "抽取专家", no, lambda: drawn(world.staff.supervisor, digits))
        is not None
    ):
        until = world.now + _GOES_ON_LOOKING
        world.agenda.at(world.working_day(world.now, 1, 10) + aside, partial(_look, world, no, aside, until))
    elif _widen(world, panel):
        world.agenda.at(world.working_day(world.now, 1, 10) + aside, partial(_promise, world, no, aside))


def _look(world: World, no: str, aside: timedelta, until: datetime) -> None:
    """Every morning: settle what experts declared; once everybody has answered, draw again for the empty seats."""
    for each in held(world.desk, no, actor=world.staff.settles, as_of=world.now):
        if each.seat is not None:
            decide_held(
                world.desk, no, expert=each.expert, case=each.case, rule=each.rule, verdict="released",
                reason=words.ASKED_TIE, by=world.staff.settles, as_of=world.now,
            )  # fmt: skip
    panel, seats, _ = _seen(world, no)
    if panel.state == "confirmed" or world.now > until:
        return
    there = [each for each in seats if each.state in HOLDING]
    if len(there) < panel.size and not any(each.state == "invited" for each in there):
        _promise(world, no, aside)
    else:
        tomorrow = world.working_day(world.now, 1, 10) + aside
        world.agenda.at(tomorrow, partial(_look, world, no, aside, until))


def _seen(world: World, no: str) -> tuple[PanelView, list[SeatView], int]:
    """The panel, its seats, and how many rounds there were."""
    with reading(world.desk.engine) as tx:
        panel = panel_in(tx, no)
        return panel, seats_of(tx, panel.id), len(rounds_of(tx, panel.id))
