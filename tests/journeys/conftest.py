"""One case, led by hand through one life."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from casework.actors import Actor
from casework.beginning import NewCase, begin_case
from casework.calls import open_call
from casework.desk import Desk
from casework.gate import advance
from casework.installation import scratch_installation
from casework.invariants import check
from casework.loading import load
from casework.rehearsal.rehearse import Wanted, rehearse
from casework.rehearsal.report import Report
from casework.renewals.filing import Filed, file
from casework.renewals.samples import sample_application
from casework.sweep import sweep
from records.transaction import reading, transaction
from states.calendar import SHANGHAI
from states.facts import Facts
from states.roles import Role


def _shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


class Life:
    """One evaluation case of B3 (数据安全, through 重庆): what is done to it, and how it stands. Times are Shanghai's."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        open_call(desk, "B3", by=Actor("示例经办人", Role.OFFICE), as_of=_shanghai("2024-05-15 09:00"))
        with transaction(desk.engine) as tx:
            tx.run(
                "INSERT INTO institution (uscc, name, province, address, unit_type) VALUES ('U1', '示例机构', '50', '', '')"
            )
            tx.run(
                "INSERT INTO office_mailbox (channel, name, mail) VALUES ('P50', '示例局', 'p50@example.cn')"
            )
            new = NewCase("B3", "evaluation", "SJAQ", 1, "50", "P50", "初级", "contact@example.cn")
            by = Actor("P50经办人", Role.RECOMMENDER, "P50")
            self.id = begin_case(tx, desk, new, by=by, as_of=_shanghai("2024-06-03 10:00")).id

    def does(self, when: str, role: Role, move: str, **inputs: Any) -> None:
        """Somebody makes a move; Refused when it may not be made. The clock first does what is due by then."""
        at = _shanghai(when)
        sweep(self.desk, as_of=at)
        scope = {Role.APPLICANT: "1", Role.RECOMMENDER: "P50"}.get(role, "")
        advance(self.desk, move, [self.id], by=Actor("示例", role, scope), as_of=at, inputs=inputs)
        sweep(self.desk, as_of=at)

    def applies(self, when: str, *, consented: bool = True) -> Filed:
        """The institution hands in a renewal application that agrees with what is registered, or a correction."""
        at = _shanghai(when)
        sweep(self.desk, as_of=at)
        new = sample_application(self.desk, self.case.no, as_of=at, consented=consented)
        by = Actor("示例", Role.APPLICANT, "1")
        return file(
            self.desk, self.case.no, new, by=by, as_of=at, store=lambda kept: sha256(kept).hexdigest()
        )

    def wakes(self, when: str) -> "Life":
        """The clock does everything due by then."""
        sweep(self.desk, as_of=_shanghai(when))
        return self

    def wakes_daily(self, first: str, last: str) -> "Life":
        """The clock ticks at noon of every day between two days."""
        day, end = date.fromisoformat(first), date.fromisoformat(last)
        while day <= end:
            self.wakes(f"{day} 12:00")
            day += timedelta(days=1)
        return self

    @property
    def case(self) -> Facts:
        """The case as it stands."""
        with reading(self.desk.engine) as tx:
            return load(tx, [self.id])[0].facts

    def told(self, letter: str) -> list[tuple[str, str]]:
        """Who was sent a letter of this kind, and on which day it became owed (UTC)."""
        with reading(self.desk.engine) as tx:
            rows = tx.rows("SELECT role, created_at FROM letter WHERE letter = ? ORDER BY id", (letter,))
        return [(role, str(at)[:10]) for role, at in rows]

    def noticed(self, letter: str, role: Role) -> list[str]:
        """On which days staff in a role were told something in their digest (UTC)."""
        with reading(self.desk.engine) as tx:
            rows = tx.rows(
                "SELECT at FROM notice WHERE letter = ? AND role = ? ORDER BY at", (letter, str(role))
            )
        return [str(at)[:10] for (at,) in rows]

    def held(self) -> list[str]:
        """Why the clock holds a move back."""
        with reading(self.desk.engine) as tx:
            return [why for (why,) in tx.rows("SELECT held_why FROM timer WHERE held_why IS NOT NULL")]

    def reaches_publicity(self, posted: str = "2024-09-12 08:30") -> "Life":
        """Recommended, reviewed, voted for, and posted at ``posted``."""
        self.does(
            "2024-06-12 10:00",
            Role.RECOMMENDER,
            "recommend",
            letter_no="示例函1号",
            letter_date=date(2024, 6, 11),
        )
        self.does("2024-06-14 10:00", Role.OFFICE, "receive_paper")
        self.does("2024-07-18 10:00", Role.OFFICE, "pass_initial")
        self.does("2024-08-20 14:00", Role.PANEL, "record_result", votes_for=6, votes_cast=7)
        self.does("2024-08-29 16:00", Role.OFFICE, "conclude_review")
        self.does(posted, Role.GROUP, "publicise")
        return self

    def enters_directory(self) -> "Life":
        """In the directory from 20 September 2024 to 20 September 2027."""
        return self.reaches_publicity().wakes("2024-09-20 00:00")

    def is_sound(self, when: str) -> bool:
        """Whether every invariant holds."""
        return check(self.desk, _shanghai(when)).ok


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """A case that was just filed."""
    installation = scratch_installation(tmp_path, as_of=_shanghai("2024-05-15 08:00"))
    yield Life(installation.desk())
    installation.close()


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    """The third batch lived through once for all tests, and the folder that was kept of it."""
    folder = tmp_path_factory.mktemp("rehearsed") / "data"
    return rehearse(Wanted("B3", seed=1), keep=folder), folder


@pytest.fixture(scope="session")
def b3(rehearsed: tuple[Report, Path]) -> Report:
    """What was told of it."""
    return rehearsed[0]
