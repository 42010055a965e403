"""Who sits on a panel is known to those with need alone: every query and every command, as every role (M24-7.3b).

The commands are found in the program itself, and their arguments by what their help calls them, so that a command
added tomorrow is walked too.
"""

import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import Engine
from typer.core import TyperArgument

from casework import audit, directory, history, incidents, listing, outlook, overview, stuck
from casework.actors import Actor
from casework.channels import open_channel
from casework.digests import queue_digests
from casework.installation import Installation, open_installation
from casework.panels.access import WITH_NEED
from casework.panels.answering import answer
from casework.panels.certificates import certificate
from casework.panels.committing import replace
from casework.panels.deciding import held
from casework.panels.listing import list_panels, show_panel
from casework.panels.sweep import sweep_panels
from casework.post import post
from casework.selection import Selection
from casework.settings import load_settings
from cli.main import NOUNS, Nouns, app, run
from notifications.mail import Delivery, Outcome, OutgoingMail
from records.crypt import use_key
from states.calendar import SHANGHAI, at_time, day_of
from states.refusals import Refused
from states.roles import Role

Ground = Any  # of conftest
NOW = at_time(date(2024, 7, 10), 10)
ACCOUNTS = {
    "bangong": (Role.OFFICE, ""), "zhongxin": (Role.CENTRE, ""), "xiaozu": (Role.GROUP, ""),
    "fuzeren": (Role.HEAD, ""), "shenji": (Role.AUDITOR, ""), "chongqing": (Role.RECOMMENDER, "P50"),
    "sheng": (Role.PROVINCE, "50"), "zhuanjia": (Role.PANEL, ""),
}  # fmt: skip
EVERYBODY = {**ACCOUNTS, "danwei": (Role.APPLICANT, "1"), "shizhong": (Role.CLOCK, "")}
NAMES_MEMBERS = {
    "panel show", "panel held", "draw certificate", "expert list", "expert show", "paper issue",
}  # fmt: skip
"""The commands that may name members, and then only to those with need."""
NOT_RUN = {"up": "a server", "rehearse": "a throw-away database of its own", "backup": "the database itself"}
SPOKEN = {
    "专家组": "B3-SJAQ-P01", "批次": "B3", "编号": "B3-SJAQ-0001", "申报": "B3-SJAQ-0001", "办理": "record_result",
    "规则": "R-4", "结果": "released", "席位": "9", "数字": "0713223142705", "账号": "shenji", "时间": "2024-08-20",
    "日期": "2024-08-20", "年度": "2024", "序号": "1", "家数": "1", "回执": "0" * 64, "决定": "publicise",
    "文书": "declaration", "身份": "office", "登录名": "xinren", "邮箱": "new@office.example.cn", "部门": "示例部门",
}  # fmt: skip


@dataclass
class Scene:
    """A confirmed panel with a past: one declined and was replaced, one letter was refused, all was swept and sent."""

    ground: Ground
    no: str
    installation: Installation
    words: tuple[str, ...]

    def leaks(self, said: str) -> list[str]:
        """The members' names, mailboxes and numbers that stand in a text."""
        return [word for word in self.words if word in said]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A data folder as the program makes it."""
    opened = open_installation(load_settings(tmp_path / "data", {}), as_of=NOW)
    yield opened
    opened.close()


@pytest.fixture
def engine(installation: Installation) -> Engine:
    """Its database, for the fixtures that build on one."""
    use_key(*installation.keys)
    return installation.engine


@pytest.fixture
def scene(ground: Ground, installation: Installation) -> Scene:
    for login, (role, scope) in ACCOUNTS.items():
        ground.staff(login, role, scope)
    no = ground.seated(draw_at=NOW - timedelta(days=5))
    first, *others = ground.seats(no)
    token, code = ground.link(first)
    day = NOW - timedelta(days=6)
    answer(ground.desk, token, code, "decline", as_of=day, reason="示例：另有任务")
    for seat in others:
        ground.answer(seat, as_of=day)
    replace(ground.desk, no, by=ground.office, as_of=day, secret="6f" * 32)
    ground.draw(no, as_of=day, digits="20240704")
    ground.answer(ground.seats(no)[-1], as_of=day)
    assert ground.panel(no).state == "confirmed"
    post(ground.desk.engine, open_channel(installation), as_of=NOW, worker="w", batch=1000)
    ground.programme.spoil("UPDATE panel_letter SET state = 'queued' WHERE seat_id = ?", first.id)
    post(ground.desk.engine, Refusing(), as_of=NOW, worker="w", batch=1000)
    sweep_panels(ground.desk, as_of=NOW)
    queue_digests(ground.desk.engine, as_of=NOW, calendar=ground.desk.calendar, renderer=ground.desk.renderer)
    people = [ground.expert_at(seat) for seat in ground.seats(no)]
    words = tuple(word for each in people for word in (each.name, each.mail, each.code))
    return Scene(ground, no, installation, words)


class Refusing:
    """A channel whose other side knows nobody, and says whom."""

    repeatable = True

    def deliver(self, message: OutgoingMail) -> Delivery:
        return Delivery(Outcome.REFUSED, f"550 <{message.recipient}> {message.subject} unknown")

    def close(self) -> None: ...


QUERIES: dict[str, Callable[[Ground, Actor], Any]] = {
    "listing": lambda g, by: listing.listing(g.desk, Selection(), as_of=NOW, actor=by),
    "show": lambda g, by: history.show(g.desk, "B3-SJAQ-0001", as_of=NOW, actor=by),
    "history": lambda g, by: history.history(g.desk, "B3-SJAQ-0001", as_of=NOW, actor=by),
    "stuck": lambda g, by: stuck.stuck(g.desk, Selection(), as_of=NOW + timedelta(days=99), actor=by),
    "overview": lambda g, _: overview.overview(g.desk, as_of=NOW),
    "publicity": lambda g, _: outlook.publicity_outlook(g.desk, as_of=NOW),
    "directory": lambda g, _: directory.entries(g.desk.engine, on=day_of(NOW)),
    "incidents": lambda g, by: incidents.incidents(g.desk, closed=True, actor=by),
    "audit": lambda g, _: list(audit.export(g.desk.engine)),
    "panels": lambda g, by: list_panels(g.desk, actor=by),
    "panel": lambda g, by: show_panel(g.desk, "B3-SJAQ-P01", actor=by),
    "held": lambda g, by: held(g.desk, "B3-SJAQ-P01", actor=by, as_of=NOW),
    "public": lambda g, by: certificate(g.desk, "B3-SJAQ-P01", 1, actor=by, as_of=NOW),
    "sealed": lambda g, by: certificate(g.desk, "B3-SJAQ-P01", 1, actor=by, as_of=NOW, sealed=True),
}
NAMING_QUERIES = {"panel", "held", "sealed"}


@pytest.mark.clause("M24-7.3b", "M24-11.6a")
def test_no_query_names_a_member_to_anybody_without_need(scene: Scene) -> None:
    found = []
    for login, (role, scope) in EVERYBODY.items():
        for name, ask in QUERIES.items():
            try:
                said = repr(ask(scene.ground, Actor(login, role, scope)))
            except Refused as refusal:
                said = str(refusal)
            if scene.leaks(said) and not (role in WITH_NEED and name in NAMING_QUERIES):
                found.append((str(role), name))
    assert found == []


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize("role", sorted(WITH_NEED))
def test_those_with_need_see_the_members(scene: Scene, role: Role) -> None:
    by = Actor("示例有权人", role)
    assert scene.leaks(repr(show_panel(scene.ground.desk, scene.no, actor=by)))
    sealed = certificate(scene.ground.desk, scene.no, 1, actor=by, as_of=NOW, sealed=True)
    assert scene.leaks(json.dumps(sealed, ensure_ascii=False))


@pytest.mark.clause("M24-11.6a")
def test_no_table_but_the_pool_holds_a_members_name_in_the_clear(scene: Scene) -> None:
    kept = "\n".join(
        line
        for line in scene.ground.programme.contents().splitlines()
        if not line.startswith('INSERT INTO "expert"')
    )
    assert scene.leaks(kept) == []


@pytest.mark.clause("M24-7.3b")
def test_no_command_names_a_member_to_anybody_without_need(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    walked, shown, found = set(), set(), []
    for path, command in commands():
        if path in NOT_RUN:
            continue
        options = {name for param in command.params for name in param.opts}
        for login in ACCOUNTS if "--as" in options else (None,):
            for words in typed(path, command, login, options, tmp_path):
                said = spoken(words)
                role = ACCOUNTS[login][0] if login else None
                allowed = path in NAMES_MEMBERS and role in WITH_NEED
                if scene.leaks(said):
                    (shown.add(path) if allowed else found.append((path, login)))
                walked.add(path)
    assert found == []
    assert shown >= {"panel show", "expert list", "draw certificate", "paper issue"}
    assert walked | NOT_RUN.keys() == {path for path, _ in commands()}


@pytest.mark.clause("M24-7.3b")
def test_no_file_name_tells_a_member(scene: Scene) -> None:
    names = "\n".join(str(each) for each in scene.installation.data.rglob("*"))
    assert "outbox" in names
    assert scene.leaks(names) == []


def commands() -> list[tuple[str, Any]]:
    """Every command with its path, as typed."""
    root: Any = typer.main.get_command(app)
    assert isinstance(root, Nouns)
    found = []
    for noun in NOUNS:
        command = root.get_command(None, noun)
        verbs = getattr(command, "commands", None)
        found += [(f"{noun} {verb}", each) for verb, each in verbs.items()] if verbs else [(noun, command)]
    return found


def typed(path: str, command: Any, login: str | None, options: set[str], folder: Path) -> Iterator[list[str]]:
    """The command as somebody would type it: plainly, and for a program to read."""
    words = path.split()
    for param in command.params:
        if isinstance(param, TyperArgument):
            words.append(value(path, param, folder))
        elif param.required:
            words += [param.opts[-1], value(path, param, folder)]
    if login is not None:
        words += ["--as", login]
    if "--data" in options:
        words += ["--data", str(folder / "data")]
    if "--as-of" in options:
        words += ["--as-of", NOW.astimezone(SHANGHAI).isoformat()]
    if "--once" in options:
        words += ["--once"]
    yield words
    if "--json" in options:
        yield [*words, "--json"]
    if "--sealed" in options:
        yield [*words, "--sealed"]


def value(path: str, param: Any, folder: Path) -> str:
    """Something that fits what the help calls the argument."""
    if param.metavar in ("文件", "路径", "清单", "证书"):
        return str(folder / f"walked-{path.replace(' ', '-')}.json")
    if path.startswith("expert"):
        return "E-0099"
    return SPOKEN.get(param.metavar, "示例")


def spoken(words: list[str]) -> str:
    """All a command line says, and what it writes where it was told to."""
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    stdin, sys.stdin = sys.stdin, StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            run(words)
    finally:
        sys.stdin = stdin
    said = "".join(stream.buffer.getvalue().decode() for stream in (out, err))
    for word in words:
        if word.endswith(".json") and "walked-" in word and Path(word).is_file():
            said += Path(word).read_text(encoding="utf-8", errors="replace")
            Path(word).unlink()
    for paper in Path.cwd().glob("*.docx"):
        said += zipfile.ZipFile(paper).read("word/document.xml").decode()
        paper.unlink()
    return said
