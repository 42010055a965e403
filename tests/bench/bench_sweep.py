"""A sweep with 1,000 due among 10,000 and among 1,000,000 waiting, and one with nothing due.

``ours`` is the time at 1,000,000, ``floor`` the same at 10,000: the cost must follow what is due, not what
exists. Aim: growth ≤ 1.2; nothing due ≤ 1 ms of database time in both. Then ``linxuan stuck`` (the 50 longest
overdue of a stage and province): against the bare SQL at 1,000,000, and its growth from 10,000.
"""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from ground import OFFICE, REGIONS, START, fill, median, populated, tell, timed

from casework.desk import Desk
from casework.selection import Selection
from casework.stuck import stuck_rows
from casework.sweep import sweep

DUE, ROUNDS = 1_000, 5
BARE = (
    "SELECT c.no, i.name, c.process, c.stage, c.held_by, c.due_at, c.entered_at FROM cases c JOIN institution i"
    " ON i.id = c.institution_id WHERE c.stage = ? AND c.province = ? AND c.due_at <= ? ORDER BY c.due_at LIMIT 50"
)


def measure(waiting: int) -> dict[str, float]:
    """Seconds of each act among so many waiting cases."""
    later = START + timedelta(days=400)
    with populated(waiting, "expert_review", entered=later) as (desk, path):
        times = []
        for turn in range(ROUNDS):
            first = waiting + 1 + turn * DUE
            fill(desk, range(first, first + DUE), "correcting", START)
            as_of = START + timedelta(days=60)
            started = timed(lambda as_of=as_of: sweep(desk, as_of=as_of))
            times.append(started)
        empty = [timed(lambda: sweep(desk, as_of=START + timedelta(days=61))) for _ in range(25)]
        return {"sweep": median(times), "empty": median(empty), **looks(desk, path, later)}


def looks(desk: Desk, path: Path, later: datetime) -> dict[str, float]:
    """Seconds of the stuck board for one stage and province, ours and by bare SQL."""
    as_of = later + timedelta(days=200)
    chosen = Selection(stage="expert_review", province=REGIONS[3])
    ours = [timed(lambda: stuck_rows(desk, chosen, as_of=as_of, actor=OFFICE)) for _ in range(25)]
    connection = sqlite3.connect(path)
    text = as_of.strftime("%Y-%m-%d %H:%M:%S.%f")
    bare = [
        timed(lambda: connection.execute(BARE, ("expert_review", REGIONS[3], text)).fetchall())
        for _ in range(25)
    ]
    connection.close()
    return {"stuck": median(ours), "bare": median(bare)}


if __name__ == "__main__":
    few, many = measure(10_000), measure(1_000_000)
    tell("sweep of 1,000 due, s: among 1,000,000 over among 10,000", many["sweep"], few["sweep"], "≤ 1.2")
    tell("sweep with nothing due, ms: among 1,000,000 over 1 ms", many["empty"] * 1e3, 1.0, "≤ 1")
    tell("sweep with nothing due, ms: among 10,000 over 1 ms", few["empty"] * 1e3, 1.0, "≤ 1")
    tell(
        "stuck query, 50 longest, ms: among 1,000,000 over bare SQL",
        many["stuck"] * 1e3,
        many["bare"] * 1e3,
        "≤ 3",
    )
    tell(
        "stuck query, 50 longest, ms: among 1,000,000 over among 10,000",
        many["stuck"] * 1e3,
        few["stuck"] * 1e3,
        "≤ 1.3",
    )
