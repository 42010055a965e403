"""An institution registers itself: its code, its mailbox, and nothing told to strangers."""

import re
from datetime import timedelta

import pytest

from casework.access.registering import SENT, WRONG
from records.transaction import reading, transaction

FORM = {
    "institution": "示例数安培训学校",
    "name": "示例李",
    "mail": "li@unit.example.cn",
    "login": "shuan",
    "password": "Sample-12345",
}


def uscc(body: str = "91500000MA5U00000") -> str:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(each) * pow(3, place, 31) for place, each in enumerate(body))
    return body + alphabet[(31 - total % 31) % 31]


def registered(client, send, **changes: str):
    return send(client, "/register", page="/register", **{**FORM, "uscc": uscc(), **changes})


def mark(answer) -> str:
    seen = re.search(r'name="mark" value="([^"]+)"', answer.text)
    assert seen
    return seen[1]


def codes(desk) -> list[str]:
    with reading(desk.engine) as tx:
        rows = tx.rows("SELECT body FROM letter WHERE letter = 'registration_code' ORDER BY id")
    return [seen[1] for row in rows if (seen := re.search(r"验证码是 (\d{6})，", row[0]))]


def test_a_new_institution_comes_in_with_the_code_from_its_mailbox(client, send, desk) -> None:
    answer = registered(client, send)
    assert SENT in answer.text
    done = send(client, "/register/code", page="/register", mark=mark(answer), code=codes(desk)[0])
    assert (done.status_code, done.headers["location"]) == (303, "/home")
    assert client.get("/home").status_code == 200
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT p.login, p.role, i.uscc, i.province FROM person p"
            " JOIN institution i ON i.id = CAST(p.scope AS INTEGER)"
        )
    assert rows == [("shuan", "applicant", uscc(), "50")]


def test_a_wrong_code_five_times_ends_it_and_a_late_one_too(client, send, desk, now) -> None:
    kept = mark(registered(client, send))
    good = codes(desk)[0]
    bad = "000000" if good != "000000" else "111111"
    tries = [
        send(client, "/register/code", page="/register", mark=kept, code=bad).status_code for _ in range(5)
    ]
    assert tries == [422] * 5
    assert WRONG in send(client, "/register/code", page="/register", mark=kept, code=good).text
    second = mark(registered(client, send))
    now.at += timedelta(minutes=30)
    assert WRONG in send(client, "/register/code", page="/register", mark=second, code=codes(desk)[1]).text


def test_a_known_institution_proves_itself_by_the_mailbox_it_filed_with(client, send, desk, filed) -> None:
    filed(1)
    with transaction(desk.engine) as tx:
        tx.run("UPDATE institution SET uscc = ?", (uscc(),))
    assert SENT in registered(client, send).text
    assert codes(desk) == []
    assert SENT in registered(client, send, mail="contact@secret0.example.cn").text
    assert len(codes(desk)) == 1


def test_whoever_has_an_account_gets_no_second_one_and_is_told_the_same(client, send, desk) -> None:
    kept = mark(registered(client, send))
    send(client, "/register/code", page="/register", mark=kept, code=codes(desk)[0])
    client.cookies.clear()
    assert SENT in registered(client, send, login="another").text
    assert len(codes(desk)) == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("uscc", "123", "统一社会信用代码“123”共3位，应为18位，请核对。"),
        ("uscc", uscc()[:-1] + ("0" if uscc()[-1] != "0" else "1"), "校验码不符，请核对。"),
        ("institution", "", "单位名称应为2至100个字符"),
        ("mail", "nowhere", "“nowhere”不是有效的电子邮箱地址，请改正。"),
        ("login", "1", "登录名“1”不符合要求"),
        ("password", "short", "密码共5个字符，应为10至128个"),
        ("institution", "<script>alert(1)</script>", "验证码已发往该邮箱"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_what_was_typed_is_kept(
    client, send, field, value, says
) -> None:
    answer = registered(client, send, **{field: value})
    assert says in answer.text
    assert "<script>alert" not in answer.text
    assert answer.status_code == 200 or FORM["name"] in answer.text


def test_letters_to_strangers_are_not_sent_by_the_hundred(client, send, desk) -> None:
    statuses = [registered(client, send, login=f"shuan{n}").status_code for n in range(6)]
    assert statuses == [200] * 5 + [429]
