"""Two hundred thousand listings to measure on: cases in the directory with their terms, timers and history."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from ground import REGIONS, populated

from casework.desk import Desk
from casework.timing import lay_timers
from records.transaction import Transaction, transaction
from states.facts import Facts
from states.timers import schedule

LISTED = datetime(2024, 10, 9, 16, 0, tzinfo=UTC)
LAST_DAY = date(2027, 10, 10)
STEP = 20_000
_CASES = (
    "INSERT INTO cases (id, no, version, call, track, process, occupation, institution_id, province,"
    " channel, stage, entered_at, updated_at, filed_at, paper_at, materials_missing, warnings_open,"
    " priority, votes_for, votes_cast, score, panel_recommends, departs, objections_open, term_no,"
    " term_starts_at, term_last_day, activity, duties_done, levels, contact_mail, held_by, due_at, due_provisional)"
    " VALUES (?,?,6,'B3','evaluation',?,?,?,?,?,?,?,?,?,?,0,0,0,5,7,80,1,0,0,1,?,?,?,'',?,?,?,?,0)"
)
_TERMS = (
    "INSERT INTO term (case_id, institution_id, track, occupation, levels, number, starts_at, granted_at, last_day)"
    " VALUES (?,?,'evaluation',?,'初级、中级',1,?,?,?)"
)
_AUDIT = (
    "INSERT INTO audit (seq, at, written_at, actor, kind, name, case_id, from_stage, to_stage, version, clause,"
    " detail, hash) VALUES (?,?,?,'clock','move',?,?,?,?,?,'B3-4.6','{}','')"
)


@contextmanager
def listings(count: int) -> Iterator[tuple[Desk, Path]]:
    """A desk on a database with so many listings of B3 alive since October 2024, and no other case."""
    with populated(0, "draft") as (desk, path):
        fill_listings(desk, range(1, count + 1), "listed", since=LISTED, starts=LISTED, last_day=LAST_DAY)
        yield desk, path


def fill_listings(
    desk: Desk, ids: range, stage: str, *, since: datetime, starts: datetime, last_day: date
) -> None:
    """Put cases into a stage of the directory at ``since``, listed at ``starts`` until the end of ``last_day``."""
    process = desk.processes.process("B3/evaluation@1")
    occupations = [each.code for each in process.rules.occupations.value]
    facts = Facts(
        1, "", 6, "B3", "evaluation", process.key, "SJAQ", 1, "50", "P50", stage, since, since,
        posted_at=None, term_no=1, term_starts_at=starts, term_last_day=last_day, activity=50,
    )  # fmt: skip
    planned = schedule(process, facts, desk.calendar)
    holder = process.stages[stage].holder
    with transaction(desk.engine) as tx:
        row = tx.one("SELECT max(seq) FROM audit")
        seq = (row[0] if row else 0) or 0
    for start in range(ids.start, ids.stop, STEP):
        portion = range(start, min(start + STEP, ids.stop))
        with transaction(desk.engine) as tx:
            entered, begins, ends = tx.encode(since), tx.encode(starts), tx.encode(last_day)
            _institutions(tx, portion)
            tx.many(
                _CASES,
                (
                    (i, f"B3-{occupations[i % 5]}-{i:07d}", process.key, occupations[i % 5], i, REGIONS[i % 31],
                     f"P{REGIONS[i % 31]}", stage, entered, entered, begins, begins, begins, ends, 50,
                     "初级、中级", f"contact{i}@example.cn", str(holder.role) if holder else None,
                     tx.encode(planned.limit.due) if planned.limit else None)
                    for i in portion
                ),
            )  # fmt: skip
            tx.many(_TERMS, ((i, i, occupations[i % 5], begins, begins, ends) for i in portion))
            for at, name, before, after, version in (
                (begins, "list", "publicity", "listed", 5),
                *([(entered, "step", "listed", stage, 6)] if stage != "listed" else []),
            ):
                tx.many(
                    _AUDIT,
                    (
                        (seq + n, at, at, name, i, before, after, version)
                        for n, i in enumerate(portion, start=1)
                    ),
                )
                seq += len(portion)
            lay_timers(tx, list(portion), planned.timers, fresh=True)


def _institutions(tx: Transaction, ids: range) -> None:
    tx.many(
        "INSERT INTO institution (id, uscc, name, province, address, unit_type) VALUES (?,?,?,?,'','')",
        ((i, f"U{i:017d}", f"示例机构{i}", REGIONS[i % 31]) for i in ids),
    )
