"""What recommending offices and applicants do until filing closes, and with the sealed papers (B3-4.2, B3-5.4)."""

from datetime import datetime, timedelta

from casework.rehearsal import words
from casework.rehearsal.cast import applicant, recommender
from casework.rehearsal.world import World
from states.calendar import day_of, end_of


def take_up(world: World, no: str, channel: str, part: str, *, doubted: bool) -> None:
    """An office has a new application before it: put what will be done with it on the agenda."""
    dice, agenda = world.dice(f"recommend/{no}"), world.agenda
    last = end_of(world.rules.filing_closes.value) - timedelta(hours=1)
    when = world.working_day(world.now, dice.randrange(1, 4), dice.randrange(9, 17), dice.randrange(60))
    when = min(when, max(world.now + timedelta(minutes=40), last - timedelta(hours=2)))
    if part == "tied":
        when = max(
            world.now + timedelta(minutes=40),
            min(world.working_day(world.now, 1, 11), last - timedelta(hours=3)),
        )
    by, unit = recommender(channel), applicant(world.case(no).institution_id)
    if part == "unrecommended":
        return
    if part == "declined":
        world.later(when, "decline", no, by, reason=words.NOT_RECOMMENDED)
    elif part == "withdrawn":
        world.later(when, "withdraw", no, unit)
    elif part in ("returned", "lapses_correction"):
        world.later(when, "return_for_correction", no, by, items=words.TO_CORRECT)
        if part == "returned":
            back = world.working_day(when, 2, 15, 20)
            world.later(back, "resubmit", no, unit)
            agenda.at(back + timedelta(hours=2), lambda: _recommend(world, no, channel))
    elif doubted:
        agenda.at(when, lambda: _recommend(world, no, channel))
        world.later(when + timedelta(minutes=30), "answer_warnings", no, unit, answer=words.ANSWER)
        agenda.at(when + timedelta(hours=1), lambda: _recommend(world, no, channel))
    else:
        agenda.at(when, lambda: _recommend(world, no, channel))


def _recommend(world: World, no: str, channel: str) -> None:
    letter_no = f"演练推荐函〔{day_of(world.now).year}〕{world.course.recommended + 1:03d}号"
    if not world.act(
        "recommend", no, recommender(channel), letter_no=letter_no, letter_date=day_of(world.now)
    ):
        return
    world.course.recommended += 1
    world.later(_paper_arrives(world, no), "receive_paper", no, world.staff.office)


def _paper_arrives(world: World, no: str) -> datetime:
    """Two to four working days by post, on the last days by hand; one comes long after the close (D-9)."""
    close = end_of(world.rules.filing_closes.value)
    if world.parts[no] == "late_paper":
        return world.working_day(world.rules.filing_closes.value, 24, 14, 30)
    dice = world.dice(f"paper/{no}")
    by_post = world.working_day(world.now, dice.randrange(2, 5), 15, dice.randrange(60))
    return min(by_post, max(world.now + timedelta(minutes=30), close - timedelta(hours=6)))
