"""Panels planned, the draw on one screen, and who may see what of it."""

import re

import pyotp
import pytest

from casework.access.second_factor import preset_second_factor
from records.transaction import reading, transaction
from states.roles import Role

PASSWORD = "Sample-12345"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
DIGITS, SOURCE = "0713223142705", "示例彩票第2024214期"


def version(browser, page: str) -> str:
    return re.findall(r'name="version" value="(\d+)"', browser.get(page).text)[0]


@pytest.mark.clause("M24-7.3c")
def test_panels_are_planned_from_the_page(panels, as_role, send) -> None:
    office = as_role(Role.OFFICE)
    sent = send(office, "/panels/plan", page="/panels", call="B3/evaluation", size="3", quorum="2")
    assert sent.status_code == 303
    assert "B3-SJAQ-P01" in office.get("/panels").text
    again = send(office, "/panels/plan", page="/panels", call="B3/evaluation")
    assert (again.status_code, "尚未编入专家组" in again.text) == (422, True)


@pytest.mark.clause("M24-7.3c")
def test_the_ceremony_promises_and_a_supervisor_signs_on_the_same_screen(
    panels, as_role, send, desk, account, now
) -> None:
    no, office = panels.plan(), as_role(Role.OFFICE, "", "office.x")
    page = f"/panels/{no}/ceremony"
    sent = send(office, f"/panels/{no}/commit", page=page, version=version(office, page))
    assert sent.status_code == 303
    with reading(desk.engine) as tx:
        promise = tx.one("SELECT commitment FROM draw_round")[0]
    shown = office.get(page).text
    assert promise in shown.replace("<wbr>", "")
    person = account(Role.AUDITOR, "", "auditor.x")
    with transaction(desk.engine) as tx:
        preset_second_factor(tx, person, SECRET, as_of=now())
    typed = {"digits": DIGITS, "source": SOURCE, "version": version(office, page)}
    alone = send(office, f"/panels/{no}/draw", page=page, **typed)
    assert (alone.status_code, "公布承诺的人不能监督" in alone.text) == (422, True)
    assert f'value="{DIGITS}"' in alone.text
    signed = {"login": "auditor.x", "password": PASSWORD, "code": pyotp.TOTP(SECRET).at(now())}
    drawn = send(office, f"/panels/{no}/draw", page=page, **typed, **signed)
    assert drawn.status_code == 303
    with reading(desk.engine) as tx:
        assert tx.one("SELECT digits, supervisor FROM draw_round") == (DIGITS, "auditor:auditor.x")
        seats = [row[0] for row in tx.rows("SELECT pseudonym FROM seat ORDER BY place")]
    assert re.findall(r"<br><code>(\w{32})</code>", office.get(page).text) == seats
    assert office.get(f"/draws/{no}/1").status_code == 200


def test_whoever_comes_second_is_told_who_was_first(panels, as_role, send) -> None:
    no = panels.plan()
    office, page = as_role(Role.OFFICE, "", "office.x"), f"/panels/{no}/ceremony"
    seen = version(office, page)
    assert send(office, f"/panels/{no}/commit", page=page, version=seen).status_code == 303
    late = send(
        as_role(Role.CENTRE), f"/panels/{no}/abandon", page=page, version=seen, because="示例理由写到一半"
    )
    assert (late.status_code, "由office.x办理过" in late.text) == (409, True)
    assert "示例理由写到一半" in late.text


def test_the_screen_shows_itself_anew_once_somebody_went_on(panels, as_role) -> None:
    no = panels.plan()
    office = as_role(Role.OFFICE)
    seen = version(office, f"/panels/{no}/ceremony")
    path = f"/panels/{no}/ceremony/changed"
    assert "hx-refresh" not in office.get(path, params={"seen": seen}).headers
    assert office.get(path, params={"seen": "0"}).headers["hx-refresh"] == "true"


@pytest.mark.clause("M24-7.3b")
def test_names_are_for_those_with_need(panels, as_role) -> None:
    no = panels.seated()
    name = panels.letters(no)[1]["name"]
    sees = {
        role: name in as_role(role).get(f"/panels/{no}").text
        for role in (Role.OFFICE, Role.GROUP, Role.HEAD, Role.AUDITOR, Role.CENTRE, Role.PANEL)
    }
    assert [role for role, there in sees.items() if there] == [
        Role.OFFICE, Role.GROUP, Role.HEAD, Role.AUDITOR,
    ]  # fmt: skip
    office = as_role(Role.OFFICE)
    assert name not in office.get(f"/panels/{no}/ceremony").text
    assert as_role(Role.PROVINCE, "50").get(f"/panels/{no}").status_code == 404


@pytest.mark.clause("M24-7.3b")
def test_a_seat_is_released_for_a_reason_and_drawn_again(panels, as_role, send) -> None:
    no, office = panels.seated(), as_role(Role.OFFICE, "", "office.x")
    page = f"/panels/{no}"
    sent = send(
        office, f"{page}/release", page=page, version=version(office, page), seat="1", because="示例：生病"
    )
    assert sent.status_code == 303
    ceremony = f"{page}/ceremony"
    assert "补抽1个空缺席位" in office.get(ceremony).text
    assert send(office, f"{page}/commit", page=ceremony, version=version(office, ceremony)).status_code == 303
    assert "第2轮承诺" in office.get(ceremony).text


@pytest.mark.clause("M24-7.3b")
def test_the_sealed_certificate_asks_for_the_password_and_is_on_record(
    panels, as_role, send, desk, now
) -> None:
    no, office = panels.seated(), as_role(Role.OFFICE)
    sent = send(office, f"/panels/{no}/sealed/1", page=f"/panels/{no}")
    assert (sent.status_code, len(sent.json()["identities"])) == (200, 40)
    with reading(desk.engine) as tx:
        assert tx.one("SELECT count(*) FROM audit WHERE name = 'sealed_read'")[0] == 1
