"""What the directory said on a day it says for ever: asked later, nothing that came after shows (I21-4.1)."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casework.actors import Actor
from casework.departures.leaving import NewDeparture, leave, stay
from casework.desk import Desk
from casework.directory import UNDER_REVIEW, VALID, Entry, entries
from casework.invariants import check
from casework.objections.evidence import Evidence
from casework.particulars.deciding import approve_change
from casework.particulars.requesting import request_change
from casework.sweep import sweep
from records.engine import open_engine, sqlite_url
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role

Act = Callable[["Life", datetime], None]


class Life:
    """A copy of a database with one institution in the directory, lived on day by day."""

    def __init__(self, programme: Any, source: Path, copy: Path) -> None:
        shutil.copyfile(source, copy)
        self.engine = open_engine(sqlite_url(copy))
        self.desk = Desk.on(self.engine, renderer=programme.desk.renderer)
        self.programme: Any = object.__new__(type(programme))
        self.programme.desk = self.desk
        self.owner = Actor("示例单位", Role.APPLICANT, "1")
        self.names = count(1)

    def change(self, field: str, value: str, now: datetime) -> None:
        papers = [Evidence("a.txt", b"x")]
        no = request_change(
            self.desk, "U1", {field: value}, reason="核准", documents=papers, by=self.owner, as_of=now,
            store=lambda _: "d1",
        ).no  # fmt: skip
        approve_change(self.desk, no, by=Actor("示例", Role.GROUP), as_of=now)

    def shown(self, on: date) -> list[Entry]:
        return entries(self.engine, on=on)


def rename(life: Life, now: datetime) -> None:
    life.change("name", f"示例第{next(life.names)}名称中心", now)


def move_house(life: Life, now: datetime) -> None:
    life.change("address", f"重庆市示例区示例路{next(life.names)}号", now)


def ring(life: Life, now: datetime) -> None:
    life.change("phone", f"010-8420{next(life.names):04d}", now)


def order(life: Life, now: datetime) -> None:
    due = now.date() + timedelta(days=30)
    life.programme.make("order_rectification", 1, now, finding="示例", due_on=due)


def report(life: Life, now: datetime) -> None:
    life.programme.make("report_rectification", 1, now, report="示例")


def accept(life: Life, now: datetime) -> None:
    life.programme.make("accept_rectification", 1, now, finding="合格")


def train(life: Life, now: datetime) -> None:
    life.programme.make("record_activity", 1, now, person_times=900)


def apply(life: Life, now: datetime) -> None:
    life.programme.apply(1, now)


def renew(life: Life, now: datetime) -> None:
    life.programme.make("approve_renewal", 1, now)


def turn_down(life: Life, now: datetime) -> None:
    life.programme.make("refuse_renewal", 1, now, reason="示例")


def announce(life: Life, now: datetime) -> None:
    leave(
        life.desk, "U1", NewDeparture("调整", "档案室", now.date() + timedelta(days=40)), by=life.owner, as_of=now
    )  # fmt: skip


def take_back(life: Life, now: datetime) -> None:
    stay(life.desk, "TC-2025-0001", reason="示例", by=life.owner, as_of=now)


def wait(_: Life, __: datetime) -> None: ...


ACTS: tuple[Act, ...] = (
    rename, move_house, ring, order, report, accept, train, apply, renew, turn_down, announce, take_back, wait,
)  # fmt: skip


@pytest.fixture
def begin(programme: Any, tmp_path: Path) -> Iterator[Callable[[], Life]]:
    """Begins a fresh life, as often as asked; each is let go of at the end."""
    programme.bring(programme.begin(), "listed")
    programme.desk.engine.dispose()
    lives: list[Life] = []

    def make() -> Life:
        if lives:
            lives[-1].engine.dispose()
        lives.append(Life(programme, tmp_path / "linxuan.db", tmp_path / f"life{len(lives)}.db"))
        return lives[-1]

    yield make
    if lives:
        lives[-1].engine.dispose()


PENDING_WHILE_MENDING = [
    (10, train), (845, wait), (60, apply), (60, order), (1, report), (60, wait), (80, wait), (10, accept), (5, renew),
    (30, wait),
]  # fmt: skip


@pytest.mark.clause("I21-4.1", "I21-6.1", "M24-20c", "D-5", "D-8")
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([1, 20, 45, 200, 420]), st.sampled_from(ACTS)), min_size=3, max_size=12
    )
)
@example(steps=PENDING_WHILE_MENDING)
@example(steps=[(150, announce), (20, rename), (10, take_back), (30, rename), (60, wait)])
def test_a_day_asked_later_is_the_day_as_it_was(
    begin: Callable[[], Life], steps: list[tuple[int, Act]]
) -> None:
    life, today = begin(), date(2024, 10, 10)
    recorded: dict[date, list[Entry]] = {}
    for gap, act in steps:
        for on in (today + timedelta(days=1), today + timedelta(days=gap)):
            sweep(life.desk, as_of=at_time(on, 0))
            recorded[on] = life.shown(on)
        today += timedelta(days=gap)
        with suppress(Refused):
            act(life, at_time(today, 10))
        recorded[today] = life.shown(today)
    sweep(life.desk, as_of=at_time(today + timedelta(days=900), 0))
    assert {on: life.shown(on) for on in recorded} == recorded
    assert check(life.desk, at_time(today + timedelta(days=900), 0)).faults == []


@pytest.mark.clause("D-5")
def test_a_renewal_pending_while_something_is_mended_keeps_its_past_place(begin: Callable[[], Life]) -> None:
    life, today = begin(), date(2024, 10, 10)
    for gap, act in PENDING_WHILE_MENDING:
        today += timedelta(days=gap)
        sweep(life.desk, as_of=at_time(today, 0))
        act(life, at_time(today, 10))
    shown = [
        [(each.number, each.status) for each in life.shown(date(2027, *day))] for day in ((10, 20), (11, 15))
    ]
    assert shown == [[(1, UNDER_REVIEW)], [(2, VALID)]]
