"""In a real browser: sign in, work, sign out; by keyboard alone, nothing from outside, no serious axe finding."""

import pyotp
import pytest

from casework.access.policy import Reach, reach
from casework.access.second_factor import preset_second_factor
from dashboard.app import action_of, routes
from records.transaction import transaction
from states.roles import Role

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "Sample-12345"


def test_the_office_signs_in_and_out_by_keyboard_alone(page, heard, desk, account, now) -> None:
    person = account(Role.OFFICE, "", "office.lin")
    with transaction(desk.engine) as tx:
        preset_second_factor(tx, person, SECRET, as_of=now())
    page.goto("/sign-in")
    page.keyboard.type("office.lin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="输入动态码").wait_for()
    page.keyboard.type(pyotp.TOTP(SECRET).at(now()))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="我的待办").wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "退出登录":
            break
    page.keyboard.press("Enter")
    page.get_by_text("已退出登录。").wait_for()
    page.goto("/home")
    assert "/sign-in?next=/home" in page.url
    assert heard == []


def test_the_first_key_leads_to_the_content(page, heard) -> None:
    page.goto("/clauses")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert heard == []


@pytest.mark.parametrize("path", ["/", "/sign-in", "/clauses"])
def test_public_pages_have_no_serious_fault(page, heard, filed, path, serious) -> None:
    filed(1)
    page.goto(path)
    assert (serious(page), heard) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_office_has_no_serious_fault(app, signed_in, heard, filed, scheme, serious) -> None:
    filed(3)
    page = signed_in(Role.OFFICE)
    page.emulate_media(color_scheme=scheme)
    found = {}
    for route in routes(app):
        if (
            "GET" in (route.methods or ())
            and "{" not in route.path
            and "." not in route.path.rpartition("/")[2]
            and reach(Role.OFFICE, action_of(route)) is not Reach.NONE
            and not route.path.startswith(("/api", "/healthz"))
        ):
            answer = page.goto(route.path)
            if answer.status == 200 and "text/html" in answer.headers.get("content-type", ""):
                found[route.path, action_of(route)] = serious(page)
    assert {where: faults for where, faults in found.items() if faults} == {}
    assert heard == []


def test_on_a_telephone_nothing_is_wider_than_the_screen(signed_in, heard, filed) -> None:
    filed(3)
    page = signed_in(Role.APPLICANT, "1")
    page.set_viewport_size({"width": 390, "height": 844})
    widths = {}
    for path in ("/", "/home", "/account", "/clauses"):
        page.goto(path)
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in widths.items() if width > 390} == {}
    assert heard == []


def test_no_first_visit_costs_more_than_200_kilobytes(page, heard) -> None:
    page.goto("/sign-in", wait_until="networkidle")
    sent = page.evaluate(
        "() => ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))"
        ".reduce((sum, each) => sum + each.transferSize, 0)"
    )
    assert 10_000 < sent < 200 * 1024
    assert heard == []
