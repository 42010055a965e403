"""What several tests of casework need: a database with the call open, people who act on it, a small disk."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from casework.actors import Actor
from casework.beginning import NewCase, begin_case
from casework.calls import open_call
from casework.desk import Desk
from casework.gate import Outcome, advance
from casework.loading import load
from casework.renewals.filing import file
from casework.renewals.samples import sample_application
from casework.sweep import sweep
from notifications.rendering import Renderer
from records.crypt import make_key, use_key
from records.engine import open_engine, sqlite_url
from records.tables import METADATA
from records.transaction import Transaction, reading, transaction
from states.calendar import SHANGHAI
from states.call_rules import CallRules
from states.facts import Facts, instant
from states.roles import Role

ActorFor = Callable[[str], Actor]


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """The wording of letters, compiled once for all tests."""
    return Renderer()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite database with every table, and a key of its own."""
    opened = open_engine(sqlite_url(tmp_path / "linxuan.db"))
    METADATA.create_all(opened)
    use_key(make_key())
    yield opened
    opened.dispose()


@pytest.fixture
def desk(engine: Engine, renderer: Renderer) -> Desk:
    """A desk on that database, with the built-in calendar and wording."""
    return Desk.on(engine, renderer=renderer)


@pytest.fixture
def office() -> Actor:
    """A clerk of the national office."""
    return Actor("示例经办人", Role.OFFICE)


@pytest.fixture
def recommender() -> ActorFor:
    """The clerk of a recommending office, by channel code (P50, D01)."""
    return lambda channel: Actor(f"{channel}经办人", Role.RECOMMENDER, channel)


@pytest.fixture
def province() -> ActorFor:
    """The clerk of a province that decides for itself, by two-digit code (50)."""
    return lambda code: Actor(f"{code}省级经办人", Role.PROVINCE, code)


@pytest.fixture
def b3(desk: Desk, office: Actor) -> CallRules:
    """The rules of the third batch, open since the morning of its notice."""
    opened_at = datetime(2024, 5, 15, 1, tzinfo=UTC)
    return open_call(desk, "B3", by=office, as_of=opened_at).rules


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB, where the machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def shanghai(*when: int) -> datetime:
    """A Shanghai wall-clock time: year, month, day, hour, minute."""
    return datetime(*when, tzinfo=SHANGHAI).astimezone(UTC)  # type: ignore[arg-type, misc]


FILED = shanghai(2024, 6, 3, 10)

# One life, worked by hand: publicity runs over the National Day holiday, the term from 10 October 2024.
STEPS: tuple[tuple[str, str, datetime, dict[str, Any]], ...] = (
    (
        "submitted",
        "recommend",
        shanghai(2024, 6, 12, 10),
        {"letter_no": "示例函1号", "letter_date": date(2024, 6, 11)},
    ),
    ("recommended", "receive_paper", shanghai(2024, 6, 14, 10), {}),
    ("recommended", "begin_review", shanghai(2024, 6, 17, 10), {}),
    ("initial_review", "pass_initial", shanghai(2024, 7, 1, 10), {}),
    ("expert_review", "record_result", shanghai(2024, 7, 22, 10), {"votes_for": 5, "votes_cast": 7}),
    ("expert_review", "conclude_review", shanghai(2024, 7, 23, 10), {}),
    ("recheck", "publicise", shanghai(2024, 9, 26, 17), {}),
    ("publicity", "", shanghai(2024, 10, 10), {}),
)


class Programme:
    """A call lived through: cases are begun, moved by whoever may, swept, and looked at."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        with transaction(desk.engine) as tx:
            tx.run(
                "INSERT INTO office_mailbox (channel, name, mail) VALUES ('P50', '示例厅', 'p50@example.cn')"
            )

    def begin(
        self,
        count: int = 1,
        *,
        occupation: str = "SJAQ",
        call: str = "B3",
        track: str = "evaluation",
        as_of: datetime = FILED,
        stage: str = "submitted",
        **known: Any,
    ) -> list[int]:
        """Begin cases of as many new institutions of Chongqing; their ids."""
        by = Actor("示例经办人", Role.OFFICE)
        begun = []
        with transaction(self.desk.engine) as tx:
            for _ in range(count):
                institution = known.get("institution_id") or self._institution(tx)
                new = NewCase(
                    call, track, occupation, institution, "50", "P50", "初级、中级", "contact@example.cn",
                    **{key: value for key, value in known.items() if key != "institution_id"},
                )  # fmt: skip
                begun.append(begin_case(tx, self.desk, new, by=by, as_of=as_of, stage=stage).id)
        return begun

    def bring(self, ids: list[int], stage: str) -> list[int]:
        """Lead cases that were just begun along the usual way to a stage, at the instants of ``STEPS``."""
        for at, move, when, inputs in STEPS:
            here = [id_ for id_ in ids if self.case(id_).stage == at != stage]
            if here and move:
                self.make(move, here, when, **inputs)
            elif here:
                sweep(self.desk, as_of=when)
        assert {self.case(id_).stage for id_ in ids} == {stage}
        return ids

    def make(self, move: str, ids: list[int] | int, as_of: datetime, **inputs: Any) -> Outcome:
        """Make a move by somebody who may make it; refusals are raised."""
        outcome = Outcome()
        for id_ in [ids] if isinstance(ids, int) else ids:
            made = advance(self.desk, move, [id_], by=self.who_may(move, id_), as_of=as_of, inputs=inputs)
            outcome.moved += made.moved
            outcome.letters += made.letters
        return outcome

    def apply(self, id_: int, as_of: datetime) -> Outcome:
        """Hand in a renewal application that agrees with what is registered, or correct one that was returned."""
        facts = self.case(id_)
        move = "apply_renewal" if facts.renewal_correction_due is None else "correct_renewal"
        new = sample_application(self.desk, facts.no, as_of=as_of)
        file(
            self.desk,
            facts.no,
            new,
            by=self.who_may(move, id_),
            as_of=as_of,
            store=lambda kept: sha256(kept).hexdigest(),
        )
        return Outcome(moved=1)

    def who_may(self, move: str, id_: int) -> Actor:
        """An actor with the role and the scope a move on this case needs."""
        facts = self.case(id_)
        may = self.desk.processes.process(facts.process).move(facts.stage, move).by
        role = min(may, key=list(Role).index)
        own = {
            Role.APPLICANT: str(facts.institution_id),
            Role.RECOMMENDER: facts.channel,
            Role.PROVINCE: facts.province,
        }
        return Actor(f"示例{role.label}", role, own.get(role, ""))

    def case(self, id_: int) -> Facts:
        """The case as it now stands."""
        with reading(self.desk.engine) as tx:
            return load(tx, [id_])[0].facts

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What is in the database."""
        with reading(self.desk.engine) as tx:
            return tx.rows(sql, values)

    def spoil(self, sql: str, *values: Any) -> None:
        """Change the database behind the gate's back."""
        with transaction(self.desk.engine) as tx:
            tx.run(sql, values)

    def letters(self, id_: int) -> list[str]:
        """Which letters became owed for a case, in order, as ``letter/role``."""
        return [
            f"{letter}/{role}"
            for letter, role in self.rows(
                "SELECT letter, role FROM letter WHERE case_id = ? ORDER BY id", id_
            )
        ]

    def story(self, id_: int) -> list[tuple[str, str, datetime | None]]:
        """What moved a case: the move, where to, and its legal instant."""
        return [
            (name, to, instant(at))
            for name, to, at in self.rows(
                "SELECT name, to_stage, at FROM audit WHERE case_id = ? AND kind = 'move' ORDER BY seq", id_
            )
        ]

    def contents(self) -> str:
        """Everything in the database, to tell whether anything changed."""
        with self.desk.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            return "\n".join(driver.iterdump())

    def _institution(self, tx: Transaction) -> int:
        row = tx.run(
            "INSERT INTO institution (uscc, name, province, address, unit_type)"
            " SELECT 'U' || (count(*) + 1), '示例机构' || (count(*) + 1), '50', '', '' FROM institution RETURNING id"
        ).fetchone()
        return int(row[0])


@pytest.fixture
def programme(desk: Desk, b3: CallRules) -> Programme:
    """The third batch, open and empty, to be lived through."""
    assert b3.code == "B3"
    return Programme(desk)
