"""A listing whose first term runs from 10 October 2024 to 10 October 2027, and its renewal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from casework.actors import Actor
from casework.renewals.filing import Filed, NewApplication, file
from casework.renewals.reviewing import return_application
from casework.renewals.samples import sample_application
from casework.sweep import sweep
from states.calendar import SHANGHAI
from states.roles import Role

NO = "B3-SJAQ-0001"
UNIT = Actor("示例单位经办人", Role.APPLICANT, "1")
GROUP = Actor("示例小组成员", Role.GROUP)


def at(*when: int) -> datetime:
    """A Shanghai wall-clock time."""
    return datetime(*when, tzinfo=SHANGHAI).astimezone(UTC)  # type: ignore[arg-type, misc]


class Renewing:
    """What is done to the renewal of one listing."""

    no, unit, group = NO, UNIT, GROUP
    at = staticmethod(at)

    def __init__(self, programme: Any) -> None:
        self.programme, self.desk = programme, programme.desk
        self.stored: dict[str, bytes] = {}

    def store(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        self.stored[digest] = content
        return digest

    def sample(self, when: datetime, **changed: Any) -> NewApplication:
        return replace(sample_application(self.desk, NO, as_of=when), **changed)

    def files(self, when: datetime, *, by: Actor = UNIT, new: NewApplication | None = None) -> Filed:
        new = new or self.sample(when)
        return file(self.desk, NO, new, by=by, as_of=when, store=self.store)

    def returned(self, when: datetime, items: str = "请补充2026年收费情况") -> Any:
        return return_application(self.desk, NO, items, by=GROUP, as_of=when)

    def sweeps(self, when: datetime) -> "Renewing":
        sweep(self.desk, as_of=when)
        return self

    def active(self, times: int, when: datetime) -> "Renewing":
        self.programme.make("record_activity", 1, when, person_times=times)
        return self

    @property
    def case(self) -> Any:
        return self.programme.case(1)

    def letter(self, name: str, role: str = "applicant") -> str:
        """The newest letter of a kind, as written."""
        rows = self.programme.rows(
            "SELECT body FROM letter WHERE letter = ? AND role = ? ORDER BY id DESC LIMIT 1", name, role
        )
        return str(rows[0][0])

    def states(self) -> list[tuple[str, str]]:
        """Every application with its state."""
        return [
            (no, state)
            for no, state in self.programme.rows("SELECT no, state FROM renewal_application ORDER BY id")
        ]


@pytest.fixture
def listed(programme: Any) -> Renewing:
    """The listing, with 300 person-times registered in its first term."""
    programme.bring(programme.begin(), "listed")
    return Renewing(programme).active(300, at(2025, 3, 3, 10))


Listed = Callable[[], Renewing]
