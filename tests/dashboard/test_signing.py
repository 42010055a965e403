"""Coming in: words, waits, one-time codes, sessions, grave acts, acting for another."""

import re
from datetime import timedelta

import pyotp
import pytest

from records.transaction import reading
from states.roles import Role

PASSWORD = "Sample-12345"
WRONG = "登录名或密码不正确，请核对后重试。"


def signed(client, send, login: str, password: str = PASSWORD):
    return send(client, "/sign-in", page="/sign-in", login=login, password=password)


def found(pattern: str, text: str) -> str:
    seen = re.search(pattern, text)
    assert seen
    return seen[1]


def names_in_log(desk) -> list[str]:
    with reading(desk.engine) as tx:
        return [row[0] for row in tx.rows("SELECT name FROM audit WHERE kind = 'account' ORDER BY seq")]


def test_an_applicant_signs_in_with_a_password_alone(client, send, account) -> None:
    account(Role.APPLICANT, "1", "unit.1")
    answer = signed(client, send, "unit.1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/home")
    cookie = answer.headers["set-cookie"]
    assert all(word in cookie for word in ("linxuan=", "HttpOnly", "SameSite=lax", "Path=/"))
    assert client.get("/home").status_code == 200


def test_over_https_the_cookie_is_bound_to_the_host_and_never_sent_in_the_clear(
    client, send, account
) -> None:
    account(Role.APPLICANT, "1", "unit.1")
    client.base_url = "https://linxuan.test"
    cookie = signed(client, send, "unit.1").headers["set-cookie"]
    assert cookie.startswith("__Host-linxuan=")
    assert "Secure" in cookie


def test_nobody_signs_in_over_plain_http_from_elsewhere(client, account) -> None:
    account(Role.APPLICANT, "1", "unit.1")
    client.base_url = "http://linxuan.test"
    shown = client.get("/sign-in")
    assert "Secure" in shown.headers["set-cookie"]
    # Such a browser does not even send the cookie back, so the form is not taken to be ours.
    assert client.post("/sign-in", data={"login": "unit.1", "password": PASSWORD}).status_code == 403


def test_unknown_wrong_and_closed_are_told_alike(client, send, account, desk) -> None:
    account(Role.APPLICANT, "1", "unit.1")
    told = {found(r'role="alert">([^<]+)<', signed(client, send, login, "Wrong-12345").text)
            for login in ("unit.1", "nobody", "")}  # fmt: skip
    assert told == {WRONG}
    assert names_in_log(desk) == ["sign_in_refused"] * 3


def test_wrong_tries_wait_longer_each_time_and_a_day_forgets_them(client, send, account, now) -> None:
    account(Role.APPLICANT, "1", "unit.1")
    answers = [signed(client, send, "unit.1", "Wrong-12345").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    waited = signed(client, send, "unit.1")
    assert (waited.status_code, waited.headers["retry-after"]) == (429, "5")
    now.at += timedelta(seconds=5)
    assert signed(client, send, "unit.1", "Wrong-12345").status_code == 422
    assert signed(client, send, "unit.1").headers["retry-after"] == "10"
    now.at += timedelta(hours=25)
    assert signed(client, send, "unit.1").status_code == 303


def test_the_office_binds_an_authenticator_first_and_keeps_recovery_codes(client, send, account, now) -> None:
    account(Role.OFFICE, "", "office.lin")
    answer = signed(client, send, "office.lin")
    assert answer.headers["location"] == "/sign-in/code?next=/home"
    assert client.get("/home").headers["location"] == "/sign-in/code?next=/home"
    page = client.get("/sign-in/code").text
    secret = found(r'class="secret">(\w+)<', page)
    assert "<svg" in page
    bound = send(client, "/sign-in/code", page="/sign-in/code", code=pyotp.TOTP(secret).at(now()))
    assert len(re.findall(r"<li><code>", bound.text)) == 8
    assert client.get("/home").status_code == 200


def test_a_code_is_good_once_and_a_recovery_code_too(app, client, send, account, now) -> None:
    account(Role.OFFICE, "", "office.lin")
    signed(client, send, "office.lin")
    secret = found(r'class="secret">(\w+)<', client.get("/sign-in/code").text)
    code = pyotp.TOTP(secret).at(now())
    kept = re.findall(
        r"<li><code>([^<]+)<", send(client, "/sign-in/code", page="/sign-in/code", code=code).text
    )

    def again(given: str) -> int:
        send(client, "/sign-out", page="/account")
        signed(client, send, "office.lin")
        answer = send(client, "/sign-in/code", page="/sign-in/code", code=given)
        status = answer.status_code
        if status != 303:
            client.cookies.clear()
            signed(client, send, "office.lin")
            now.at += timedelta(seconds=60)
            send(client, "/sign-in/code", page="/sign-in/code", code=pyotp.TOTP(secret).at(now()))
        return status

    assert [again(given) for given in (code, kept[0], kept[0], "000000")] == [422, 303, 422, 422]


def test_a_session_ends_when_idle_and_at_its_longest(as_role, now) -> None:
    browser = as_role(Role.OFFICE)
    now.at += timedelta(minutes=29)
    assert browser.get("/home").status_code == 200
    now.at += timedelta(minutes=30)
    assert browser.get("/home").headers["location"] == "/sign-in?next=/home"
    browser = as_role(Role.OFFICE)
    seen = []
    for _ in range(31):
        now.at += timedelta(minutes=20)
        seen.append(browser.get("/home").status_code)
    assert seen == [200] * 29 + [303] * 2


def test_one_may_sign_out_everywhere_else(as_role, send) -> None:
    here, there = as_role(Role.OFFICE), as_role(Role.OFFICE)
    assert send(here, "/account/sessions/end", page="/account").status_code == 303
    assert (here.get("/home").status_code, there.get("/home").status_code) == (200, 303)


def test_a_new_password_ends_the_other_sessions(as_role, send) -> None:
    here, there = as_role(Role.OFFICE), as_role(Role.OFFICE)
    new = {"new": "Another-12345", "again": "Another-12345"}
    assert send(here, "/account/password", page="/account", old="Wrong-12345", **new).status_code == 422
    assert send(here, "/account/password", page="/account", old=PASSWORD, **new).status_code == 303
    assert (here.get("/home").status_code, there.get("/home").status_code) == (200, 303)


def test_a_form_from_elsewhere_is_not_taken(as_role, send) -> None:
    browser = as_role(Role.OFFICE)
    assert browser.post("/account/sessions/end").status_code == 403
    page = browser.get("/account").text
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[-1]
    foreign = browser.post(
        "/account/sessions/end", data={"csrf": token}, headers={"origin": "https://evil.test"}
    )
    assert foreign.status_code == 403
    assert browser.post("/account/sessions/end", data={"csrf": token}).status_code == 303


def test_a_second_click_is_led_where_the_first_was(as_role, desk, filed, send) -> None:
    filed(1)
    browser = as_role(Role.OFFICE)
    page = browser.get("/act-as").text
    tokens = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[-1] for name in ("csrf", "once")}
    sent = [
        browser.post("/act-as", data={**tokens, "role": "recommender", "scope": "重庆"}) for _ in range(2)
    ]
    assert [each.headers["location"] for each in sent] == ["/home", "/home"]
    assert names_in_log(desk).count("act_as") == 1


def test_acting_for_another_is_shown_on_every_page_and_names_the_true_actor(as_role, send, filed) -> None:
    filed(1)
    browser = as_role(Role.OFFICE, "", "office.lin")
    answer = send(browser, "/act-as", page="/act-as", role="applicant", scope="示例代码0000")
    assert answer.status_code == 303
    assert "正在代示例不可外泄单位0（申报单位）办理" in browser.get("/home").text
    assert browser.get("/health").status_code == 403
    assert send(browser, "/act-as/end", page="/home").status_code == 303
    assert browser.get("/health").status_code == 200


def test_a_grave_act_asks_for_the_password_again_and_leads_back(as_role, send, now) -> None:
    browser = as_role(Role.OFFICE)
    now.at += timedelta(minutes=11)
    browser.headers["referer"] = "http://127.0.0.1/act-as"
    asked = send(browser, "/act-as", page="/act-as", role="recommender", scope="重庆")
    assert asked.headers["location"] == "/confirm?next=/act-as"
    assert send(browser, "/confirm", page="/confirm?next=/act-as", password="Wrong-12345").status_code == 422
    back = send(browser, "/confirm", page="/confirm?next=/act-as", password=PASSWORD, next="/act-as")
    assert back.headers["location"] == "/act-as"
    assert (
        send(browser, "/act-as", page="/act-as", role="recommender", scope="重庆").headers["location"]
        == "/home"
    )


@pytest.mark.parametrize(
    "where", ["//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)"]
)
def test_nobody_is_led_away_from_here(client, send, account, where) -> None:
    account(Role.APPLICANT, "1", "unit.1")
    answer = send(client, "/sign-in", page="/sign-in", login="unit.1", password=PASSWORD, next=where)
    assert answer.headers["location"] == "/"


def test_an_expired_session_leads_back_to_the_form(as_role, send, now) -> None:
    browser = as_role(Role.OFFICE)
    browser.headers["referer"] = "http://127.0.0.1/account?x=1"
    browser.get("/account")
    now.at += timedelta(hours=1)
    answer = browser.post("/account/password", data={})
    assert answer.headers["location"] == "/sign-in?next=/account%3Fx%3D1"


def test_a_real_installation_lists_no_accounts(client) -> None:
    assert "演练账号" not in client.get("/sign-in").text
