"""What each move changes in a case beyond its stage."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from states import effects
from states.calendar import Calendar, at_time, start_of
from states.call_rules import TrackRules
from states.clauses import CLAUSES
from states.conditions import Circumstances
from states.effects import DEEMED_GIVEN_UP, EXIT_GROUNDS
from states.facts import Facts
from states.rulebook import call_rules
from states.ruled import Ruled

RULES = call_rules("B3").track("evaluation")
NOW = datetime(2024, 10, 9, 16, tzinfo=UTC)
LAST_DAY = date(2027, 10, 10)
COOLING = date(2030, 10, 10)
TERM_OVER = at_time(date(2027, 10, 11), 0)


def case(stage: str = "listed", **known: Any) -> Facts:
    return Facts(
        1, "B3-SJAQ-0001", 1, "B3", "evaluation", "B3/evaluation@1", "SJAQ", 1, "50", "P50", stage,
        NOW, NOW, **known,
    )  # fmt: skip


def around(as_of: datetime = NOW, rules: TrackRules = RULES, **inputs: Any) -> Circumstances:
    return Circumstances(as_of, rules, Calendar.builtin(), inputs)


def listed(stage: str = "listed", **known: Any) -> Facts:
    return case(stage, **{"term_no": 1, "term_last_day": LAST_DAY, "activity": 500} | known)


@pytest.mark.clause("B3-4.2")
def test_a_recommendation_notes_its_letter_and_settles_an_earlier_return() -> None:
    changes = effects.note_recommendation(
        case("submitted", returned_from="submitted"),
        around(letter_no="渝人社函1号", letter_date=date(2024, 6, 12)),
    )
    assert changes == {
        "recommendation_no": "渝人社函1号",
        "recommended_on": date(2024, 6, 12),
        "returned_from": None,
    }


@pytest.mark.clause("M24-7.3d")
@pytest.mark.parametrize(
    ("votes_for", "votes_cast", "recommends"),
    [(4, 6, True), (5, 7, True), (4, 7, False), (2, 3, True), (1, 2, False), (0, 0, False), (0, 5, False)],
)
def test_two_thirds_of_those_voting_recommend(votes_for: int, votes_cast: int, recommends: bool) -> None:
    changes = effects.note_result(case(), around(votes_for=votes_for, votes_cast=votes_cast, score=None))
    assert changes == {
        "votes_for": votes_for,
        "votes_cast": votes_cast,
        "score": 0,
        "panel_recommends": recommends,
    }


def test_materials_and_objections_are_counted_down_to_nothing_and_not_below() -> None:
    assert effects.receive_material(case(materials_missing=2), around()) == {"materials_missing": 1}
    assert effects.receive_material(case(materials_missing=0), around()) == {"materials_missing": 0}
    assert effects.receive_objection(case(objections_open=1), around()) == {"objections_open": 2}
    assert effects.close_objection(case(objections_open=2), around()) == {"objections_open": 1}
    assert effects.close_objection(case(objections_open=0), around()) == {"objections_open": 0}


@pytest.mark.clause("M24-7.3e")
@pytest.mark.parametrize(("departure", "departs"), [("优先发展领域", True), ("  ", False), (None, False)])
def test_posting_notes_whether_the_recheck_departs_from_the_panel(
    departure: str | None, departs: bool
) -> None:
    assert effects.post(case("recheck"), around(departure=departure)) == {
        "posted_at": NOW,
        "departs": departs,
    }


@pytest.mark.clause("D-2")
def test_posting_again_begins_anew_and_settles_what_was_objected() -> None:
    again = effects.post_again(case("publicity", objections_open=2), around())
    assert again == {"posted_at": NOW, "objections_open": 0}


@pytest.mark.clause("B3-1.5", "CQ23-1.5", "I21-4.6", "D-3")
@pytest.mark.parametrize(
    ("approved", "last_day"),
    [
        (at_time(date(2024, 10, 10), 0), date(2027, 10, 10)),
        (at_time(date(2024, 10, 10), 0) - timedelta(microseconds=1), date(2027, 10, 9)),
        (at_time(date(2024, 2, 29), 12), date(2027, 2, 28)),
    ],
)
def test_the_first_term_runs_three_years_from_the_instant_of_approval(
    approved: datetime, last_day: date
) -> None:
    changes = effects.begin_term(case("publicity"), around(approved))
    assert changes == {
        "term_no": 1, "term_starts_at": approved, "term_last_day": last_day, "renewal_applied_at": None,
        "renewal_refused": None, "renewal_correction_due": None, "activity": 0,
    }  # fmt: skip


@pytest.mark.clause("D-8", "M24-9.1")
@pytest.mark.parametrize("approved", [date(2027, 5, 4), date(2027, 12, 1)], ids=["early", "late"])
def test_a_renewed_term_starts_where_the_old_one_ends(approved: date) -> None:
    applied = listed("renewal", renewal_applied_at=datetime(2027, 5, 1, tzinfo=UTC))
    assert effects.renew_term(applied, around(at_time(approved, 10))) == {
        "term_no": 2, "term_starts_at": start_of(date(2027, 10, 11)), "term_last_day": date(2030, 10, 10),
        "renewal_applied_at": None, "renewal_refused": None, "renewal_correction_due": None, "activity": 0,
    }  # fmt: skip


@pytest.mark.clause("M24-9.1", "M24-9.2", "M24-9.3")
@pytest.mark.parametrize(
    ("term_no", "activity", "ground"),
    [
        (1, 1, "renewal_refused"),
        (1, 0, "inactive_first_term"),
        (2, 600, "renewal_refused"),
        (2, 599, "below_200"),
    ],
)
def test_a_refused_renewal_is_refused_on_its_ground(term_no: int, activity: int, ground: str) -> None:
    applied = listed("renewal", term_no=term_no, activity=activity, renewal_applied_at=NOW)
    before = around(at_time(date(2027, 8, 1), 10))
    assert effects.refuse_renewal(applied, before) == {
        "renewal_refused": ground,
        "renewal_correction_due": None,
    }


@pytest.mark.clause("M24-9.1", "M24-9.2", "M24-9.5", "D-5")
@pytest.mark.parametrize(
    ("activity", "ground", "cooling"),
    [(1, "renewal_refused", None), (0, "inactive_first_term", COOLING)],
)
def test_refused_after_the_term_it_leaves_at_once_on_that_ground(
    activity: int, ground: str, cooling: date | None
) -> None:
    applied = listed("renewal", activity=activity, renewal_applied_at=NOW)
    assert effects.refuse_renewal(applied, around(TERM_OVER)) == {
        "renewal_refused": ground,
        "renewal_correction_due": None,
        "exit_ground": ground,
        "cooling_until": cooling,
    }


@pytest.mark.clause("M24-9.2", "M24-9.3", "M24-9.4", "M24-9.5", "D-14")
@pytest.mark.parametrize(
    ("term_no", "activity", "refused", "ground", "cooling"),
    [
        (1, 500, None, "not_applied", COOLING),
        (1, 0, None, "inactive_first_term", COOLING),
        (2, 599, None, "below_200", COOLING),
        (2, 600, None, "not_applied", COOLING),
        (1, 500, "renewal_refused", "renewal_refused", None),
        (1, 0, "inactive_first_term", "inactive_first_term", COOLING),
    ],
)
def test_leaving_at_the_end_of_the_term_has_the_ground_that_was_there(
    term_no: int, activity: int, refused: str | None, ground: str, cooling: date | None
) -> None:
    lapsing = listed("lapsing", term_no=term_no, activity=activity, renewal_refused=refused)
    assert effects.leave_at_term_end(lapsing, around(TERM_OVER)) == {
        "exit_ground": ground,
        "cooling_until": cooling,
    }


@pytest.mark.clause("D-13", "M24-20b", "M24-20c", "M24-21", "I21-6.3")
def test_leaving_in_the_middle_of_a_term_brings_no_cooling_off() -> None:
    during = at_time(date(2026, 3, 2), 10)
    left = [
        effects.leave_by_will(listed(), around(during)),
        effects.leave_rectifying(listed("rectifying"), around(during)),
        effects.be_removed(listed(), around(during, ground="violation")),
        effects.be_removed(listed(), around(during, ground="fraud")),
    ]
    assert left == [
        {"exit_ground": ground, "cooling_until": None}
        for ground in ("voluntary", "rectification_failed", "violation", "fraud")
    ]


@pytest.mark.clause("M24-9.4", "M24-9.5", "D-13")
def test_an_institution_that_missed_its_day_cannot_leave_out_of_the_cooling_off() -> None:
    late = at_time(date(2027, 7, 11), 0)
    assert effects.leave_by_will(listed("lapsing"), around(late)) == {
        "exit_ground": "voluntary",
        "cooling_until": COOLING,
    }
    applied = listed("renewal", renewal_applied_at=at_time(date(2027, 5, 1), 9))
    assert effects.leave_by_will(applied, around(late)) == {"exit_ground": "voluntary", "cooling_until": None}


@pytest.mark.clause("M24-9.5")
def test_the_cooling_off_is_as_long_as_the_rules_say() -> None:
    rules = RULES.model_copy(update={"cooling_off_years": Ruled[int](value=1, clause="M24-9.5")})
    changes = effects.leave_at_term_end(listed("lapsing"), around(TERM_OVER, rules))
    assert changes["cooling_until"] == date(2028, 10, 10)


def test_leaving_without_a_term_is_a_fault_of_the_data() -> None:
    with pytest.raises(ValueError, match="case B3-SJAQ-0001 has no term"):
        effects.leave_at_term_end(case("lapsing"), around(TERM_OVER))


@pytest.mark.clause("M24-20a")
def test_a_new_order_of_rectification_waits_for_a_new_report() -> None:
    earlier = listed("listed", rectification_reported_at=NOW)
    assert effects.order_rectification(earlier, around(due_on=date(2025, 4, 2))) == {
        "rectification_due": date(2025, 4, 2),
        "rectification_reported_at": None,
    }


@pytest.mark.clause("M24-14")
def test_a_duty_done_is_noted_once_by_year() -> None:
    done = effects.note_duty(case(duties_done=""), around(duty="yearly_report", year=2026))
    again = effects.note_duty(case(**done), around(duty="yearly_report", year=2026))
    both = effects.note_duty(case(**done), around(duty="yearly_report", year=2025))
    assert [each["duties_done"] for each in (done, again, both)] == [
        "yearly_report:2026", "yearly_report:2026", "yearly_report:2025,yearly_report:2026",
    ]  # fmt: skip


@pytest.mark.clause("M24-9.3", "M24-14")
def test_activity_adds_up() -> None:
    assert effects.add_activity(case(activity=150), around(person_times=50)) == {"activity": 200}


@pytest.mark.clause("M24-9.5", "I21-6.3", "M24-21")
def test_every_ground_of_exit_has_words_and_a_clause() -> None:
    assert sorted({clause for _, clause in EXIT_GROUNDS.values()} - set(CLAUSES)) == []
    assert {"not_applied", "inactive_first_term", "below_200"} == DEEMED_GIVEN_UP
    assert {"violation", "fraud"} <= set(EXIT_GROUNDS)
    assert EXIT_GROUNDS["false_advertising"] == ("发布虚假广告，经核实", "I21-6.3")
