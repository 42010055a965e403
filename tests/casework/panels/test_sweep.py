"""The life of a panel on its timers: in legal order, once, whatever broke or slept in between."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from casework.desk import Desk
from casework.filed_forms import filed_form
from casework.incidents import incidents, retry
from casework.panels.committing import replace
from casework.panels.sweep import PanelSweepReport, sweep_panels
from notifications.rendering import Rendered, Renderer
from records.transaction import reading
from states.calendar import SHANGHAI
from states.facts import instant
from states.roles import Role

Ground = Any  # of conftest
NEXT_DAY = datetime(2024, 7, 4, 10, tzinfo=SHANGHAI)
LAST_MOMENT = datetime(2024, 7, 9, tzinfo=SHANGHAI)
"""The first instant after the last day to answer: three working days after 3 July, a weekend between."""
MEETS, CLOSES = datetime(2024, 7, 15, 9, tzinfo=SHANGHAI), datetime(2024, 7, 17, 17, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


def fired(ground: Ground, as_of: datetime) -> dict[str, int]:
    return sweep_panels(ground.desk, as_of=as_of).fired


def key_the_ballots(ground: Ground, no: str) -> None:
    ground.programme.spoil("UPDATE panel SET public_key = 'example' WHERE no = ?", no)


@pytest.mark.clause("M24-7.3c")
def test_at_the_set_time_of_the_draw_people_are_told_and_no_digits_are_invented(ground: Ground) -> None:
    for login, role in (("zhou", Role.OFFICE), ("qian", Role.AUDITOR), ("wu", Role.PROVINCE)):
        ground.staff(login, role, "50" if role is Role.PROVINCE else "")
    at = datetime(2024, 7, 5, 10, tzinfo=SHANGHAI)
    no = ground.plan(draw_at=at)
    ground.commit(no)
    assert fired(ground, at - SECOND) == {}
    assert fired(ground, at) == {"draw": 1}
    assert ground.told("panel_draw_due") == [f"专家抽取时间已到：{no}"] * 2
    assert ground.panel(no).state == "committed"
    assert fired(ground, at + timedelta(days=9)) == {}


@pytest.mark.clause("M24-7.3c")
def test_silence_until_the_last_day_is_over_leaves_a_vacancy(ground: Ground) -> None:
    ground.staff("zhou", Role.OFFICE)
    no = ground.seated()
    for seat in ground.seats(no)[1:]:
        ground.answer(seat, as_of=NEXT_DAY)
    fired(ground, LAST_MOMENT - SECOND)
    assert ground.states(no)[0] == "invited"
    assert fired(ground, LAST_MOMENT) == {"answer": 1}
    assert ground.states(no) == ["silent", *["confirmed"] * 4]
    assert ground.told("panel_vacancy") == [f"专家席位空缺，须补抽：{no}第1席"]
    assert ground.noted("seat_silent") == [{"panel": no, "seat": 1}]
    made = replace(ground.desk, no, by=ground.office, as_of=LAST_MOMENT)
    assert (made.seats, made.excluded) == (1, 1)


def test_who_answered_in_time_is_not_silent(ground: Ground) -> None:
    no = ground.seated()
    for seat in ground.seats(no):
        ground.answer(seat, as_of=NEXT_DAY)
    assert fired(ground, LAST_MOMENT + timedelta(days=30)) == {}
    assert ground.states(no) == ["confirmed"] * 5


def test_an_invited_expert_is_reminded_once_with_a_fresh_link(ground: Ground) -> None:
    no = ground.seated()
    seat = ground.seats(no)[0]
    first = ground.link(seat)
    at = datetime(2024, 7, 5, 9, tzinfo=SHANGHAI)  # one working day before Monday, 8 July
    assert fired(ground, at - SECOND) == {}
    assert fired(ground, at) == {"answer_reminder": 5}
    assert fired(ground, at) == {}
    assert [letter.letter for letter in ground.letters(seat)][2:] == ["expert_answer_due", "expert_code"]
    assert ground.link(seat) != first
    assert ground.answer(seat, as_of=at).state == "confirmed"


@pytest.mark.clause("D-7")
def test_after_a_weeks_outage_everything_happened_at_its_legal_time_and_no_stale_reminder_leaves(
    ground: Ground,
) -> None:
    no = ground.seated()
    late = LAST_MOMENT + timedelta(days=7)
    assert fired(ground, late) == {"answer": 5, "answer_reminder": 5}
    assert ground.states(no) == ["silent"] * 5
    assert {letter.letter for seat in ground.seats(no) for letter in ground.letters(seat)} == {
        "expert_invited", "expert_code", "expert_released",
    }  # fmt: skip
    rows = ground.programme.rows("SELECT at, written_at FROM audit WHERE name = 'seat_silent'")
    assert {(instant(at), instant(written)) for at, written in rows} == {(LAST_MOMENT, late)}


def test_letters_that_waited_do_not_leave_once_the_seat_is_left(ground: Ground) -> None:
    no = ground.seated()
    fired(ground, LAST_MOMENT)
    found = {(letter.letter, letter.state) for seat in ground.seats(no) for letter in ground.letters(seat)}
    assert found == {
        ("expert_invited", "superseded"), ("expert_code", "superseded"), ("expert_released", "queued"),
    }  # fmt: skip


@pytest.mark.clause("M24-7.3d")
def test_the_vote_begins_and_closes_at_its_set_times(ground: Ground) -> None:
    ground.staff("zhou", Role.OFFICE)
    no = ground.confirmed(meets_at=MEETS, closes_at=CLOSES)
    key_the_ballots(ground, no)
    fired(ground, MEETS - SECOND)
    assert ground.panel(no).state == "confirmed"
    assert fired(ground, MEETS) == {"meets": 1}
    assert ground.panel(no).state == "voting"
    assert fired(ground, CLOSES - SECOND) == {"ballots_reminder": 2}
    assert ground.panel(no).state == "voting"
    assert fired(ground, CLOSES) == {"closes": 1}
    assert ground.panel(no).state == "closed"
    assert ground.told("panel_ballots_closed") == [f"表决已截止，请共同开票：{no}"]


@pytest.mark.clause("M24-7.3d", "D-7")
def test_a_close_that_was_slept_through_is_dated_by_its_set_time(ground: Ground) -> None:
    no = ground.confirmed(meets_at=MEETS, closes_at=CLOSES)
    key_the_ballots(ground, no)
    fired(ground, CLOSES + timedelta(days=7))
    assert ground.panel(no).state == "closed"
    rows = ground.programme.rows(
        "SELECT name, at FROM audit WHERE name IN ('vote_begun', 'vote_closed') ORDER BY seq"
    )
    assert [(name, instant(at)) for name, at in rows] == [("vote_begun", MEETS), ("vote_closed", CLOSES)]


def test_a_vote_without_a_key_is_held_with_its_reason_until_there_is_one(ground: Ground) -> None:
    no = ground.confirmed(meets_at=MEETS, closes_at=CLOSES)
    report = sweep_panels(ground.desk, as_of=MEETS)
    assert (report.fired, report.held) == ({}, 1)
    assert ground.programme.rows("SELECT held_why FROM panel_timer WHERE kind = 'meets'") == [
        (f"专家组{no}尚未生成表决密钥，不能开始表决。（M24-7.3d）",)
    ]
    key_the_ballots(ground, no)
    assert fired(ground, MEETS + timedelta(hours=1)) == {"meets": 1}
    assert ground.panel(no).state == "voting"


@pytest.mark.clause("M24-7.3d")
def test_a_vote_that_never_began_is_an_incident_once_and_looked_at_once_a_day(ground: Ground) -> None:
    no = ground.confirmed(meets_at=MEETS, closes_at=CLOSES)
    for passed in (timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=2)):
        sweep_panels(ground.desk, as_of=CLOSES + passed)
    (found,) = incidents(ground.desk)
    assert (found.kind, found.subject, found.attempts, found.reason) == (
        "panel_never_voted", no, 1, f"专家组{no}到表决截止时仍未开始表决，请重新设定时间。（M24-7.3d）",
    )  # fmt: skip
    rows = ground.programme.rows("SELECT kind, fires_at FROM panel_timer ORDER BY kind")
    assert [(kind, instant(at)) for kind, at in rows] == [
        ("closes", CLOSES + timedelta(days=3)), ("meets", CLOSES + timedelta(days=3)),
    ]  # fmt: skip


@pytest.mark.clause("M24-7.3b")
def test_recusal_is_asked_again_before_the_vote_begins(ground: Ground) -> None:
    no = ground.confirmed(meets_at=MEETS, closes_at=CLOSES)
    key_the_ballots(ground, no)
    with reading(ground.desk.engine) as tx:
        form = filed_form(tx, ground.cases[0])
    assert form is not None
    seat = ground.seats(no)[3]
    ground.programme.spoil(
        "UPDATE expert SET employer = ?, uscc = ? WHERE id = ?", form.institution, form.uscc, seat.expert_id
    )
    fired(ground, MEETS)
    assert ground.states(no) == ["confirmed", "confirmed", "confirmed", "conflicted", "confirmed"]
    assert ground.panel(no).state == "drawn"


def test_only_those_who_have_not_voted_are_reminded(ground: Ground) -> None:
    no = ground.confirmed(meets_at=MEETS, closes_at=CLOSES)
    key_the_ballots(ground, no)
    fired(ground, MEETS)
    first = ground.seats(no)[0]
    ground.programme.spoil(
        "INSERT INTO ballot (panel_id, seat_id, sealed, receipt, cast_at) VALUES (?,?,'x','r',?)",
        ground.panel(no).id, first.id, MEETS,
    )  # fmt: skip
    fired(ground, CLOSES - timedelta(hours=24))
    reminded = [
        seat.place
        for seat in ground.seats(no)
        if "expert_ballot_due" in {letter.letter for letter in ground.letters(seat)}
    ]
    assert reminded == [2, 3, 4, 5]


def test_a_sweep_run_twice_does_nothing_more(ground: Ground) -> None:
    ground.seated()
    fired(ground, LAST_MOMENT)
    before = ground.programme.contents()
    assert sweep_panels(ground.desk, as_of=LAST_MOMENT) == PanelSweepReport()
    assert ground.programme.contents() == before


class Failing(Renderer):
    """Words every letter but those to the expert of one name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def render(self, letter: str, role: str, context: Any) -> Rendered:
        if context.get("reader") == self.name:
            raise RuntimeError(f"no words for {self.name}")
        return super().render(letter, role, context)


@pytest.mark.clause("M24-7.3b")
def test_what_fails_becomes_an_incident_that_names_the_panel_alone_and_can_be_retried(
    ground: Ground,
) -> None:
    no = ground.seated()
    name = ground.expert_at(ground.seats(no)[0]).name
    broken = Desk.on(ground.desk.engine, renderer=Failing(name))
    report = sweep_panels(broken, as_of=LAST_MOMENT)
    assert (report.incidents, ground.states(no)) == (1, ["invited", *["silent"] * 4])
    (found,) = incidents(ground.desk)
    assert found.reason == f"专家组{no}“专家答复邀请”未能办理：RuntimeError"
    retry(ground.desk, found.id, by=ground.office, as_of=LAST_MOMENT)
    sweep_panels(ground.desk, as_of=LAST_MOMENT)
    assert ground.states(no) == ["silent"] * 5
