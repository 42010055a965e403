"""Every condition: the sentence a clerk reads, its clause, and the instant at which it begins or ceases to hold."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

import pytest

from states import conditions as c
from states.calendar import Calendar, at_time
from states.call_rules import TrackRules
from states.clauses import CLAUSES
from states.conditions import Circumstances, Condition, condition
from states.facts import Facts
from states.renewals.standing import Standing
from states.rulebook import call_rules
from states.ruled import Ruled

RULES = call_rules("B3").track("evaluation")
ENTERED = datetime(2024, 6, 3, 2, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DECLARED = {each.name: each for each in vars(c).values() if isinstance(each, Condition)}
LAST_DAY = date(2027, 10, 10)


def case(**known: Any) -> Facts:
    return Facts(
        1, "B3-SJAQ-0001", 1, "B3", "evaluation", "B3/evaluation@1", "SJAQ", 1, "50", "P50", "listed",
        ENTERED, ENTERED, **known,
    )  # fmt: skip


def around(
    as_of: datetime = ENTERED, *, rules: TrackRules = RULES, seats_left: int | None = None, **inputs: Any
) -> Circumstances:
    return Circumstances(as_of, rules, Calendar.builtin(), inputs, seats_left)


def midnight(*day: int) -> datetime:
    """The first instant of a Shanghai day."""
    return at_time(date(*day), 0)


def test_every_refusal_reads_as_this_sentence_under_this_clause() -> None:
    assert {name: (each.clause_under(RULES), each.refusal) for name, each in DECLARED.items()} == {
        "materials_complete": (
            "B3-3",
            "必备材料不齐，请先补齐推荐表、法人登记证书（或营业执照）复印件、信用报告（或诚信承诺书）。",
        ),
        "warnings_answered": (
            "B3-2.3",
            "有“一般应”条件不满足且尚未书面说明，请先用“说明情形”逐项作答。",
        ),
        "filing_is_open": ("B3-5.4", "申报截止日已过，逾期不再受理。"),
        "paper_received": (
            "D-9",
            "纸质推荐函和推荐表尚未收到（纸质待补），收到并登记后方可进入专家评议。",
        ),
        "paper_outstanding": ("D-9", "纸质材料已登记收到，无须再次登记。"),
        "returned_by_office": ("D-4", "补正是推荐单位退回的，应回到推荐环节。"),
        "votes_add_up": ("M24-7.3d", "推荐票数不能多于投票人数，投票人数不能为零，请核对。"),
        "panel_has_voted": ("M24-7.3d", "专家组尚无表决结果，请先登记表决票数。"),
        "panel_recommends_or_departure_stated": (
            "M24-7.3e",
            "专家组表决未达推荐比例；复核结论与专家意见不一致的，须书面说明理由（departure）。",
        ),
        "within_quota": ("B3-1.3", "该职业的遴选名额已满，不能再列入。"),
        "not_seated_elsewhere": (
            "M24-7.2b",
            "该单位的同一职业已在公示或已在目录内，同一职业不得重复列入。",
        ),
        "no_open_objection": (
            "B3-4.6",
            "尚有未办结的异议，公示期满后仍须先处理异议，结论作出前不得列入目录。",
        ),
        "objection_is_open": ("D-2", "没有待处理的异议。"),
        "publicity_is_running": ("B3-4.5", "公示期已满，不再受理异议。"),
        "publicity_is_over": ("B3-4.5", "公示期未满，不得列入目录。"),
        "renewal_window_is_open": (
            "M24-9.1",
            "续期申请须在有效期届满前6个月至前3个月之间提出，现在不在申请期内。",
        ),
        "renewal_not_yet_applied": ("M24-9.1", "续期申请已经提交，无须重复申请。"),
        "application_is_complete": (
            "M24-9.1",
            "没有这份材料齐全、尚未提交的续期申请；续期须附近3年报告和行业主管部门的同意意见，请用 linxuan renewal file 提交。",
        ),
        "contradictions_answered": (
            "M24-9.1",
            "续期报告与已报送的数据有出入，尚未逐项书面说明，请先用 linxuan renewal answer 作答。",
        ),
        "renewal_is_complete": ("D-4", "续期申请已退回补正，补正之前不能办理。"),
        "renewal_was_returned": ("D-4", "续期申请没有退回补正，无须补正。"),
        "correction_in_time": ("D-4", "续期申请的补正期限已过，不再接收补正材料。"),
        "correction_is_overdue": ("D-4", "续期申请的补正期限尚未届满。"),
        "active_in_first_term": (
            "M24-9.2",
            "第1个有效期内未开展该职业评价（培训）活动，视为主动放弃，不能续期。",
        ),
        "active_enough_in_later_terms": (
            "M24-9.3",
            "第2个及以后有效期内，该职业年均少于200人次，视为主动放弃，不能续期。",
        ),
        "no_timely_renewal": (
            "M24-9.4",
            "已按时提交续期申请，审核结论作出前继续保留在目录内（D-5），不得到期自动退出。",
        ),
        "renewal_is_pending": ("D-5", "没有按时提交、尚待审核的续期申请。"),
        "last_day_to_apply_has_passed": ("M24-9.4", "续期申请期尚未截止。"),
        "renewal_is_out_of_reach": ("M24-9.4", "续期申请期尚未截止，续期申请也未被驳回。"),
        "term_is_over": ("D-3", "有效期尚未届满。"),
        "limit_lies_ahead": ("M24-20a", "整改期限（due_on）须晚于责令整改之日。"),
        "rectification_in_time": ("M24-20a", "整改期限已过，不再接收整改报告。"),
        "rectification_reported": ("M24-20b", "尚未收到整改报告，无从验收。"),
        "no_report_awaits_judgement": (
            "D-11",
            "整改报告已按时提交、尚未验收，不得因期限届满自动退出，请尽快验收。",
        ),
        "no_leaving_announced": ("M24-20c", "已登记预定退出的最后服务日，如需更改请先撤销原预告。"),
        "leaving_lies_ahead": (
            "M24-20c",
            "最后服务日（last_day）不得早于今日，也不得晚于有效期末日；有效期已满的请直接办理主动退出。",
        ),
        "leaving_is_announced": ("M24-20c", "没有登记预定的退出，无从撤销。"),
        "leaving_day_is_over": ("M24-20c", "预定的最后服务日尚未过完。"),
    }


@pytest.mark.parametrize("call", ["B3", "CQ23"])
def test_every_condition_rests_on_a_clause_of_the_list(call: str) -> None:
    rules = call_rules(call).track("evaluation")
    assert sorted({each.clause_under(rules) for each in DECLARED.values()} - set(CLAUSES)) == []


@pytest.mark.clause("CQ23-3", "CQ23-2.3", "CQ23-5.3", "CQ23-1.3a", "CQ23-4.4", "CQ23-4.5")
def test_another_call_cites_its_own_notice() -> None:
    rules = call_rules("CQ23").track("evaluation")
    conditions = (
        c.materials_complete, c.warnings_answered, c.filing_is_open, c.within_quota, c.publicity_is_running,
        c.no_open_objection,
    )  # fmt: skip
    assert [each.clause_under(rules) for each in conditions] == [
        "CQ23-3", "CQ23-2.3", "CQ23-5.3", "CQ23-1.3a", "CQ23-4.4", "CQ23-4.5",
    ]  # fmt: skip


def test_a_condition_without_a_sentence_is_not_declared() -> None:
    def wordless(facts: Facts, circumstances: Circumstances) -> bool:
        return True

    with pytest.raises(ValueError, match="condition wordless needs a docstring"):
        condition("D-4")(wordless)


@pytest.mark.clause(
    "B3-3", "B3-2.3", "D-9", "D-4", "D-2", "B3-4.6", "M24-7.3d", "M24-9.4", "D-5", "D-11", "M24-20b"
)
@pytest.mark.parametrize(
    ("name", "holds", "fails"),
    [
        ("materials_complete", {"materials_missing": 0}, {"materials_missing": 1}),
        ("warnings_answered", {"warnings_open": 0}, {"warnings_open": 1}),
        ("paper_received", {"paper_at": ENTERED}, {"paper_at": None}),
        ("paper_outstanding", {"paper_at": None}, {"paper_at": ENTERED}),
        ("returned_by_office", {"returned_from": "initial_review"}, {"returned_from": "submitted"}),
        ("panel_has_voted", {"votes_cast": 7}, {"votes_cast": None}),
        ("panel_has_voted", {"votes_cast": 1}, {"votes_cast": 0}),
        ("no_open_objection", {"objections_open": 0}, {"objections_open": 1}),
        ("objection_is_open", {"objections_open": 1}, {"objections_open": 0}),
        ("renewal_not_yet_applied", {"renewal_applied_at": None}, {"renewal_applied_at": ENTERED}),
        ("no_timely_renewal", {"renewal_applied_at": None}, {"renewal_applied_at": ENTERED}),
        (
            "no_timely_renewal",
            {"renewal_applied_at": ENTERED, "renewal_refused": "below_200"},
            {"renewal_applied_at": ENTERED, "renewal_refused": None},
        ),
        ("renewal_is_pending", {"renewal_applied_at": ENTERED}, {"renewal_applied_at": None}),
        (
            "renewal_is_pending",
            {"renewal_applied_at": ENTERED},
            {"renewal_applied_at": ENTERED, "renewal_refused": "below_200"},
        ),
        (
            "rectification_reported",
            {"rectification_reported_at": ENTERED},
            {"rectification_reported_at": None},
        ),
        (
            "no_report_awaits_judgement",
            {"rectification_reported_at": None},
            {"rectification_reported_at": ENTERED},
        ),
    ],
)
def test_what_the_case_itself_says(name: str, holds: dict[str, Any], fails: dict[str, Any]) -> None:
    assert (DECLARED[name](case(**holds), around()), DECLARED[name](case(**fails), around())) == (True, False)


@pytest.mark.clause("B3-5.4", "CQ23-5.3")
@pytest.mark.parametrize(("call", "closes"), [("B3", (2024, 6, 22)), ("CQ23", (2023, 6, 17))])
def test_filing_is_open_to_the_last_instant_of_its_last_day(call: str, closes: tuple[int, ...]) -> None:
    rules, end = call_rules(call).track("evaluation"), midnight(*closes)
    assert c.filing_is_open(case(), around(end - TICK, rules=rules))
    assert not c.filing_is_open(case(), around(end, rules=rules))


@pytest.mark.clause("M24-7.3e")
@pytest.mark.parametrize("departure", ["", "   ", None])
def test_departing_from_the_panel_needs_words(departure: str | None) -> None:
    turned_down, recommended = case(panel_recommends=False), case(panel_recommends=True)
    stated: dict[str, Any] = {} if departure is None else {"departure": departure}
    assert not c.panel_recommends_or_departure_stated(turned_down, around(**stated))
    assert c.panel_recommends_or_departure_stated(recommended, around(**stated))
    assert c.panel_recommends_or_departure_stated(turned_down, around(departure="优先发展领域"))


@pytest.mark.clause("B3-1.3", "CQ23-1.3a", "CQ23-1.3b")
def test_a_seat_must_be_left_where_seats_are_counted() -> None:
    held = [c.within_quota(case(), around(seats_left=left)) for left in (None, 2, 1, 0, -1)]
    assert held == [True, True, True, False, False]


@pytest.mark.clause("M24-7.2b")
def test_nobody_has_two_seats_for_one_occupation() -> None:
    alone, twice = around(), Circumstances(ENTERED, RULES, Calendar.builtin(), {}, 1, seated_elsewhere=True)
    assert (c.not_seated_elsewhere(case(), alone), c.not_seated_elsewhere(case(), twice)) == (True, False)


@pytest.mark.clause("D-2", "D-1", "M24-7.4")
def test_objections_are_taken_until_publicity_ends() -> None:
    posted = case(posted_at=datetime(2024, 9, 26, 9, tzinfo=UTC))
    end = midnight(2024, 10, 10)
    assert c.publicity_is_running(posted, around(end - TICK))
    assert not c.publicity_is_running(posted, around(end))
    assert not c.publicity_is_running(case(), around())


@pytest.mark.clause("B3-4.5", "D-1")
def test_nobody_is_listed_before_publicity_is_over() -> None:
    posted = case(posted_at=datetime(2024, 9, 26, 9, tzinfo=UTC))
    end = midnight(2024, 10, 10)
    held = [
        c.publicity_is_over(each, around(at))
        for each, at in ((posted, end - TICK), (posted, end), (case(), end))
    ]
    assert held == [False, True, False]


@pytest.mark.clause("D-1")
def test_the_hour_at_which_the_office_opens_is_the_calls() -> None:
    posted = case(posted_at=at_time(date(2024, 9, 27), 8, 30))
    later = RULES.model_copy(update={"office_opens": Ruled(value=time(8, 0), clause="D-1")})
    assert not c.publicity_is_running(posted, around(midnight(2024, 10, 10)))
    assert c.publicity_is_running(posted, around(midnight(2024, 10, 10), rules=later))


@pytest.mark.clause("M24-9.1", "D-3")
def test_renewal_is_asked_for_from_six_to_three_months_before_the_end() -> None:
    listed = case(term_last_day=LAST_DAY)
    opens, closes = midnight(2027, 4, 10), midnight(2027, 7, 11)
    asked = [
        c.renewal_window_is_open(listed, around(at)) for at in (opens - TICK, opens, closes - TICK, closes)
    ]
    assert asked == [False, True, True, False]
    assert not c.renewal_window_is_open(case(), around(opens))


@pytest.mark.clause("M24-9.1", "D-3")
def test_where_a_month_has_no_such_day_its_last_day_counts() -> None:
    listed = case(term_last_day=date(2027, 5, 31))
    opens, closes = midnight(2026, 11, 30), midnight(2027, 3, 1)
    asked = [
        c.renewal_window_is_open(listed, around(at)) for at in (opens - TICK, opens, closes - TICK, closes)
    ]
    assert asked == [False, True, True, False]


@pytest.mark.clause("M24-9.1")
def test_an_application_must_be_complete_and_its_contradictions_answered() -> None:
    def asked(**known: Any) -> tuple[bool, bool]:
        circumstances = replace(around(), renewal=Standing(**known))
        return c.application_is_complete(case(), circumstances), c.contradictions_answered(
            case(), circumstances
        )

    assert [asked(), asked(complete=True), asked(complete=True, unanswered=1)] == [
        (False, True), (True, True), (True, False),
    ]  # fmt: skip


@pytest.mark.clause("D-4")
def test_a_correction_is_in_time_to_the_end_of_its_last_day() -> None:
    returned, end = case(renewal_correction_due=date(2027, 7, 20)), midnight(2027, 7, 21)
    held = [
        (c.correction_in_time(returned, around(at)), c.correction_is_overdue(returned, around(at)))
        for at in (end - TICK, end)
    ]
    assert held == [(True, False), (False, True)]
    assert (c.renewal_was_returned(returned, around()), c.renewal_is_complete(returned, around())) == (
        True,
        False,
    )
    assert (c.renewal_was_returned(case(), around()), c.correction_is_overdue(case(), around())) == (
        False,
        False,
    )


@pytest.mark.clause("M24-9.2")
def test_one_person_is_enough_in_the_first_term_and_none_is_not() -> None:
    held = [c.active_in_first_term(case(term_no=1, activity=count), around()) for count in (0, 1)]
    assert held == [False, True]
    assert c.active_in_first_term(case(term_no=2, activity=0), around())


@pytest.mark.clause("M24-9.3")
def test_two_hundred_a_year_on_average_over_a_later_term() -> None:
    held = [c.active_enough_in_later_terms(case(term_no=2, activity=count), around()) for count in (599, 600)]
    assert held == [False, True]
    assert c.active_enough_in_later_terms(case(term_no=1, activity=1), around())
    assert c.yearly_average(case(term_no=2, activity=599), around()).per_year == Fraction(599, 3)


@pytest.mark.clause("M24-9.3")
def test_in_a_running_term_the_average_is_over_the_months_begun() -> None:
    listed = {"term_no": 2, "term_starts_at": midnight(2027, 10, 11), "term_last_day": date(2030, 10, 10)}
    held = [
        c.active_enough_in_later_terms(case(activity=count, **listed), around(midnight(2030, 6, 3)))
        for count in (533, 534)
    ]
    assert held == [False, True]


@pytest.mark.clause("M24-9.4", "D-3")
def test_the_last_day_to_apply_passes_at_its_end_and_so_does_the_term() -> None:
    listed = case(term_last_day=LAST_DAY)
    for passed, end in (
        (c.last_day_to_apply_has_passed, midnight(2027, 7, 11)),
        (c.renewal_is_out_of_reach, midnight(2027, 7, 11)),
        (c.term_is_over, midnight(2027, 10, 11)),
    ):
        assert (passed(listed, around(end - TICK)), passed(listed, around(end))) == (False, True)
        assert not passed(case(), around(end))


@pytest.mark.clause("M24-9.1")
def test_a_refused_renewal_is_out_of_reach_at_once() -> None:
    refused = case(term_last_day=LAST_DAY, renewal_refused="renewal_refused")
    assert c.renewal_is_out_of_reach(refused, around(midnight(2027, 5, 1)))


@pytest.mark.clause("M24-20a")
def test_a_limit_for_rectification_begins_after_the_day_it_is_ordered() -> None:
    ordered = at_time(date(2025, 3, 3), 10)
    held = [
        c.limit_lies_ahead(case(), around(ordered, due_on=day))
        for day in (date(2025, 3, 2), date(2025, 3, 3), date(2025, 3, 4))
    ]
    assert held == [False, False, True]
    assert not c.limit_lies_ahead(case(), around(ordered))


@pytest.mark.clause("M24-20a")
def test_a_report_is_in_time_to_the_end_of_the_last_day() -> None:
    ordered, end = case(rectification_due=date(2025, 4, 2)), midnight(2025, 4, 3)
    assert c.rectification_in_time(ordered, around(end - TICK))
    assert not c.rectification_in_time(ordered, around(end))
    assert not c.rectification_in_time(case(), around(end))


@pytest.mark.clause("M24-9.1", "M24-9.2", "M24-9.3")
def test_the_numbers_are_those_of_the_rules_not_of_the_program() -> None:
    def ruled(value: int) -> Ruled[int]:
        return Ruled[int](value=value, clause="M24-9.1")

    rules = RULES.model_copy(
        update={
            "renewal_window_months": ruled(12),
            "renewal_apply_months": ruled(1),
            "min_first_term": ruled(10),
            "min_renewal_yearly": ruled(300),
        }
    )
    listed = case(term_last_day=LAST_DAY)
    assert c.renewal_window_is_open(listed, around(midnight(2026, 10, 10), rules=rules))
    assert c.renewal_window_is_open(listed, around(midnight(2027, 9, 11) - TICK, rules=rules))
    assert not c.last_day_to_apply_has_passed(listed, around(midnight(2027, 9, 11) - TICK, rules=rules))
    assert not c.active_in_first_term(case(term_no=1, activity=9), around(rules=rules))
    assert not c.active_enough_in_later_terms(case(term_no=2, activity=899), around(rules=rules))


def test_stored_texts_are_read_as_well_as_values() -> None:
    stored = case(term_last_day="2027-10-10", posted_at="2024-09-26 09:00:00.000000")
    assert c.term_is_over(stored, around(midnight(2027, 10, 11)))
    assert c.publicity_is_running(stored, around(midnight(2024, 10, 10) - TICK))


@pytest.mark.clause("M24-20c", "D-3")
def test_a_last_day_of_service_lies_between_today_and_the_end_of_the_term() -> None:
    facts, wanted = case(term_last_day=LAST_DAY), date(2025, 6, 30)
    over = midnight(2025, 7, 1)
    assert [c.leaving_lies_ahead.holds(facts, around(at, last_day=wanted)) for at in (over - TICK, over)] == [
        True,
        False,
    ]
    for last_day, allowed in ((LAST_DAY, True), (LAST_DAY + timedelta(days=1), False)):
        assert c.leaving_lies_ahead.holds(facts, around(over, last_day=last_day)) is allowed
    leaving = case(term_last_day=LAST_DAY, leaving_on=wanted)
    assert [c.leaving_day_is_over.holds(leaving, around(at)) for at in (over - TICK, over)] == [False, True]
    told = [
        (c.leaving_is_announced.holds(each, around()), c.no_leaving_announced.holds(each, around()))
        for each in (facts, leaving)
    ]
    assert told == [(False, True), (True, False)]
