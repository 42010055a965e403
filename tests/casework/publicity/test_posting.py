"""A list is put on record as it was posted, once, by whom the rules say, and never changes."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.gate import advance
from casework.publicity.faults import publicity_faults
from casework.publicity.reading import publicities, publicity
from casework.publicity.snapshot import ORDER, Shown, snapshot
from casework.sweep import sweep
from records.transaction import reading
from states.calendar import Calendar, at_time
from states.draw.canonical import digest, text
from states.refusals import Refused
from states.rulebook import call_rules, regime_rules

POSTED = at_time(date(2024, 9, 26), 17)
FIRST, LAST = datetime.fromisoformat("2019-01-01"), datetime.fromisoformat("2030-11-30")
RUNNING = at_time(date(2024, 9, 29), 10)


def posted(programme: Any, count: int = 2, **known: Any) -> list[int]:
    ids: list[int] = programme.bring(programme.begin(count, **known), "recheck")
    by = programme.who_may("publicise", ids[0])
    advance(programme.desk, "publicise", ids, by=by, as_of=POSTED)
    return ids


@pytest.mark.clause("M24-7.4", "B3-4.5")
def test_cases_posted_together_stand_on_one_list(programme: Any) -> None:
    posted(programme)
    view, standings = publicity(programme.desk, "B3-GS-01", as_of=RUNNING)
    assert [each.no for each in publicities(programme.desk, as_of=RUNNING)] == ["B3-GS-01"]
    assert [(each.no, each.stage, each.objections, each.hold) for each in standings] == [
        ("B3-SJAQ-0001", "公示", 0, ""),
        ("B3-SJAQ-0002", "公示", 0, ""),
    ]
    assert (view.publisher, view.last_day, view.working_days, view.days_left, view.running) == (
        "工程指导协调小组", date(2024, 10, 9), 5, 3, True,
    )  # fmt: skip
    assert view.explanation == (
        "自2024-09-26起5个工作日（17:00发布，当日不计，D-1）：9月27日、29日（周日补班）、30日、10月8日、9日"
    )
    assert view.content["sites"] == ["国家专业技术人才知识更新工程公共服务平台"]
    assert (view.sound, view.sha256) == (True, digest(text(view.content)))


@pytest.mark.clause("M24-7.4")
def test_cases_posted_one_after_the_other_stand_on_lists_of_their_own(programme: Any) -> None:
    programme.bring(programme.begin(2), "publicity")
    assert [len(each.content["entries"]) for each in publicities(programme.desk, as_of=RUNNING)] == [1, 1]


@pytest.mark.clause("M24-7.4")
def test_the_order_tells_nothing_of_the_ranking() -> None:
    rules = call_rules("B3").track("evaluation")
    shown = [
        Shown("B3-SJAQ-0002", "SJAQ", "初级", "示例乙", "U2", "50"),
        Shown("B3-SJAQ-0001", "SJAQ", "初级", "示例丙", "U1", "50"),
        Shown("B3-JQRG-0001", "JQRG", "初级", "示例甲", "U3", "50"),
    ]
    contents = [
        snapshot(rules, "", "B3-GS-01", POSTED, Calendar.builtin(), some) for some in (shown, shown[::-1])
    ]
    assert contents[0] == contents[1]
    assert [each["no"] for each in contents[0]["entries"]] == ["B3-JQRG-0001", "B3-SJAQ-0001", "B3-SJAQ-0002"]
    assert contents[0]["order"] == ORDER == "按职业代码、机构名称、申报编号排列，与评议排名无关"


@pytest.mark.clause("CQ23-1.4")
def test_evaluation_is_published_by_the_group_and_training_by_the_municipal_bureau() -> None:
    call = call_rules("CQ23")
    made = [
        snapshot(call.track(track), office, "CQ23-GS-01", POSTED, Calendar.builtin(), [])
        for track, office in (("evaluation", ""), ("training", "P50"))
    ]
    assert [(each["publisher"], each["publisher_clause"]) for each in made] == [
        ("工程指导协调小组", "CQ23-1.4"),
        ("重庆市人力资源和社会保障局", "CQ23-1.4"),
    ]


@pytest.mark.clause("I21-4.5")
def test_under_i21_publicity_runs_15_working_days_on_both_sites() -> None:
    made = snapshot(regime_rules("I21").track("evaluation"), "", "I21-GS-01", POSTED, Calendar.builtin(), [])
    assert (made["working_days"], made["last_day"]) == (15, "2024-10-22")
    assert made["sites"] == ["技能（技术）人才评价工作网", "国家专业技术人才知识更新工程公共服务平台"]


@pytest.mark.clause("D-2")
def test_a_correction_is_a_new_list_that_names_the_old_one_and_runs_in_full(programme: Any) -> None:
    first, second = posted(programme)
    again = at_time(date(2024, 9, 30), 8)
    programme.make("republish", first, again, correction="更正等级范围")
    view, _ = publicity(programme.desk, "B3-GS-02", as_of=again)
    assert (view.corrects, view.correction, view.last_day) == ("B3-GS-01", "更正等级范围", date(2024, 10, 11))
    assert [each["no"] for each in view.content["entries"]] == ["B3-SJAQ-0001"]
    old, standings = publicity(programme.desk, "B3-GS-01", as_of=again)
    assert (old.corrected_by, old.sound) == ("B3-GS-02", True)
    assert [each.hold for each in standings] == ["已更正并重新公示（D-2）", ""]
    sweep(programme.desk, as_of=at_time(date(2024, 10, 10), 1))
    assert [programme.case(id_).stage for id_ in (first, second)] == ["publicity", "listed"]


@pytest.mark.clause("M24-7.4")
def test_a_list_changed_behind_the_gate_is_found_out(programme: Any) -> None:
    posted(programme)
    with reading(programme.desk.engine) as tx:
        assert list(publicity_faults(tx)) == []
    programme.spoil("UPDATE publicity SET snapshot = replace(snapshot, '示例机构1', '示例机构9')")
    with reading(programme.desk.engine) as tx:
        assert list(publicity_faults(tx)) == ["公示B3-GS-01：内容与发布时的哈希不一致（M24-7.4）"]


def test_a_list_that_does_not_exist_is_refused(programme: Any) -> None:
    with pytest.raises(Refused, match="没有编号为“B3-GS-09”的公示"):
        publicity(programme.desk, "B3-GS-09", as_of=RUNNING)


@pytest.mark.clause("M24-7.4", "D-1", "D-6")
@given(st.datetimes(FIRST, LAST), st.sampled_from(["B3", "I21"]))
def test_whenever_it_is_posted_the_public_has_its_full_working_days(when: datetime, rule: str) -> None:
    calendar = Calendar.builtin()
    rules = (call_rules(rule) if rule == "B3" else regime_rules(rule)).track("evaluation")
    instant = at_time(when.date(), when.hour, when.minute)
    says = snapshot(rules, "", "X-GS-01", instant, calendar, [])
    last = date.fromisoformat(says["last_day"])
    in_full = calendar.count(when.date(), last) - calendar.is_working_day(when.date())
    posted_before_opening = calendar.is_working_day(when.date()) and when.time() < rules.office_opens.value
    assert calendar.is_working_day(last)
    assert in_full + posted_before_opening == rules.publicity.value.count == says["working_days"]
    assert says["provisional"] == any(not calendar.is_announced(y) for y in range(when.year, last.year + 1))
    assert json.loads(text(says)) == says
