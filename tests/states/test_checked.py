"""A process that does not hang together does not start, and says everything that is wrong with it."""

from collections.abc import Callable

import pytest

from states.anchors import Anchor, within
from states.checked import Process
from states.conditions import paper_received
from states.declaration import Branch, Part, Stage, at_deadline, end, escalate, held_by, move, remind, stage
from states.refusals import Refused
from states.roles import Role
from states.rulebook import call_rules
from states.spans import days, working_days

RULES = call_rules("B3").track("evaluation")
OFFICE, APPLICANT = Role.OFFICE, Role.APPLICANT
LIMIT = within(working_days(5), "D-4")
OTHER = Anchor("other", "另一期限", "D-3", lambda facts, rules, calendar: None)
LEAVE = move("leave", "离开", to="over", by=OFFICE, clause="B3-4.4")
OVER = end("over", "办结", clause="B3-4.4")


def process(*stages: Stage) -> Process:
    return Process("试/evaluation@1", RULES, stages)


def first(*parts: Part, key: str = "first") -> Stage:
    return stage(key, "首环节", *parts, clause="B3-4.4")


def fault(*stages: Stage) -> str:
    with pytest.raises(ValueError, match="试/evaluation@1") as found:
        process(*stages)
    return str(found.value).removeprefix("process 试/evaluation@1: ")


def test_a_sound_declaration_starts() -> None:
    sound = process(first(held_by(OFFICE), LEAVE), OVER)
    assert list(sound.stages) == ["first", "over"]
    assert sound.move("first", "leave") is LEAVE


def test_nothing_declared_is_a_fault() -> None:
    assert fault() == "no stages"


def test_a_stage_declared_twice_is_a_fault() -> None:
    assert fault(first(held_by(OFFICE), LEAVE), first(held_by(OFFICE), LEAVE), OVER) == (
        "a stage is declared twice"
    )


def test_an_unknown_stage_is_a_fault() -> None:
    stray = move("stray", "误入", to="nowhere", by=OFFICE, clause="B3-4.4")
    assert fault(first(held_by(OFFICE), LEAVE, stray), OVER) == (
        "first: move stray leads to unknown stage nowhere"
    )


def test_an_unreachable_stage_is_a_fault() -> None:
    island = first(held_by(OFFICE), LEAVE, key="island")
    assert fault(first(held_by(OFFICE), LEAVE), island, OVER) == "island: unreachable"


def test_a_stage_without_a_way_out_is_a_fault() -> None:
    stuck = stage(
        "stuck",
        "死路",
        held_by(OFFICE),
        move("note", "备注", to="", by=OFFICE, clause="D-4"),
        clause="D-4",
    )
    into = move("enter", "进入", to="stuck", by=OFFICE, clause="D-4")
    assert fault(first(held_by(OFFICE), LEAVE, into), stuck, OVER) == (
        "stuck: no way out; stuck: no end can be reached from it"
    )


def test_going_round_for_ever_is_a_fault() -> None:
    there = move("there", "过去", to="second", by=OFFICE, clause="D-4")
    back = move("back", "回来", to="first", by=OFFICE, clause="D-4")
    second = first(held_by(OFFICE), back, key="second")
    assert fault(first(held_by(OFFICE), there), second) == (
        "first: no end can be reached from it; second: no end can be reached from it"
    )


def test_a_move_declared_twice_in_a_stage_is_a_fault() -> None:
    assert fault(first(held_by(OFFICE), LEAVE, LEAVE), OVER) == "first: move leave is declared twice"


def test_a_hand_move_and_a_clock_move_of_one_name_are_a_fault() -> None:
    clock = at_deadline("leave", "离开", to="over", clause="D-4")
    assert fault(first(held_by(OFFICE, until=LIMIT), LEAVE, clock), OVER) == (
        "first: move leave is declared twice"
    )


def test_one_name_with_two_meanings_is_a_fault() -> None:
    into = move("enter", "进入", to="second", by=OFFICE, clause="D-4")
    other = move("leave", "另一含义", to="over", by=OFFICE, clause="D-4")
    second = first(held_by(OFFICE), other, key="second")
    assert fault(first(held_by(OFFICE), LEAVE, into), second, OVER) == "second: move leave means two things"


@pytest.mark.parametrize(("letter", "tells"), [("exited", ()), (None, (APPLICANT,))])
def test_a_letter_to_nobody_or_readers_without_a_letter_are_a_fault(
    letter: str | None, tells: tuple[Role, ...]
) -> None:
    lost = move("leave", "离开", to="over", by=OFFICE, clause="D-4", letter=letter, tells=tells)
    assert fault(first(held_by(OFFICE), lost), OVER) == (
        "first: move leave has a letter without readers, or readers without a letter"
    )


def test_a_move_that_both_stays_and_leaves_is_a_fault() -> None:
    torn = move("torn", "两可", to=(Branch("over", (paper_received,)), Branch("")), by=OFFICE, clause="D-4")
    assert fault(first(held_by(OFFICE), LEAVE, torn), OVER) == "first: move torn both stays and leaves"


def test_a_limit_that_passes_in_silence_is_a_fault() -> None:
    assert fault(first(held_by(OFFICE, until=LIMIT), LEAVE), OVER) == "first: the limit passes in silence"


def test_a_reminder_alone_does_not_break_the_silence() -> None:
    before = remind(OFFICE, "stage_due", before=(working_days(1),), clause="D-4")
    assert fault(first(held_by(OFFICE, until=LIMIT), LEAVE, before), OVER) == (
        "first: the limit passes in silence"
    )


@pytest.mark.parametrize(
    "told",
    [
        lambda: at_deadline("lapse", "到期", to="over", clause="D-4"),
        lambda: escalate(Role.HEAD, "stage_overdue", after=days(1), clause="D-4"),
    ],
    ids=["a clock move", "an escalation"],
)
def test_a_limit_may_end_in(told: Callable[[], Part]) -> None:
    assert list(process(first(held_by(OFFICE, until=LIMIT), LEAVE, told()), OVER).stages) == ["first", "over"]


def test_an_escalation_of_another_limit_does_not_speak_for_the_stages_own() -> None:
    elsewhere = escalate(Role.HEAD, "stage_overdue", after=days(1), clause="D-4", of=OTHER)
    assert fault(first(held_by(OFFICE, until=LIMIT), LEAVE, elsewhere), OVER) == (
        "first: the limit passes in silence"
    )


@pytest.mark.parametrize(
    "hanging",
    [
        lambda: at_deadline("lapse", "到期", to="over", clause="D-4"),
        lambda: remind(OFFICE, "stage_due", before=(days(1),), clause="D-4"),
        lambda: escalate(Role.HEAD, "stage_overdue", after=days(1), clause="D-4"),
    ],
    ids=["a clock move", "a reminder", "an escalation"],
)
def test_a_timer_that_hangs_on_no_limit_is_a_fault(hanging: Callable[[], Part]) -> None:
    assert fault(first(held_by(OFFICE), LEAVE, hanging()), OVER) == (
        "first: a timer hangs on a limit the stage does not have"
    )


def test_a_stage_nobody_holds_is_a_fault() -> None:
    assert fault(first(LEAVE), OVER) == "first: nobody holds it"


def test_every_fault_is_told_at_once() -> None:
    stray = move("leave", "离开", to="nowhere", by=OFFICE, clause="D-4", letter="exited")
    assert fault(first(stray), OVER).split("; ") == [
        "first: move leave has a letter without readers, or readers without a letter",
        "first: move leave leads to unknown stage nowhere",
        "first: nobody holds it",
        "over: unreachable",
        "first: no end can be reached from it",
    ]


def test_a_move_of_another_stage_is_refused_naming_what_can_be_done_here() -> None:
    into = move("enter", "进入", to="second", by=OFFICE, clause="D-4")
    two = process(first(held_by(OFFICE), into), first(held_by(OFFICE), LEAVE, key="second"), OVER)
    with pytest.raises(Refused) as refused:
        two.move("first", "leave")
    assert str(refused.value) == "“首环节”环节不能“离开”，可办理的有：进入（enter）。（B3-4.4）"


def test_a_move_from_an_end_is_refused_saying_that_it_is_over() -> None:
    one = process(first(held_by(OFFICE), LEAVE), OVER)
    with pytest.raises(Refused) as refused:
        one.move("over", "leave")
    assert str(refused.value) == "“办结”环节不能“离开”，可办理的有：无（已办结）。（B3-4.4）"


def test_a_move_that_no_stage_has_is_refused_naming_all_there_are() -> None:
    one = process(first(held_by(OFFICE), LEAVE), OVER)
    with pytest.raises(Refused) as refused:
        one.move("first", "fly")
    assert str(refused.value) == "没有名为“fly”的办理动作，可用的有：leave。"


def test_the_letters_and_clauses_of_a_process_are_gathered_from_everywhere() -> None:
    told = move(
        "leave", "离开", to="over", by=OFFICE, clause="B3-5.3", provided=(paper_received,),
        letter="disqualified", tells=(APPLICANT,),
    )  # fmt: skip
    whole = process(
        first(
            held_by(OFFICE, until=LIMIT),
            told,
            remind(OFFICE, "stage_due", before=(days(1),), clause="M24-14"),
            escalate(Role.HEAD, "stage_overdue", after=days(1), clause="D-5"),
        ),
        OVER,
    )
    assert whole.letters() == {
        "disqualified": {APPLICANT},
        "stage_due": {OFFICE},
        "stage_overdue": {Role.HEAD},
    }
    assert whole.clauses() == {"B3-4.4", "B3-5.3", "D-9", "D-4", "M24-14", "D-5"}
