"""A report held against what was reported before (M24-9.2, M24-9.3, M24-14)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from states.calendar import Calendar, at_time
from states.conditions import Circumstances
from states.duties.figures import Figures, YearFigures
from states.facts import Facts
from states.renewals.comparing import activity_check, contradictions
from states.renewals.report import Report, Term
from states.rulebook import call_rules

RULES = call_rules("B3").track("evaluation")
TERM = Term(1, date(2024, 10, 10), date(2027, 10, 10))
ROW: dict[str, int | Decimal] = {
    "junior": 100,
    "sessions": 2,
    "passed": 80,
    "certificates": 80,
    "fees": Decimal(0),
}
REPORT = Report({2024: {**ROW}, 2025: {**ROW}}, {}, "", date.min)
SAME = Figures(100, 80, 80)


def known(year: int, figures: Figures = SAME) -> dict[int, YearFigures]:
    return {year: YearFigures(year, 2, {"初级": figures})}


def said(report: Report = REPORT, term: Term = TERM, activity: int = 200, of: Any = None) -> list[str]:
    return [each.sentence for each in contradictions(report, term, activity, of or {}, "evaluation")]


@pytest.mark.clause("M24-14")
def test_a_report_that_agrees_raises_nothing() -> None:
    assert said(of=known(2025)) == []


@pytest.mark.clause("M24-14", "I21-4.6.3")
def test_every_difference_is_told_with_both_figures() -> None:
    assert said(activity=210, of=known(2025, Figures(110, 81, 79))) == [
        "报告所列有效期内评价合计200人次，已登记的为210人次，相差10人次。",
        "2025年评价人次，报告为100，年度和逐场报送的为110，相差10。",
        "2025年合格人次，报告为80，年度和逐场报送的为81，相差1。",
        "2025年证书数，报告为80，年度和逐场报送的为79，相差1。",
    ]


@pytest.mark.clause("D-8", "M24-14")
def test_the_year_in_which_a_later_term_begins_belongs_to_two_terms_and_is_not_compared() -> None:
    later = replace(TERM, number=2)
    assert said(term=later, of=known(2024, Figures(1, 1, 1))) == []
    assert len(said(term=TERM, of=known(2024, Figures(1, 1, 1)))) == 3


@pytest.mark.clause("M24-12")
def test_fees_without_anybody_trained_or_evaluated_are_odd() -> None:
    none: dict[str, int | Decimal] = {
        **ROW,
        "junior": 0,
        "sessions": 0,
        "passed": 0,
        "certificates": 0,
        "fees": Decimal("600.00"),
    }
    assert said(Report({2025: none}, {}, "", date.min), activity=0) == [
        "2025年没有评价人次而收费总额为600.00元。"
    ]


def listed(term_no: int, activity: int, asked: date) -> tuple[Facts, Circumstances]:
    entered = datetime(2024, 6, 3, tzinfo=UTC)
    facts = Facts(
        1, "B3-SJAQ-0001", 1, "B3", "evaluation", "B3/evaluation@1", "SJAQ", 1, "50", "P50", "renewal", entered, entered,
        term_no=term_no, activity=activity, term_starts_at=at_time(date(2027, 10, 11), 0), term_last_day=date(2030, 10, 10),
    )  # fmt: skip
    return facts, Circumstances(at_time(asked, 10), RULES, Calendar.builtin())


@pytest.mark.clause("M24-9.2", "M24-9.3")
def test_the_activity_is_judged_with_its_arithmetic() -> None:
    none, one = (activity_check(*listed(1, count, date(2030, 6, 3))) for count in (0, 1))
    assert (none.holds, none.clause, none.words) == (
        False, "M24-9.2", "第1个有效期内登记0人次（至少1人次），视为主动放弃，不能续期",
    )  # fmt: skip
    assert (one.holds, one.words) == (True, "第1个有效期内登记1人次（至少1人次），已开展活动")
    lead = "第2个有效期自2027-10-11起，至2030-06-03计32个月（不满1个月按1个月计），"
    short, enough = (activity_check(*listed(2, count, date(2030, 6, 3))) for count in (533, 534))
    assert (short.holds, short.clause, short.words) == (
        False, "M24-9.3",
        f"{lead}登记533人次，年均533×12÷32＝199.8人次，少于200人次，视为主动放弃，不能续期",
    )  # fmt: skip
    assert (enough.holds, enough.words) == (
        True,
        f"{lead}登记534人次，年均534×12÷32＝200.2人次，不少于200人次",
    )
