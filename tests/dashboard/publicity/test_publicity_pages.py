"""Publicity for everybody: the list, the countdown and why, objecting with and without a name, following by code."""

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from casework.objections.reading import objections
from dashboard.publicity.robots import BITS, challenge, refuse_robots, worked_out
from states.refusals import Refused

PAGE = "/publicity/B3-GS-01"


def solved(token: str) -> str:
    return next(
        str(n)
        for n in range(10_000_000)
        if int.from_bytes(sha256(f"{token}:{n}".encode()).digest()) >> (256 - BITS) == 0
    )


@pytest.fixture
def objecting(client: Any, send: Callable[..., Any]) -> Callable[..., Any]:
    """Sends an objection as a browser does that worked the puzzle out."""

    def post(**fields: str) -> Any:
        token = re.search(r'name="robots" value="([^"]+)"', client.get(PAGE).text)[1]
        usual = {
            "case": "B3-SJAQ-0001",
            "manner": "anonymous",
            "text": "业绩存疑",
            "robots": token,
            "proof": solved(token),
        }
        return send(client, PAGE, page=PAGE, **{**usual, **fields})

    return post


@pytest.mark.clause("M24-7.4", "D-1")
def test_the_page_says_how_many_working_days_are_left_until_when_and_why(client: Any, posted: Any) -> None:
    posted(2)
    page = client.get(PAGE).text
    assert "还有5个工作日" not in page
    assert "还有4个工作日" in page
    assert "2024年10月9日（周三）24时" in page
    told = client.get(f"{PAGE}?format=json").json()
    assert (told["last_day"], told["working_days_left"], told["institutions"]) == ("2024-10-09", 4, 2)
    assert told["explanation"] in page
    assert f"SHA-256 {told['sha256']}" in page


@pytest.mark.clause("M24-7.4")
def test_what_is_not_on_the_list_as_posted_is_not_on_the_page(
    client: Any, posted: Any, objecting: Any
) -> None:
    posted(1)
    objecting()
    page = client.get(PAGE).text
    assert ("secret0.example.cn" in page, "有异议" in page, "核查中" in page) == (False, False, False)


@pytest.mark.clause("D-2", "M24-11.6a")
def test_an_anonymous_objection_is_received_and_followed_by_its_code_alone(
    client: Any, desk: Any, now: Any, posted: Any, objecting: Any, send: Any
) -> None:
    posted(1)
    receipt = objecting(name="不应留下", mail="left@example.cn").text
    (kept,) = objections(desk, as_of=now())
    assert (kept.no, kept.text, kept.named, kept.name, kept.mail) == (
        "B3-SJAQ-0001-Y1",
        "业绩存疑",
        False,
        "",
        "",
    )
    code = re.search(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", receipt)[0]
    follow = "/publicity/receipt"
    wrong = send(client, follow, page=follow, no="B3-SJAQ-0001-Y1", code="AAAA-AAAA-AAAA-AAAA")
    absent = send(client, follow, page=follow, no="B3-SJAQ-0009-Y1", code=code)
    right = send(client, follow, page=follow, no="b3-sjaq-0001-y1", code=code.lower().replace("-", ""))
    assert [answer.status_code for answer in (wrong, absent, right)] == [422, 422, 200]
    assert "异议编号或查询码不对" in wrong.text
    assert "异议编号或查询码不对" in absent.text
    assert "核查中" in right.text


def test_an_objection_by_name_needs_a_name_and_a_way_to_reach_it(posted: Any, objecting: Any) -> None:
    posted(1)
    nameless = objecting(manner="named", text="收费过高")
    unreachable = objecting(manner="named", text="收费过高", name="示例群众")
    good = objecting(manner="named", text="收费过高", name="示例群众", mail="qunzhong@example.cn")
    assert [answer.status_code for answer in (nameless, unreachable, good)] == [422, 422, 200]
    assert "实名异议须写明姓名" in nameless.text
    assert "收费过高</textarea>" in unreachable.text
    assert "回执同时发往所留邮箱" in good.text


def test_without_the_puzzle_or_an_answer_nothing_is_received(
    desk: Any, now: Any, posted: Any, objecting: Any
) -> None:
    posted(1)
    for fields in (
        {"proof": ""},
        {"proof": "-1"},
        {"proof": "", "answer": "0"},
        {"robots": "a.b.c.d"},
        {"robots": ""},
    ):
        assert objecting(**fields).status_code == 422
    assert objections(desk, as_of=now()) == []


def test_a_question_answered_will_do_once(desk: Any, now: Any) -> None:
    made = challenge("key", now())
    digits = "零一二三四五六七八九"
    a, b = re.fullmatch(r"(.+)加(.)等于多少？", made.question).groups()
    tens, _, ones = a.partition("十")
    number = (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)
    answer = str(number + digits.index(b))
    refuse_robots(desk, "key", made.token, "", answer, as_of=now())
    with pytest.raises(Refused, match="已经用过"):
        refuse_robots(desk, "key", made.token, "", answer, as_of=now())
    with pytest.raises(Refused, match="已过期"):
        refuse_robots(desk, "key", made.token, "", answer, as_of=now() + timedelta(hours=4))
    assert [worked_out(made.token, proof) for proof in ("", "x", "9" * 13)] == [False] * 3


def test_many_objections_from_one_place_must_wait(posted: Any, objecting: Any) -> None:
    posted(1)
    answers = [objecting(text=f"第{n}次").status_code for n in range(6)]
    assert answers == [200] * 5 + [422]


@pytest.mark.clause("D-2")
def test_evidence_is_told_by_its_content(client: Any, desk: Any, now: Any, posted: Any) -> None:
    posted(1)
    shown = client.get(PAGE).text
    tokens = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', shown)[-1] for name in ("csrf", "once", "robots")
    }
    fields = {
        **tokens,
        "proof": solved(tokens["robots"]),
        "case": "B3-SJAQ-0001",
        "manner": "anonymous",
        "text": "见附件",
    }
    page = client.post(
        PAGE, data=fields, files={"evidence": ("证据.pdf", b"<script>alert(1)</script>", "application/pdf")}
    )
    assert (page.status_code, "不是可以接收的类型" in page.text) == (422, True)
    assert objections(desk, as_of=now()) == []


def test_after_the_last_day_the_form_is_gone(client: Any, listed: Any) -> None:
    listed(1)
    page = client.get(PAGE).text
    assert ("公示已期满" in page, "提交异议" in page) == (True, False)


def test_an_unknown_publicity_is_not_there(client: Any) -> None:
    assert client.get("/publicity/B3-GS-99").status_code == 404
