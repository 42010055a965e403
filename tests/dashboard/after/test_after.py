"""What a listed institution reports and asks for on its pages."""

import re

import pytest

from casework.duties.examinations import examinations
from casework.duties.fees import history_of
from casework.duties.sites import sites
from casework.history import show
from casework.particulars.reading import changes
from states.roles import Role


def test_every_page_opens(mine) -> None:
    browser, no = mine
    paths = ("", "/renewal", "/changes", "/leave", "/renewal/form.docx")
    answers = {path: browser.get(f"/after/{no}{path}").status_code for path in paths}
    assert answers == dict.fromkeys(paths, 200)


def test_nobody_elses_listing_is_there(mine, as_role) -> None:
    _, no = mine
    stranger = as_role(Role.APPLICANT, "999", "unit.stranger")
    assert [
        stranger.get(f"/after/{no}{path}").status_code for path in ("", "/renewal", "/changes", "/leave")
    ] == [404] * 4


@pytest.mark.clause("M24-13")
def test_an_examination_is_announced_and_what_is_wrong_is_kept_as_typed(mine, send, desk) -> None:
    browser, no = mine
    fields = {
        "level": "初级",
        "starts_on": "2024-11-02",
        "ends_on": "2024-11-03",
        "place": "重庆市示例区示例路1号",
    }
    wrong = send(browser, f"/after/{no}/report/examination", page=f"/after/{no}", **fields, expected="很多")
    assert (wrong.status_code, "示例路1号" in wrong.text) == (422, True)
    done = send(browser, f"/after/{no}/report/examination", page=f"/after/{no}", **fields, expected="40")
    assert done.status_code == 303, done.text
    assert [each.place for each in examinations(desk, no=no)] == ["重庆市示例区示例路1号"]


@pytest.mark.clause("M24-12")
def test_fees_are_set_in_yuan(mine, send, desk) -> None:
    browser, no = mine
    done = send(
        browser, f"/after/{no}/report/fees", page=f"/after/{no}", item=["初级考核", ""], unit=["元/次", ""],
        yuan=["380.50", ""], effective_on="2024-12-01", refund="开考前三日可全额退费。", basis="示例发改〔2024〕1号",
    )  # fmt: skip
    assert done.status_code == 303, done.text
    assert [str(each.yuan) for each in history_of(desk, no)[-1].items] == ["380.50"]


def test_a_site_is_reported(mine, send, desk) -> None:
    browser, no = mine
    done = send(
        browser, f"/after/{no}/report/site", page=f"/after/{no}", name="示例站点", address="重庆市示例区示例路2号",
        province="50", capacity="60", supervisor="李示例",
    )  # fmt: skip
    assert done.status_code == 303, done.text
    assert [each.name for each in sites(desk)] == ["示例站点"]


@pytest.mark.clause("M24-9.1")
def test_a_renewal_is_kept_and_says_what_is_lacking(mine, send, desk) -> None:
    browser, no = mine
    page = f"/after/{no}/renewal"
    kept = send(browser, page, page=page, then="keep", **{"text.work": "示例工作", "junior.2024": "12"})
    assert kept.status_code == 200, kept.text
    assert "须补充或改正" in kept.text
    again = browser.get(page).text
    assert ("示例工作" in again, 'value="12"' in again) == (True, True)
    early = send(browser, page, page=page, then="file", **{"text.work": "示例工作"})
    assert early.status_code == 422


@pytest.mark.clause("M24-20c")
def test_a_change_is_asked_with_its_document(mine, desk, now) -> None:
    browser, no = mine
    shown = browser.get(f"/after/{no}/changes").text
    tokens = {name: re.findall(rf'name="{name}" value="([^"]+)"', shown)[-1] for name in ("csrf", "once")}
    asked = browser.post(
        f"/after/{no}/changes",
        data={**tokens, "value.address": "重庆市示例区示例大道99号", "reason": "迁址"},
        files={"documents": ("证明.pdf", b"%PDF-1.4\n")},
    )
    assert asked.status_code == 303, asked.text
    assert [each.labels for each in changes(desk, as_of=now())] == [("单位地址",)]


@pytest.mark.clause("M24-20c")
def test_leaving_is_shown_before_it_is_done(mine, send, desk, now) -> None:
    browser, no = mine
    page = f"/after/{no}/leave"
    fields = {"which": "this", "reason": "业务调整", "records_kept": "示例档案馆保存", "learners": "0"}
    shown = send(browser, page, page=page, then="preview", **fields)
    assert (shown.status_code, "确认退出" in shown.text) == (200, True)
    mark = re.search(r'name="mark" value="([^"]+)"', shown.text)[1]
    left = send(browser, page, page=page, then="leave", mark=mark, **fields)
    assert left.status_code == 303, left.text
    assert show(desk, no, as_of=now()).stage == "exited"
