"""Experts by link and code: they answer, read, save, vote once and keep a receipt; then two officers open."""

import re

import pytest
from starlette.testclient import TestClient

from casework.ballots.panel import panel_id_of, panel_of
from casework.ballots.receipts import ballot_of, receipt_says
from records.transaction import reading
from states.roles import Role

PASSPHRASES = {"office.x": "杏花 春雨 江南 驿路 石桥 灯火", "head.x": "青瓷 远山 渡口 秋霜 书简 木鱼"}


@pytest.fixture
def browser(app):
    def made() -> TestClient:
        return TestClient(
            app, base_url="http://127.0.0.1", raise_server_exceptions=False, follow_redirects=False
        )

    return made


def come_in(made, send, one) -> TestClient:
    expert = made()
    assert send(expert, one["link"], page=one["link"], code=one["code"]).status_code == 303
    return expert


def marks(browser, vote: str = "recommend") -> dict[str, str]:
    """Every field of the sheets, filled in: the lowest mark, and the vote."""
    shown = browser.get("/expert/vote").text
    fields = dict.fromkeys(re.findall(r'<input name="([^"]+\.B3[^"]+)"', shown), "5")
    return fields | dict.fromkeys(re.findall(r'<select name="(vote\.[^"]+)"', shown), vote) | {"sheets": "1"}


@pytest.mark.clause("M24-7.3b")
def test_a_wrong_code_is_refused_and_says_nothing_of_the_link(panels, browser, send) -> None:
    one = panels.letters(panels.seated())[1]
    wrong = f"{(int(one['code']) + 1) % 10**6:06d}"
    refused = send(browser(), one["link"], page=one["link"], code=wrong)
    nowhere = send(browser(), "/expert/review/none", page="/expert/review/none", code="123456")
    said = [re.findall(r'role="alert">([^<]+)', each.text) for each in (refused, nowhere)]
    assert (refused.status_code, nowhere.status_code, said[0]) == (422, 422, said[1])


@pytest.mark.clause("M24-7.3b", "M24-7.3c")
def test_an_invitation_is_accepted_under_the_signed_statement(panels, browser, send, desk) -> None:
    no = panels.seated()
    one = panels.letters(no)[1]
    expert, page = come_in(browser, send, one), "/expert/answer"
    unsigned = send(expert, page, page=page, choice="accept", signature=one["name"])
    assert (unsigned.status_code, f'value="{one["name"]}"' in unsigned.text) == (422, True)
    signed = send(
        expert,
        page,
        page=page,
        choice="accept",
        signature=one["name"],
        confidence="yes",
        **{"no-ties": "yes"},
    )
    assert "已确认您参加本组评议" in signed.text
    with reading(desk.engine) as tx:
        assert tx.one("SELECT state FROM seat WHERE place = 1")[0] == "confirmed"
    again = send(browser(), one["link"], page=one["link"], code=one["code"])
    assert again.status_code == 422


@pytest.mark.clause("M24-7.3b")
def test_a_declared_tie_puts_the_expert_out(panels, browser, send) -> None:
    no = panels.seated()
    one = panels.letters(no)[2]
    expert, page = come_in(browser, send, one), "/expert/answer"
    unit = re.findall(r"<li>(\S+) <small>B3-", expert.get(page).text)[0]
    tie = {"tie-0": unit, "tie-kind-0": "advisory", "tie-note-0": "示例：任顾问"}
    put_out = send(expert, page, page=page, choice="accept", signature=one["name"], confidence="yes", **tie)
    assert "存在应当回避的情形" in put_out.text


def test_an_invitation_is_declined(panels, browser, send, desk) -> None:
    no = panels.seated()
    expert = come_in(browser, send, panels.letters(no)[3])
    answer = send(expert, "/expert/answer", page="/expert/answer", choice="decline", reason="示例：出差")
    assert "已记录您的谢绝" in answer.text
    with reading(desk.engine) as tx:
        assert tx.one("SELECT state FROM seat WHERE place = 3")[0] == "declined"


@pytest.mark.clause("M24-7.3d")
def test_drafts_open_with_the_resume_code_alone_and_the_ballot_is_cast_once(
    panels, browser, send, desk
) -> None:
    no = panels.voting()
    one = panels.new_links(no)[1]
    expert = come_in(browser, send, one)
    filled = marks(expert)
    saved = send(expert, "/expert/save", page="/expert/vote", **filled)
    code = re.findall(r'id="resume-code">([^<]+)', saved.text)[0]
    assert 'value="5"' in expert.get("/expert/vote").text
    other = come_in(browser, send, panels.new_links(no)[1])
    shown = other.get("/expert/vote").text
    assert ("续填码" in shown, 'value="5"' in shown) == (True, False)
    assert send(other, "/expert/resume", page="/expert/vote", resume="AAAA").status_code == 422
    assert send(other, "/expert/resume", page="/expert/vote", resume=code).status_code == 303
    unsigned = send(other, "/expert/cast", page="/expert/vote", **filled)
    assert (unsigned.status_code, 'value="5"' in unsigned.text) == (422, True)
    cast = send(other, "/expert/cast", page="/expert/vote", **filled, signature=one["name"])
    receipt = re.findall(r'id="receipt">(\w{64})', cast.text)[0]
    assert "no-store" in cast.headers["cache-control"]
    with reading(desk.engine) as tx:
        assert receipt_says(tx, panel_of(tx, panel_id_of(tx, no)), receipt) == "选票已密封在库，尚未开启。"
    twice = send(expert, "/expert/cast", page="/expert/room", **filled, signature=one["name"])
    assert (twice.status_code, "已密封，不能再次投票" in twice.text) == (422, True)


@pytest.mark.clause("M24-7.3d")
def test_marks_that_are_none_are_refused_and_kept(panels, browser, send) -> None:
    expert = come_in(browser, send, panels.new_links(panels.voting())[1])
    filled = marks(expert)
    key = next(each for each in filled if "." in each and not each.startswith("vote"))
    refused = send(expert, "/expert/save", page="/expert/vote", **{**filled, key: "九"})
    assert (refused.status_code, 'value="九"' in refused.text, "的整数" in refused.text) == (422, True, True)


@pytest.mark.clause("M24-7.3b", "M24-7.3d")
def test_materials_bear_the_pseudonym_and_reach_nobody_else(panels, browser, send, desk) -> None:
    no = panels.voting()
    expert = come_in(browser, send, panels.new_links(no)[1])
    case = re.findall(r'/expert/read/([\w-]+)"', expert.get("/expert/room").text)[0]
    with reading(desk.engine) as tx:
        pseudonym = tx.one("SELECT pseudonym FROM seat WHERE place = 1")[0]
    answer = expert.get(f"/expert/read/{case}")
    assert (answer.status_code, pseudonym[:12] in answer.text) == (200, True)
    outside = browser().get(f"/expert/read/{case}")
    assert (outside.status_code, outside.headers["location"]) == (303, "/expert/link?ended=1")


def test_an_idle_visit_ends_and_asks_for_a_new_link(panels, browser, send, now) -> None:
    from datetime import timedelta

    expert = come_in(browser, send, panels.new_links(panels.voting())[1])
    now.at += timedelta(minutes=59)
    assert expert.get("/expert/room").status_code == 200
    now.at += timedelta(minutes=61)
    assert expert.get("/expert/room").headers["location"] == "/expert/link?ended=1"
    sent = send(expert, "/expert/link", page="/expert/link", mail="nobody@pool.example.cn")
    assert sent.status_code == 303


@pytest.mark.clause("M24-7.3d")
def test_two_officers_open_in_two_sessions_and_a_third_counts(
    panels, browser, send, as_role, desk, now, account
) -> None:
    from datetime import timedelta

    no = panels.voting()
    for one in list(panels.new_links(no).values()):
        expert = come_in(browser, send, one)
        cast = send(expert, "/expert/cast", page="/expert/vote", **marks(expert), signature=one["name"])
        tracker = re.findall(r'id="tracker">(\w+)', cast.text)[0]
    office, page = as_role(Role.OFFICE, "", "office.x"), f"/panels/{no}/ballots"
    assert "<strong>3 / 3</strong>" in office.get(page).text
    now.at += timedelta(hours=31)
    office, head = as_role(Role.OFFICE, "", "office.x"), as_role(Role.HEAD, "", "head.x")

    def act(who, step: str, **fields: str):
        seen = re.findall(r'name="version" value="(\d+)"', who.get(page).text)
        return send(who, f"{page}/{step}", page=page, version=seen[0], **fields)

    wrong = act(office, "present", login="office.x", passphrase="不是这一句话")
    assert (wrong.status_code, "口令不正确" in wrong.text) == (422, True)
    assert act(office, "present", login="office.x", passphrase=PASSPHRASES["office.x"]).status_code == 303
    alone = act(office, "open")
    assert (alone.status_code, "任何一人不得单独开启" in alone.text) == (422, True)
    assert act(head, "present", login="head.x", passphrase=PASSPHRASES["head.x"]).status_code == 303
    assert act(head, "open").status_code == 303
    assert act(as_role(Role.OFFICE, "", "office.ding"), "tally").status_code == 303
    with reading(desk.engine) as tx:
        assert len(ballot_of(tx, panel_of(tx, panel_id_of(tx, no)), tracker)["votes"]) == 2
    assert "与登记的结果一致" in office.get(f"{page}/recount").text
    assert "推荐" not in re.sub(r"<[^>]+>", "", as_role(Role.CENTRE).get(page).text).partition("推荐办理")[0]
