"""The machine leads where the declaration says, and refuses in the words of the condition that does not hold."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.calendar import Calendar
from states.checked import clock_moves
from states.conditions import Circumstances
from states.facts import Facts
from states.machine import ProcessMachine
from states.process import build
from states.refusals import Refused
from states.rulebook import call_rules, regime_rules

MACHINES = {
    "B3": ProcessMachine(build(call_rules("B3").track("evaluation"))),
    "I21": ProcessMachine(build(regime_rules("I21").track("training"))),
}
B3 = MACHINES["B3"]
PLACES = [
    (name, stage.key, move.name)
    for name, machine in MACHINES.items()
    for stage in machine.process.stages.values()
    for move in (*stage.moves, *clock_moves(stage))
]
ENTERED = datetime(2024, 6, 3, 2, tzinfo=UTC)

maybe = partial(st.one_of, st.none())
instants = st.datetimes(datetime(2021, 10, 8), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(2024, 1, 1), date(2031, 1, 1))
stated = st.fixed_dictionaries(
    {},
    optional={
        "departure": st.sampled_from(["", " ", "优先发展领域"]),
        "consent": st.sampled_from(["", "同意"]),
        "due_on": days,
        "reason": st.just("理由"),
    },
)


def case(stage: str, **known: Any) -> Facts:
    return Facts(
        1, "B3-SJAQ-0001", 1, "B3", "evaluation", "B3/evaluation@1", "SJAQ", 1, "50", "P50", stage,
        **{"entered_at": ENTERED, "updated_at": ENTERED} | known,
    )  # fmt: skip


def around(as_of: datetime, seats_left: int | None = None, **inputs: Any) -> Circumstances:
    return Circumstances(as_of, B3.process.rules, Calendar.builtin(), inputs, seats_left)


lives = st.builds(
    partial(case, "draft"),
    materials_missing=st.integers(0, 2),
    warnings_open=st.integers(0, 2),
    paper_at=maybe(instants),
    returned_from=st.sampled_from([None, "submitted", "initial_review"]),
    votes_cast=st.sampled_from([None, 0, 7]),
    panel_recommends=st.sampled_from([None, False, True]),
    posted_at=maybe(instants),
    objections_open=st.integers(0, 2),
    term_no=st.integers(0, 3),
    term_last_day=maybe(days),
    renewal_applied_at=maybe(instants),
    renewal_refused=st.sampled_from([None, "renewal_refused", "below_200"]),
    activity=st.sampled_from([0, 1, 599, 600, 5000]),
    rectification_due=maybe(days),
    rectification_reported_at=maybe(instants),
)


@settings(max_examples=600)
@given(
    place=st.sampled_from(PLACES), life=lives, as_of=instants, inputs=stated, seats=maybe(st.integers(0, 2))
)
def test_the_gates_question_and_the_machines_own_walk_have_one_answer(
    place: tuple[str, str, str], life: Facts, as_of: datetime, inputs: dict[str, Any], seats: int | None
) -> None:
    name, stage, move = place
    machine, facts = MACHINES[name], life._replace(stage=stage)
    circumstances = Circumstances(as_of, machine.process.rules, Calendar.builtin(), inputs, seats)
    walked = machine.walk(stage, move, facts, circumstances)
    try:
        led: str | None = machine.destination(stage, move, facts, circumstances)
    except Refused:
        led = None
    assert led == walked


@pytest.mark.parametrize(("name", "stage", "move"), PLACES)
def test_the_machine_has_the_branches_that_were_declared(name: str, stage: str, move: str) -> None:
    machine = MACHINES[name]
    assert machine.routes(stage, move) == machine.process.move(stage, move).branches


def test_asking_moves_nothing() -> None:
    facts = case("recommended")
    assert B3.destination("recommended", "begin_review", facts, around(ENTERED)) == "initial_review"
    assert facts == case("recommended")


def test_a_move_that_stays_leads_to_where_the_case_is() -> None:
    assert (
        B3.destination("recommended", "receive_paper", case("recommended"), around(ENTERED)) == "recommended"
    )


@pytest.mark.clause("D-9")
def test_a_refusal_is_the_sentence_of_the_condition_with_its_clause() -> None:
    with pytest.raises(Refused) as refused:
        B3.destination("initial_review", "pass_initial", case("initial_review"), around(ENTERED))
    assert str(refused.value) == (
        "纸质推荐函和推荐表尚未收到（纸质待补），收到并登记后方可进入专家评议。（D-9）"
    )


@pytest.mark.clause("D-4", "B3-5.4")
def test_a_correction_goes_back_to_whom_returned_it() -> None:
    office, recommender = (
        case("correcting", returned_from=stage) for stage in ("initial_review", "submitted")
    )
    assert B3.destination("correcting", "resubmit", office, around(ENTERED)) == "initial_review"
    assert B3.destination("correcting", "resubmit", recommender, around(ENTERED)) == "submitted"


@pytest.mark.clause("D-4", "B3-5.4")
def test_where_no_branch_is_open_the_refusal_is_that_of_the_general_one() -> None:
    late = around(datetime(2024, 6, 21, 16, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        B3.destination("correcting", "resubmit", case("correcting", returned_from="submitted"), late)
    assert str(refused.value) == "申报截止日已过，逾期不再受理。（B3-5.4）"


@pytest.mark.clause("M24-9.1", "D-5")
def test_a_refused_renewal_ends_now_only_when_the_term_is_over() -> None:
    facts = case("renewal", term_last_day=date(2027, 10, 10), renewal_applied_at=ENTERED)
    during, after = datetime(2027, 10, 10, 15, 59, tzinfo=UTC), datetime(2027, 10, 10, 16, tzinfo=UTC)
    assert B3.destination("renewal", "refuse_renewal", facts, around(during)) == "lapsing"
    assert B3.destination("renewal", "refuse_renewal", facts, around(after)) == "exited"


@pytest.mark.clause("M24-20a", "M24-9.4", "D-5")
def test_an_accepted_rectification_goes_back_to_where_the_term_stands() -> None:
    facts = case(
        "rectifying", term_last_day=date(2027, 10, 10), rectification_due=date(2027, 8, 1),
        rectification_reported_at=ENTERED,
    )  # fmt: skip
    applied = facts._replace(renewal_applied_at=datetime(2027, 5, 1, tzinfo=UTC))
    refused = applied._replace(renewal_refused="renewal_refused")
    early, late = datetime(2027, 7, 10, 15, 59, tzinfo=UTC), datetime(2027, 7, 10, 16, tzinfo=UTC)

    def back(life: Facts, as_of: datetime) -> str:
        return B3.destination("rectifying", "accept_rectification", life, around(as_of))

    assert [back(facts, early), back(applied, early), back(refused, early)] == [
        "listed",
        "renewal",
        "lapsing",
    ]
    assert [back(facts, late), back(applied, late), back(refused, late)] == ["lapsing", "renewal", "lapsing"]


def test_a_stage_says_which_moves_a_person_may_try() -> None:
    assert [move.name for move in B3.moves_from("lapsing")] == [
        "apply_renewal", "order_rectification", "remove", "withdraw_listing", "announce_leaving",
        "take_back_leaving", "record_activity", "fulfil_duty",
    ]  # fmt: skip
