"""Papers are written about the panel the ballots' tests vote at, with a real draw behind it."""

import json
from datetime import date, datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.panels.meeting import record_meeting
from casework.papers.issuing import Issued, issue
from records.transaction import transaction
from states.calendar import at_time
from states.draw.certificate import Ceremony, certify
from states.draw.frame import Candidate, Constraints, Exclusion, Frame, Pool
from states.draw.lots import commitment, draw
from states.roles import Role
from tests.casework.ballots.conftest import board, filed, officers, voted, voting

__all__ = ["board", "filed", "officers", "voted", "voting"]

CLERK = Actor("office.ding", Role.OFFICE)
ISSUED = at_time(date(2024, 7, 12), 10)
SECRET, DIGITS = "5" * 64, "0371529"


class Desk:
    """Where papers are issued and read."""

    def __init__(self, panel: Any) -> None:
        self.panel = panel

    def issue(
        self, kind: str, which: int = 1, *, by: Actor = CLERK, as_of: datetime = ISSUED, **more: Any
    ) -> Issued:
        """Issue a paper."""
        return issue(self.panel.desk, kind, self.panel.no, by=by, as_of=as_of, which=which, **more)

    def meet(self) -> None:
        """Put a meeting of five members on record."""
        record_meeting(
            self.panel.desk, self.panel.no, held_at=at_time(date(2024, 7, 10), 9), place="示例会议室",
            present=(1, 2, 3, 4, 5), minutes="逐件讨论，交换意见。\n\n随后投票。", by=CLERK, as_of=ISSUED,
        )  # fmt: skip

    def draw(self) -> None:
        """Put a certificate of round 1 behind the panel: its seven experts were the lowest of nine."""
        pseudonyms = [row[0] for row in self.panel.rows("SELECT pseudonym FROM seat ORDER BY place")]
        pool = Pool(
            Candidate(each, each[::-1], "50", ("SJAQ",)) for each in (*pseudonyms, "e" * 32, "f" * 32)
        )
        rules = (("e", "R-1"), ("f", "R-3:held"))
        excluded = tuple(Exclusion(each * 32, rule, "M24-7.3b") for each, rule in rules)
        frame = Frame(
            "B3",
            "SJAQ",
            1,
            7,
            Constraints(7),
            pool,
            excluded,
        )
        ceremony = Ceremony(
            "2024-07-01T09:00:00+08:00", "2024-07-01T10:00:00+08:00", "双色球第2024075期", "监督员示例"
        )
        certificate = certify(frame, SECRET, DIGITS, draw(frame, SECRET, DIGITS), ceremony)
        at = at_time(date(2024, 7, 1), 9)
        with transaction(self.panel.desk.engine) as tx:
            tx.run(
                "INSERT INTO frozen_pool (sha256, call, size, frozen_at, content) VALUES (?, 'B3', 9, ?, '')",
                (pool.sha256, at),
            )
            tx.run(
                "INSERT INTO draw_round (panel_id, round, state, seats, pool_sha256, frame_sha256, frozen, secret,"
                " commitment, committed_at, committed_by, digits, source, supervisor, drawn_at, certificate)"
                " VALUES (?, 1, 'drawn', 7, ?, ?, '', '', ?, ?, 'office.li', ?, '双色球第2024075期', '监督员示例', ?, ?)",
                (self.panel.panel_id, pool.sha256, frame.sha256, commitment(SECRET), at, DIGITS, at,
                 json.dumps(certificate)),
            )  # fmt: skip


@pytest.fixture
def papers_of() -> type[Desk]:
    """Makes a place to issue papers about a panel."""
    return Desk


@pytest.fixture
def papers(voted: Any) -> Desk:
    """The panel voted, its ballots were opened and counted."""
    voted.open()
    voted.count()
    return Desk(voted)
