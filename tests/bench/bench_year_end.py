"""The turn of the year over 200,000 listings, swept as the clock does, against bare executemany of the same rows.

The days swept: 30 and 31 December at their end, when 25,000 terms each are over (a case exits by itself: case, audit,
term and timers change, two letters go out), 29 January, when the other 150,000 are reminded of their yearly report, and
1 February, when it is overdue. ``ours`` and ``floor`` are rows a second, the rows being those our sweep wrote: the floor
writes as many of each kind right after it by executemany, one transaction per 1,000 cases. Aim: ≥ 0.15. Then the memory
that 20,000 overdue reports add over 2,000, which must stay flat.
"""

import gc
import sqlite3
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ground import AUDIT, DAY, UPDATE, bare, floor_rows, populated, tell, timed
from listings import LISTED, fill_listings

from casework.desk import Desk
from casework.sweep import sweep

LEAVING, STAYING, PORTION = 50_000, 150_000, 1_000
GIVEN_UP = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
ENTERED = datetime(2024, 1, 2, 2, 0, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
LAST_REMINDER = datetime(2027, 1, 29, 1, 0, tzinfo=UTC)
OVERDUE = datetime(2027, 2, 1, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LETTER = (
    "INSERT INTO letter (case_id, letter, role, recipient, occasion, clause, subject, body, message_id,"
    " created_at, not_before, state, attempts) VALUES (?,?,?,?,?,?,?,?,?,?,?,'queued',0)"
)
TABLES = ("audit", "letter", "notice")


def filled(first: int, count: int, desk: Desk) -> None:
    """Listings whose terms go on and that owe a report."""
    ids = range(first, first + count)
    fill_listings(desk, ids, "listed", since=LISTED, starts=LISTED, last_day=date(2027, 10, 10))


def rows_of(path: Path) -> dict[str, int]:
    """How many rows each table holds."""
    look = sqlite3.connect(path)
    found = {table: look.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
    look.close()
    return found


def floor_seconds(path: Path, first: int, cases: int, written: dict[str, int], *, moves: bool) -> float:
    """Bare executemany of as many rows: case updates, audit and letter inserts, timer updates or deletes."""
    connection = bare(path)
    look = connection.execute("SELECT subject, body FROM letter ORDER BY id DESC LIMIT 1").fetchone()
    letters = written["letter"] // cases
    start = connection.execute("SELECT coalesce(max(seq), 0) FROM audit").fetchone()[0]

    def write() -> None:
        nonlocal start
        for low in range(first, first + cases, PORTION):
            ids = range(low, min(low + PORTION, first + cases))
            pairs = list(floor_rows(ids, "exited"))
            connection.execute("BEGIN IMMEDIATE")
            if moves:
                connection.executemany(UPDATE, [pair[0] for pair in pairs])
                connection.executemany("DELETE FROM timer WHERE case_id = ?", [(i,) for i in ids])
                connection.executemany(
                    "UPDATE term SET ended_at = ?, end_ground = ? WHERE case_id = ?",
                    [("2026-12-31 16:00:00.000000", "not_applied", i) for i in ids],
                )
            else:
                connection.executemany(
                    "UPDATE timer SET fires_at = NULL WHERE case_id = ? AND key = ?",
                    [(i, "duty_overdue:yearly_report:2027") for i in ids],
                )
            connection.executemany(AUDIT, [(start + at, *pair[1][1:]) for at, pair in enumerate(pairs, 1)])
            for n in range(letters):
                connection.executemany(
                    LETTER,
                    [
                        (i, "floor", "applicant", f"contact{i}@example.cn", f"f{n}", "M24-14", *look,
                         f"<floor.{i}.{n}@example.cn>", "2027-02-01 01:00:00.000000", "2027-02-01 01:00:00.000000")
                        for i in ids
                    ],
                )  # fmt: skip
            connection.execute("COMMIT")
            start += len(ids)

    seconds = timed(write)
    connection.close()
    return seconds


def compare(
    desk: Desk, path: Path, name: str, as_of: datetime, first: int, cases: int, *, moves: bool
) -> None:
    """Sweep, count what was written, write as much barely."""
    before = rows_of(path)
    gc.collect()
    ours = timed(lambda: sweep(desk, as_of=as_of))
    after = rows_of(path)
    written = {table: after[table] - before[table] for table in TABLES}
    assert written["audit"] >= cases, written
    rows = written["audit"] + written["letter"] + (3 * cases if moves else cases)
    seconds = floor_seconds(path, first, cases, written, moves=moves)
    told = f"{written['audit']} audit, {written['letter']} letters"
    tell(f"{name} ({told}), rows/s", rows / ours, rows / seconds, "≥ 0.15")


def memory(cases: int) -> float:
    """Peak megabytes the sweep of so many overdue reports adds."""
    with populated(0, "draft") as (desk, _):
        filled(1, cases, desk)
        sweep(desk, as_of=OVERDUE - MINUTE)
        gc.collect()
        tracemalloc.start()
        sweep(desk, as_of=OVERDUE)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak / 1e6


if __name__ == "__main__":
    with populated(0, "draft") as (desk, path):
        half = LEAVING // 2
        for first, last in ((1, date(2026, 12, 30)), (half + 1, date(2026, 12, 31))):
            ids = range(first, first + half)
            fill_listings(desk, ids, "lapsing", since=GIVEN_UP, starts=ENTERED, last_day=last)
        filled(LEAVING + 1, STAYING, desk)
        sweep(desk, as_of=NEW_YEAR - DAY - MINUTE)
        compare(desk, path, "terms over on 30 December", NEW_YEAR - DAY, 1, half, moves=True)
        compare(desk, path, "terms over on 31 December", NEW_YEAR, half + 1, half, moves=True)
        sweep(desk, as_of=LAST_REMINDER - MINUTE)
        compare(desk, path, "reminders of 29 January", LAST_REMINDER, LEAVING + 1, STAYING, moves=False)
        compare(desk, path, "reports overdue on 1 February", OVERDUE, LEAVING + 1, STAYING, moves=False)
    tell("memory of 20,000 reports overdue over 2,000, MB", memory(20_000), memory(2_000), "flat: ≤ 1.5")
