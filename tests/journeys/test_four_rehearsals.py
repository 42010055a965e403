"""CQ23, I21 and M24 rehearsed on their own, both tracks of each; B3 has files of its own. Every date worked out by hand.

CQ23: posted Friday 15 September 2023 at 08:30, counted 15, 18 to 21; the seat that fell free posted Saturday 7 October,
a worked day, counted 7, 8 (Sunday, worked), 9, 10, 11. I21: posted Monday 18 July 2022, fifteen days: 18 to 22, 25 to
29 July, 1 to 5 August; again 15 August to 2 September. M24: posted Tuesday 8 July 2025: 8 to 11, 14; again 22 to 28 July.
"""

import re
from collections.abc import Mapping
from datetime import date

import pytest

from casework.rehearsal.page import page
from casework.rehearsal.rehearse import Wanted, rehearse
from casework.rehearsal.report import Report
from casework.rehearsal.telling import summary

SIZES = {"CQ23": 40, "I21": 40, "M24": 60}
"""Small, but so that everything that can happen does."""
OTHERWISE_RULED = {
    "CQ23": (
        "I21-2.3", "I21-3.1", "I21-4.2.1", "I21-4.2.2", "I21-4.2.3", "I21-4.2.4", "I21-4.5", "I21-4.6", "I21-6.3",
    ),
    "B3": (
        "I21-2.3", "I21-4.2.1", "I21-4.2.2", "I21-4.2.3", "I21-4.2.4", "I21-4.5", "I21-4.6", "I21-6.3",
    ),
    "I21": (), "M24": (),
}  # fmt: skip
"""Clauses of the regime in whose place the notice has its own."""
LATER_SELECTION = {
    "CQ23": ("M24-3.1", "M24-3.2", "M24-6.2", "M24-6.4", "M24-7.0", "M24-7.3a", "M24-7.5"),
    "I21": ("M24-3.1", "M24-3.2", "M24-6.2", "M24-6.4", "M24-7.0", "M24-7.3a", "M24-7.5", "M24-8"),
    "B3": (
        "M24-3.1", "M24-3.2", "M24-6.2", "M24-6.3", "M24-6.4", "M24-7.0", "M24-7.3a", "M24-7.5", "M24-8",
    ),
    "M24": (),
}  # fmt: skip
"""Clauses of selection that came into force after the notice (M24-23)."""
CANNOT_HAPPEN = {
    "CQ23": {"M24-15": "no department recommends in this call"},
    "I21": {"I21-6.3": "nobody is found to have lied among so few"},
    "B3": {
        "M24-16a": "no training institutions in this call", "M24-17": "no training institutions in this call",
    },
    "M24": {"M24-23": "noticed after the measures came into force: there is no transition"},
}  # fmt: skip


@pytest.fixture(scope="module")
def told(b3: Report) -> Mapping[str, Report]:
    """The report of each of the four."""
    others = {code: rehearse(Wanted(code, institutions=n)) for code, n in SIZES.items()}
    return {"B3": b3, **others}


ALL = pytest.mark.parametrize("code", ["CQ23", "I21", "B3", "M24"])


@ALL
def test_nothing_is_wrong_at_the_end(told: Mapping[str, Report], code: str) -> None:
    report = told[code]
    assert (report.faults, report.unsent, report.log_whole) == ((), 0, True)


@ALL
def test_every_clause_that_can_be_at_work_is(told: Mapping[str, Report], code: str) -> None:
    quiet = {*OTHERWISE_RULED[code], *LATER_SELECTION[code], *CANNOT_HAPPEN[code]}
    assert set(told[code].silent) == quiet


@ALL
def test_why_nothing_happened_under_a_clause_is_said(told: Mapping[str, Report], code: str) -> None:
    why = {each.clause: each.silent for each in told[code].clauses if not each.evidence}
    assert {clause for clause, said in why.items() if "另有规定" in said} >= set(OTHERWISE_RULED[code]) - {
        "I21-6.3"
    }
    assert {why[clause] for clause in LATER_SELECTION[code]} <= {
        "本批次通知在2024年8月22日以前，遴选依原办法办理（M24-23）"
    }
    assert all(why.values())


@ALL
def test_the_page_needs_nothing_else_and_stays_small(told: Mapping[str, Report], code: str) -> None:
    text = page(told[code])
    assert re.findall(r"(?:src|href)\s*=\s*\"(?!#)|<script|<link|@import|url\(", text) == []
    assert len(text.encode()) < 2_000_000
    assert all(line.label in text for line in told[code].lines)


@ALL
def test_the_terminal_says_the_verdict_last(told: Mapping[str, Report], code: str) -> None:
    assert [part.title for part in summary(told[code])][-1].startswith("核对无误")


@pytest.mark.clause("CQ23-4.3", "M24-2", "M24-3.1", "M24-3.2", "M24-8", "B3-5.2")
def test_each_call_has_the_selections_it_asks_for(told: Mapping[str, Report]) -> None:
    assert {code: [line.label for line in report.lines] for code, report in told.items()} == {
        "B3": ["评价机构"],
        "CQ23": ["评价机构", "培训机构（重庆）"],
        "I21": ["评价机构", "培训机构"],
        "M24": ["评价机构", "培训机构（重庆）", "培训机构（兵团）"],
    }


@pytest.mark.clause("I21-4.4", "CQ23-4.3", "M24-7.4")
def test_the_phases_are_those_of_the_regime(told: Mapping[str, Report]) -> None:
    begun = ["submitted", "initial_review", "expert_review"]
    found = {
        (code, line.track): [each.stage for each in line.phases]
        for code, report in told.items()
        for line in report.lines
    }
    audited = [*begun, "audit", "decision", "publicity"]
    assert found == {
        ("B3", "evaluation"): [*begun, "recheck", "publicity"],
        ("CQ23", "evaluation"): audited, ("CQ23", "training"): audited,
        ("I21", "evaluation"): audited, ("I21", "training"): audited,
        ("M24", "evaluation"): [*begun, "recheck", "publicity"],
        ("M24", "training"): [*begun, "recheck", "publicity"],
    }  # fmt: skip


@pytest.mark.clause("I21-4.5", "CQ23-4.4", "CQ23-1.5", "M24-7.4", "D-1", "D-2", "D-3")
@pytest.mark.parametrize(
    ("code", "first", "replaced", "first_ends"),
    [
        ("CQ23", date(2023, 9, 22), date(2023, 10, 12), date(2026, 9, 22)),
        ("I21", date(2022, 8, 6), date(2022, 9, 3), date(2025, 8, 6)),
        ("M24", date(2025, 7, 15), date(2025, 7, 29), date(2028, 7, 15)),
    ],
)
def test_listing_follows_the_working_days_of_publicity(
    told: Mapping[str, Report], code: str, first: date, replaced: date, first_ends: date
) -> None:
    days = sorted({each.terms[0].first_day for each in told[code].listings})
    assert (days[0], days[-1]) == (first, replaced)
    assert {each.terms[0].last_day for each in told[code].listings if each.terms[0].first_day == first} == {
        first_ends
    }


@pytest.mark.clause("M24-9.2", "M24-9.4", "M24-20b", "M24-20c", "M24-21", "M24-9.5", "D-13", "D-14")
@pytest.mark.parametrize("code", ["CQ23", "I21", "M24"])
def test_every_kind_of_end_happens(told: Mapping[str, Report], code: str) -> None:
    ends = {each.exit_clause: each.cooling_until is None for each in told[code].exits}
    assert ends == {
        "M24-9.2": False, "M24-9.4": False, "M24-20b": True, "M24-20c": True, "M24-21": True,
    }  # fmt: skip


@pytest.mark.clause("M24-18")
@pytest.mark.parametrize("code", ["CQ23", "I21", "M24"])
def test_who_stands_in_both_directories_is_found(told: Mapping[str, Report], code: str) -> None:
    (incident,) = told[code].incidents
    assert incident.startswith("directory_conflict：")
    assert incident.endswith("不得开展同一职业的培训（M24-18）。")


@pytest.mark.clause("M24-23")
@pytest.mark.parametrize("code", ["CQ23", "I21", "B3"])
def test_what_was_selected_before_lives_under_the_new_measures(told: Mapping[str, Report], code: str) -> None:
    (transition,) = [each for each in told[code].clauses if each.clause == "M24-23"]
    first = transition.evidence[0]
    assert first.what == "依原办法遴选的机构，2024年8月22日起依管理办法办理"
    assert first.at is not None
    assert first.at.date() >= date(2024, 8, 21)


@pytest.mark.clause("CQ23-1.3a", "CQ23-1.3b", "CQ23-5.2", "CQ23-5.3")
def test_the_municipal_notice_is_at_work(told: Mapping[str, Report]) -> None:
    report = told["CQ23"]
    refused = {each.clause: each.sentence for each in report.refusals}
    assert refused["CQ23-5.3"].startswith("第二批（重庆）申报已于2023年6月16日24时截止")
    assert "智能制造工程技术人员已遴选评价机构，第二批（重庆）不再受理该职业申报" in {
        each.sentence for each in report.refusals
    }
    evidence = {each.clause: [one.what for one in each.evidence] for each in report.clauses}
    assert evidence["CQ23-5.2"] == ["同一单位申报多个职业"]


@pytest.mark.clause("M24-3.2", "M24-8")
def test_each_province_convenes_its_own_experts_and_reports_its_own_list(told: Mapping[str, Report]) -> None:
    report = told["M24"]
    panels = {
        each.line: {story.no.rpartition("-")[0] for story in report.panels if story.line == each.line}
        for each in report.panels
    }
    assert panels["培训机构（重庆）"] == {"M24-RGZN-50", "M24-SJAQ-50", "M24-SZGL-50"}
    assert panels["培训机构（兵团）"] == {"M24-RGZN-66", "M24-SJAQ-66", "M24-SZGL-66"}
    assert {each.about for each in report.refusals if each.what == "报送培训机构目录"} == {"P50", "P66"}


@pytest.mark.parametrize(
    ("code", "until"),
    [("CQ23", date(2023, 8, 10)), ("I21", date(2022, 6, 10)), ("M24", date(2025, 8, 31))],
)
def test_one_seed_gives_one_report_to_the_byte(code: str, until: date) -> None:
    wanted = Wanted(code, until=until, institutions=9, seed=3)
    first, second = rehearse(wanted), rehearse(wanted)
    assert (second.to_json(), page(second)) == (first.to_json(), page(first))
