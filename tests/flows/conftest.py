"""What several tests of the flows need: a throw-away installation, its workplace, and a clock set by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.installation import Installation, scratch_installation
from flows.workplace import Workplace

MORNING = datetime(2024, 6, 3, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai, while the third batch takes applications."""


@dataclass
class HandSet:
    """A clock that shows what it was set to."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> datetime:
        """Let time go by; the new instant."""
        self.at += timedelta(**span)
        return self.at


@pytest.fixture
def now() -> HandSet:
    """The clock of the test."""
    return HandSet()


@pytest.fixture
def installation(tmp_path: Path, now: HandSet) -> Iterator[Installation]:
    """A new installation."""
    made = scratch_installation(tmp_path, as_of=now())
    yield made
    made.close()


@pytest.fixture
def place(installation: Installation) -> Iterator[Workplace]:
    """Its workplace."""
    opened = Workplace.of(installation)
    yield opened
    opened.close()


@pytest.fixture
def bad_rules(installation: Installation) -> Path:
    """A rule file nobody can read: as long as it stands there, the line ``calls`` fails."""
    file = installation.data / "calls" / "X9.toml"
    file.parent.mkdir()
    file.write_text("code = ", encoding="utf-8")
    return file
