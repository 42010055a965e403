"""In a real browser: sign in, work, sign out; by keyboard alone, nothing from outside, no serious axe finding."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyotp
import pytest
import uvicorn
from fastapi import FastAPI

from casework.access.second_factor import preset_second_factor
from casework.access.sessions import begin_session
from casework.desk import Desk
from dashboard.app import action_of, routes
from dashboard.vendored import MODULES
from records.transaction import transaction
from states.roles import Role

AXE = MODULES / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("TESTS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("TESTS_REQUIRE_BROWSER") == "1"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "Sample-12345"

if not REQUIRED and not (CHROMIUM and AXE.is_file()):
    pytest.skip(
        "the browser tests did not run: no Chromium here (Debian: apt install chromium)",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "TESTS_REQUIRE_BROWSER=1, and there is no Chromium"
    root = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=root)
        yield browser
        browser.close()


@pytest.fixture
def site(app: FastAPI) -> Iterator[str]:
    """The application on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(5)
    listener.close()


@pytest.fixture
def heard() -> list[str]:
    """What a page complained about, and whatever it asked of anybody else."""
    return []


@pytest.fixture
def page(chromium: Any, site: str, heard: list[str]) -> Iterator[Any]:
    """A page on an office computer."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN", base_url=site)
    made = context.new_page()
    made.set_default_timeout(10_000)
    made.on("console", lambda said: heard.append(said.text) if said.type in ("error", "warning") else None)
    made.on("pageerror", lambda fault: heard.append(str(fault)))
    made.on(
        "request",
        lambda asked: heard.append(asked.url) if not asked.url.startswith((site, "data:")) else None,
    )
    yield made
    context.close()


@pytest.fixture
def signed_in(page: Any, site: str, desk: Desk, now: Any, account: Callable[..., int]) -> Callable[..., Any]:
    """The page with somebody signed in."""

    def enter(role: Role, scope: str = "") -> Any:
        token = begin_session(desk, account(role, scope), as_of=now())
        with transaction(desk.engine) as tx:
            tx.run("UPDATE web_session SET passed_at = ?", (now(),))
        page.context.add_cookies([{"name": "linxuan", "value": token, "url": site}])
        return page

    return enter


def serious(page: Any) -> list[str]:
    """What axe-core finds serious or worse. It is put in by the test's own hand, past the page's policy."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


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
def test_public_pages_have_no_serious_fault(page, heard, filed, path) -> None:
    filed(1)
    page.goto(path)
    assert (serious(page), heard) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_office_has_no_serious_fault(app, signed_in, heard, filed, scheme) -> None:
    filed(3)
    page = signed_in(Role.OFFICE)
    page.emulate_media(color_scheme=scheme)
    found = {}
    for route in routes(app):
        if (
            "GET" in (route.methods or ())
            and "{" not in route.path
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
