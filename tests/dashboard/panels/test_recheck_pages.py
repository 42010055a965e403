"""The recheck: staged by one, seen by the next, released together by somebody else."""

import re

import pytest

from records.transaction import reading
from states.roles import Role

PAGE = "/recheck/B3/evaluation"
WORDS = "示例：名额所限，经集体研究不予列入。"


def cases(browser) -> dict[str, str]:
    """Each case, and the number of its last decision as shown."""
    return dict(
        re.findall(
            r'name="case" value="([^"]+)"><input type="hidden" name="seen" value="(\d+)"',
            browser.get(PAGE).text,
        )
    )


def seen_of(browser) -> str:
    return re.findall(r'name="seen" value="([\d,]*)">\s*<footer', browser.get(PAGE).text)[0]


def stage(send, browser, no: str, choice: str, words: str = "", seen: str = "0"):
    return send(browser, f"{PAGE}/stage", page=PAGE, case=no, choice=choice, words=words, seen=seen)


def decide_all(send, browser) -> None:
    first, second = cases(browser)
    assert stage(send, browser, first, "publicise", WORDS).status_code == 303
    assert stage(send, browser, second, "not_select", WORDS).status_code == 303


@pytest.mark.clause("M24-7.3e", "M24-7.4")
def test_what_is_staged_is_released_by_somebody_else(panels, as_role, send, desk) -> None:
    panels.tallied()
    zhou, sun = as_role(Role.GROUP, "", "group.zhou"), as_role(Role.GROUP, "", "group.sun")
    decide_all(send, zhou)
    same = send(zhou, f"{PAGE}/release", page=PAGE, seen=seen_of(zhou))
    assert (same.status_code, "由另一名有权限的人员办理" in same.text) == (422, True)
    done = send(sun, f"{PAGE}/release", page=PAGE, seen=seen_of(sun))
    assert done.status_code == 303
    with reading(desk.engine) as tx:
        assert sorted(row[0] for row in tx.rows("SELECT stage FROM cases")) == ["not_selected", "publicity"]


@pytest.mark.clause("M24-7.3e")
def test_leaving_out_what_the_panel_backs_is_owed_words(panels, as_role, send) -> None:
    panels.tallied()
    zhou = as_role(Role.GROUP, "", "group.zhou")
    wordless = stage(send, zhou, next(iter(cases(zhou))), "not_select")
    assert (wordless.status_code, "须" in wordless.text) == (422, True)


def test_who_decides_second_is_told_who_was_first_and_keeps_the_words(panels, as_role, send) -> None:
    panels.tallied()
    zhou, sun = as_role(Role.GROUP, "", "group.zhou"), as_role(Role.GROUP, "", "group.sun")
    no = next(iter(cases(zhou)))
    assert stage(send, zhou, no, "publicise", WORDS).status_code == 303
    late = stage(send, sun, no, "not_select", "示例：另一种意见")
    assert (late.status_code, "由group.zhou拟定过" in late.text) == (409, True)
    assert "示例：另一种意见</textarea>" in late.text


def test_what_changed_since_it_was_shown_is_not_released(panels, as_role, send) -> None:
    panels.tallied()
    zhou, sun = as_role(Role.GROUP, "", "group.zhou"), as_role(Role.GROUP, "", "group.sun")
    decide_all(send, zhou)
    seen, no = seen_of(sun), next(iter(cases(sun)))
    assert stage(send, zhou, no, "reserve", WORDS, seen="1").status_code == 303
    late = send(sun, f"{PAGE}/release", page=PAGE, seen=seen)
    assert (late.status_code, "没有发布" in late.text) == (409, True)


@pytest.mark.clause("M24-7.3b", "M24-8")
def test_a_province_sees_nothing_of_a_national_recheck(panels, as_role) -> None:
    panels.tallied()
    province = as_role(Role.PROVINCE, "50")
    assert (province.get(PAGE).status_code, "B3" in province.get("/recheck").text) == (404, False)
