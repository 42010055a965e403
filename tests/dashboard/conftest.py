"""What the tests of the pages need: an installation with the third batch open, and some applications."""

import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from casework.access.sessions import begin_session
from casework.actors import Actor
from casework.beginning import NewCase, begin_case
from casework.calls import open_call
from casework.desk import Desk
from casework.gate import advance
from casework.installation import Installation, scratch_installation
from casework.passwords import Passwords
from casework.sweep import sweep
from dashboard.app import create_app
from dashboard.vendored import MODULES
from records.transaction import transaction
from states.roles import Role

OFFICE = Actor("示例经办人", Role.OFFICE)
PASSWORD = "Sample-12345"
AXE = MODULES / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("TESTS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
WEDNESDAY = datetime(2024, 6, 12, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai, nine days before the third batch closes."""


@dataclass
class HandSet:
    """A clock that shows what it was set to."""

    at: datetime = WEDNESDAY

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def now() -> HandSet:
    """The clock of the test."""
    return HandSet()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A new installation."""
    made = scratch_installation(tmp_path, as_of=WEDNESDAY)
    yield made
    made.close()


@pytest.fixture
def desk(installation: Installation) -> Desk:
    """Its desk."""
    return installation.desk()


@pytest.fixture
def b3(desk: Desk) -> None:
    """The third batch, open."""
    open_call(desk, "B3", by=OFFICE, as_of=WEDNESDAY)


@pytest.fixture
def filed(desk: Desk, b3: None) -> Callable[[int], list[int]]:
    """Files so many applications; their ids."""

    def file(count: int) -> list[int]:
        with transaction(desk.engine) as tx:
            return [_file(tx, desk, number) for number in range(count)]

    return file


def _file(tx, desk: Desk, number: int, stage: str = "submitted") -> int:
    id_ = tx.run(
        "INSERT INTO institution (uscc, name, province, address, unit_type) VALUES (?,?,'50','','')",
        (f"示例代码{number:04d}", f"示例不可外泄单位{number}"),
    ).lastrowid
    new = NewCase("B3", "evaluation", "SJAQ", id_, "50", "P50", "初级", f"contact@secret{number}.example.cn")
    return begin_case(tx, desk, new, by=OFFICE, as_of=WEDNESDAY, stage=stage).id


POSTED = datetime(2024, 9, 26, 9, 0, tzinfo=UTC)
"""Five in the afternoon before the National Day holidays: publicity then runs until the end of 9 October."""


@pytest.fixture
def posted(desk: Desk, b3: None, now: HandSet) -> Callable[[int], list[int]]:
    """Puts so many applications on one public list (B3-GS-01) and sets the clock to the next morning; their ids."""

    def post(count: int) -> list[int]:
        with transaction(desk.engine) as tx:
            ids = [_file(tx, desk, number, "recheck") for number in range(count)]
        group = Actor("示例小组", Role.GROUP)
        done = advance(desk, "publicise", ids, by=group, as_of=POSTED, inputs={"departure": "示例理由"})
        assert done.moved == count
        now.at = POSTED + timedelta(hours=17)
        return ids

    return post


@pytest.fixture
def listed(desk: Desk, posted: Callable[[int], list[int]], now: HandSet) -> Callable[[int], list[int]]:
    """Has so many listed in the directory since 10 October 2024, one day later; their ids."""

    def enter(count: int) -> list[int]:
        ids = posted(count)
        sweep(desk, as_of=datetime(2024, 10, 9, 16, 0, tzinfo=UTC))
        now.at = datetime(2024, 10, 11, 2, 0, tzinfo=UTC)
        return ids

    return enter


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A browser nobody signed in with."""
    return browser_on(app)


@pytest.fixture
def app(installation: Installation, now: HandSet) -> FastAPI:
    """The application."""
    return create_app(installation, now=now, passwords=Passwords.cheap())


def browser_on(app: FastAPI) -> TestClient:
    """A browser on the application's own machine; it follows no redirects by itself."""
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def account(desk: Desk) -> Callable[..., int]:
    """Gives somebody an account, without a check of its scope; the person's id."""

    def give(role: Role, scope: str = "", login: str = "", password: str = PASSWORD) -> int:
        name = login or f"{role}.{scope or 'x'}".lower()
        hashed = Passwords.cheap().hash(password, login=name)
        with transaction(desk.engine) as tx:
            found = tx.one("SELECT id FROM person WHERE login = ?", (name,))
            if found:
                return int(found[0])
            made = tx.run(
                "INSERT INTO person (login, name, mail, role, scope, password, digest, created_at)"
                " VALUES (?,?,?,?,?,?,0,?)",
                (
                    name,
                    f"示例{role.label[:4]}",
                    f"{name}@office.example.cn",
                    str(role),
                    scope,
                    hashed,
                    WEDNESDAY,
                ),
            )
            return int(made.lastrowid)

    return give


@pytest.fixture
def as_role(app: FastAPI, desk: Desk, now: HandSet, account: Callable[..., int]) -> Callable[..., TestClient]:
    """A browser in which somebody of a role (and scope) is signed in, the one-time code given."""

    def enter(role: Role, scope: str = "", login: str = "") -> TestClient:
        browser = browser_on(app)
        token = begin_session(desk, account(role, scope, login), as_of=now(), address="testclient")
        with transaction(desk.engine) as tx:
            tx.run("UPDATE web_session SET passed_at = ? WHERE passed_at IS NULL", (now(),))
        browser.cookies.set("linxuan", token)
        return browser

    return enter


@pytest.fixture
def send() -> Callable[..., Any]:
    """Sends a form as its page would: with the page's tokens. ``page`` is where the form stands."""

    def post(browser: TestClient, path: str, *, page: str, **fields: Any) -> Any:
        shown = browser.get(page).text
        tokens = {name: re.findall(rf'name="{name}" value="([^"]+)"', shown)[-1] for name in ("csrf", "once")}
        return browser.post(path, data={**tokens, **fields})

    return post


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    if not (CHROMIUM and AXE.is_file()):
        if os.environ.get("TESTS_REQUIRE_BROWSER") == "1":
            pytest.fail("TESTS_REQUIRE_BROWSER=1, and there is no Chromium")
        pytest.skip("the browser tests did not run: no Chromium here (Debian: apt install chromium)")
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


@pytest.fixture
def serious() -> Callable[[Any], list[str]]:
    """What axe-core finds serious or worse on a page. It is put in by the test's own hand, past the page's policy."""

    def found(page: Any) -> list[str]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        told = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']}: {node['html'][:120]}"
            for each in told["violations"]
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]

    return found
