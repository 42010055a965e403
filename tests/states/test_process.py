"""The declared processes: which stages each track of each call has, who holds them, and what leads where."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from states import conditions
from states.checked import Process, clock_moves
from states.clauses import CLAUSES, SILENT
from states.conditions import Condition
from states.declaration import Move
from states.process import build
from states.roles import Role
from states.rulebook import call_rules, regime_rules

BEFORE = ("draft", "submitted", "correcting", "recommended", "initial_review", "expert_review")
AFTER = ("publicity", "listed", "renewal", "lapsing", "rectifying")
ENDS = ("declined", "not_selected", "withdrawn", "disqualified", "exited")


def processes() -> dict[str, Process]:
    calls = {code: call_rules(code) for code in ("B3", "CQ23")}
    regimes = {code: regime_rules(code) for code in ("I21", "M24")}
    return {
        f"{code}/{track}": build(rules.track(track))
        for code, rules in {**calls, **regimes}.items()
        for track in ("evaluation", "training")
    }


PROCESSES = processes()
B3 = PROCESSES["B3/evaluation"]


def moves(process: Process) -> Iterable[tuple[str, Move]]:
    for stage in process.stages.values():
        for move in (*stage.moves, *clock_moves(stage)):
            yield stage.key, move


def leads(process: Process, stage: str) -> dict[str, list[str]]:
    """Move → where it leads, for one stage; "" for a move that stays."""
    here = process.stages[stage]
    return {move.name: [branch.to for branch in move.branches] for move in (*here.moves, *clock_moves(here))}


@pytest.mark.clause("B3-4.4", "M24-7.4")
def test_the_third_batch_has_a_site_visit_and_a_recheck_before_publicity() -> None:
    assert tuple(B3.stages) == (*BEFORE, "site_visit", "recheck", *AFTER, *ENDS)


@pytest.mark.clause("I21-4.4")
@pytest.mark.parametrize("track", ["evaluation", "training"])
def test_the_measures_of_2021_know_no_recheck_but_an_audit_and_a_decision(track: str) -> None:
    assert tuple(PROCESSES[f"I21/{track}"].stages) == (*BEFORE, "audit", "decision", *AFTER, *ENDS)


@pytest.mark.clause("CQ23-4.3")
def test_the_second_batch_visits_only_for_evaluation_and_audits_both_tracks() -> None:
    assert tuple(PROCESSES["CQ23/evaluation"].stages) == (
        *BEFORE, "site_visit", "audit", "decision", *AFTER, *ENDS,
    )  # fmt: skip
    assert tuple(PROCESSES["CQ23/training"].stages) == (*BEFORE, "audit", "decision", *AFTER, *ENDS)


@pytest.mark.clause("M24-7.3a", "M24-7.4", "M24-8")
@pytest.mark.parametrize("track", ["evaluation", "training"])
def test_the_measures_of_2024_recheck_what_the_experts_found(track: str) -> None:
    assert tuple(PROCESSES[f"M24/{track}"].stages) == (*BEFORE, "recheck", *AFTER, *ENDS)


def holders(process: Process) -> dict[str, Role]:
    return {key: stage.holder.role for key, stage in process.stages.items() if stage.holder}


@pytest.mark.clause("I21-2.3", "M24-3.1", "B3-4.4")
def test_national_steps_of_the_third_batch_are_held_by_office_panel_and_group() -> None:
    assert holders(B3) == {
        "draft": Role.APPLICANT,
        "submitted": Role.RECOMMENDER,
        "correcting": Role.APPLICANT,
        "recommended": Role.OFFICE,
        "initial_review": Role.OFFICE,
        "expert_review": Role.PANEL,
        "site_visit": Role.OFFICE,
        "recheck": Role.GROUP,
        "publicity": Role.OFFICE,
        "listed": Role.APPLICANT,
        "renewal": Role.GROUP,
        "lapsing": Role.CLOCK,
        "rectifying": Role.APPLICANT,
    }


@pytest.mark.clause("M24-3.2", "CQ23-4.3", "CQ23-1.4")
def test_a_province_selects_its_training_institutions_and_the_national_office_audits() -> None:
    held = holders(PROCESSES["CQ23/training"])
    by_province = {stage for stage, role in held.items() if role is Role.PROVINCE}
    assert by_province == {"recommended", "initial_review", "decision", "publicity", "renewal"}
    assert held["audit"] is Role.OFFICE
    assert PROCESSES["CQ23/training"].rules.publisher.value == "province"
    assert PROCESSES["CQ23/evaluation"].rules.publisher.value == "group"


@pytest.mark.clause("I21-4.4")
def test_under_the_measures_of_2021_the_centre_organises_the_experts() -> None:
    assert PROCESSES["I21/evaluation"].move("expert_review", "conclude_review").by == {
        Role.PANEL,
        Role.CENTRE,
    }


@pytest.mark.clause("B3-4.1", "B3-4.2", "B3-4.4", "B3-4.5", "B3-4.6")
def test_the_selection_of_the_third_batch_leads_from_filing_to_the_directory() -> None:
    ended = {"withdraw": ["withdrawn"]}
    anywhere = {**ended, "disqualify": ["disqualified"]}
    notes = {"receive_material": [""], "answer_warnings": [""]}
    assert {stage: leads(B3, stage) for stage in (*BEFORE, "site_visit", "recheck", "publicity")} == {
        "draft": {"submit": ["submitted"], **notes, **ended, "close_draft": ["withdrawn"]},
        "submitted": {
            "recommend": ["recommended"], "decline": ["declined"], "return_for_correction": ["correcting"],
            **notes, **anywhere, "close_unrecommended": ["declined"],
        },
        "correcting": {
            "resubmit": ["initial_review", "submitted"], **notes, **anywhere, "lapse_correction": ["declined"],
        },
        "recommended": {
            "begin_review": ["initial_review"], "receive_paper": [""], **anywhere,
            "accept_at_close": ["initial_review"],
        },
        "initial_review": {
            "pass_initial": ["expert_review"], "fail_initial": ["not_selected"],
            "return_for_correction": ["correcting"], "receive_paper": [""], **notes, **anywhere,
        },
        "expert_review": {
            "order_site_visit": ["site_visit"], "record_result": [""], "conclude_review": ["recheck"], **anywhere,
        },
        "site_visit": {"report_visit": ["expert_review"], **anywhere},
        "recheck": {"publicise": ["publicity"], "not_select": ["not_selected"], **anywhere},
        "publicity": {
            "object": [""], "dismiss_objection": [""], "uphold_objection": ["not_selected"],
            "republish": ["publicity"], **anywhere, "list": ["listed"],
        },
    }  # fmt: skip


@pytest.mark.clause("M24-9.1", "M24-9.4", "M24-20a", "M24-20b", "M24-20c", "M24-21", "D-5", "D-11")
@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_every_listing_lives_and_leaves_by_the_measures_of_2024(name: str) -> None:
    process = PROCESSES[name]
    throughout = {
        "order_rectification": ["rectifying"], "remove": ["exited"], "withdraw_listing": ["exited"],
        "record_activity": [""], "fulfil_duty": [""],
        "announce_leaving": [""], "take_back_leaving": [""], "leave_as_announced": ["exited"],
    }  # fmt: skip
    while_rectifying = {key: to for key, to in throughout.items() if key != "order_rectification"}
    assert {stage: leads(process, stage) for stage in ("listed", "renewal", "lapsing", "rectifying")} == {
        "listed": {"apply_renewal": ["renewal"], **throughout, "lapse": ["lapsing"]},
        "renewal": {
            "approve_renewal": ["listed"], "refuse_renewal": ["exited", "lapsing"], "return_renewal": [""],
            "correct_renewal": [""], **throughout, "drop_renewal": ["listed"],
        },
        "lapsing": {"apply_renewal": ["renewal"], **throughout, "exit": ["exited"]},
        "rectifying": {
            "report_rectification": [""], "accept_rectification": ["renewal", "lapsing", "listed"],
            "refuse_rectification": ["exited"], "apply_renewal": [""], "correct_renewal": [""], **while_rectifying,
            "fail_rectification": ["exited"], "exit": ["exited"],
        },
    }  # fmt: skip


@pytest.mark.clause("M24-5", "B3-1.3", "D-2")
@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_the_directory_and_the_quota_count_the_right_stages(name: str) -> None:
    assert PROCESSES[name].directory_stages == ("listed", "renewal", "lapsing", "rectifying")
    assert PROCESSES[name].seat_stages == AFTER


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_every_move_that_changes_the_stage_tells_the_applicant_unless_the_panel_works_in_private(
    name: str,
) -> None:
    silent = {
        move.name for _, move in moves(PROCESSES[name]) if not move.stays and Role.APPLICANT not in move.tells
    }
    visits = {"report_visit"} if PROCESSES[name].rules.has_site_visit.value else set()
    audits = set() if PROCESSES[name].rules.has_recheck.value else {"approve_result"}
    assert silent == {"conclude_review"} | visits | audits


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_every_letter_has_a_wording_for_every_role_it_tells(name: str) -> None:
    root = Path(__file__).parents[2] / "notifications"
    missing = [
        (letter, str(role))
        for letter, roles in PROCESSES[name].letters().items()
        for role in roles
        if not (root / "letters" / letter / f"{role}.txt.j2").exists()
        and not (root / "notices" / f"{letter}.txt.j2").exists()
    ]
    assert missing == []


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_every_clause_a_process_cites_stands_in_the_list(name: str) -> None:
    assert sorted(PROCESSES[name].clauses() - set(CLAUSES) - {SILENT}) == []


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_every_stage_and_move_is_labelled_in_chinese(name: str) -> None:
    chinese = re.compile(r"[一-鿿，、]+")
    labels = [stage.label for stage in PROCESSES[name].stages.values()]
    labels += [move.label for _, move in moves(PROCESSES[name])]
    assert [label for label in labels if not chinese.fullmatch(label)] == []


def test_every_condition_is_used_and_none_is_made_up_elsewhere() -> None:
    declared = {each.name for each in vars(conditions).values() if isinstance(each, Condition)}
    used = {
        condition.name
        for process in PROCESSES.values()
        for stage in process.stages.values()
        for provided in (
            *(branch.provided for move in (*stage.moves, *clock_moves(stage)) for branch in move.branches),
            *(reminder.provided for reminder in stage.reminders),
        )
        for condition in provided
    }
    assert declared == used


@pytest.mark.clause("B3-4.5", "CQ23-4.4", "I21-4.5", "M24-7.4")
@pytest.mark.parametrize(
    ("name", "working_days", "clause"),
    [
        ("B3/evaluation", 5, "B3-4.5"),
        ("CQ23/evaluation", 5, "CQ23-4.4"),
        ("CQ23/training", 5, "CQ23-4.4"),
        ("I21/evaluation", 15, "I21-4.5"),
        ("M24/evaluation", 5, "M24-7.4"),
    ],
)
def test_publicity_lasts_as_long_as_its_own_text_says(name: str, working_days: int, clause: str) -> None:
    process = PROCESSES[name]
    assert process.rules.publicity.value.text() == f"{working_days}个工作日"
    assert process.stages["publicity"].clause == clause


@pytest.mark.clause("B3-4.2")
def test_a_recommendation_asks_for_the_number_and_day_of_its_letter() -> None:
    asks = B3.move("submitted", "recommend").asks
    assert [(ask.key, ask.required) for ask in asks] == [("letter_no", True), ("letter_date", True)]


@pytest.mark.clause("B3-5.3")
def test_a_proven_false_statement_ends_a_case_at_every_stage_of_the_selection() -> None:
    can = {stage for stage, move in moves(B3) if move.name == "disqualify"}
    assert can == {*BEFORE, "site_visit", "recheck", "publicity"} - {"draft"}


@pytest.mark.clause("B3-1.4", "B3-1.3")
def test_the_group_publishes_and_no_move_but_the_groups_takes_a_seat() -> None:
    assert B3.rules.publisher.value == "group"
    assert [(stage, move.name, move.by) for stage, move in moves(B3) if move.takes_seat] == [
        ("recheck", "publicise", frozenset({Role.GROUP}))
    ]


@pytest.mark.clause("B3-5.2")
def test_the_third_batch_selects_no_training_institutions() -> None:
    rule = PROCESSES["B3/training"].rules.open
    assert (rule.value, rule.clause) == (False, "B3-5.2")
