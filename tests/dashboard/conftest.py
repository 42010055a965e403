"""What the tests of the pages need: an installation with the third batch open, and some applications."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from casework.actors import Actor
from casework.beginning import NewCase, begin_case
from casework.calls import open_call
from casework.desk import Desk
from casework.installation import Installation, scratch_installation
from dashboard.app import create_app
from records.transaction import transaction
from states.roles import Role

OFFICE = Actor("示例经办人", Role.OFFICE)
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


def _file(tx, desk: Desk, number: int) -> int:
    id_ = tx.run(
        "INSERT INTO institution (uscc, name, province, address, unit_type) VALUES (?,?,'50','','')",
        (f"示例代码{number:04d}", f"示例不可外泄单位{number}"),
    ).lastrowid
    new = NewCase("B3", "evaluation", "SJAQ", id_, "50", "P50", "初级", f"contact@secret{number}.example.cn")
    return begin_case(tx, desk, new, by=OFFICE, as_of=WEDNESDAY).id


@pytest.fixture
def client(installation: Installation, now: HandSet) -> TestClient:
    """A browser that looks at the pages."""
    return TestClient(create_app(installation, now=now), raise_server_exceptions=False)
