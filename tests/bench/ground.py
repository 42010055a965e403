"""What every bench stands on: a database with many cases, and the bare sqlite3 floor on a copy of it."""

import json
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casework.actors import Actor
from casework.calls import open_call
from casework.desk import Desk
from casework.timing import lay_timers
from records import crypt
from records.engine import open_engine, sqlite_url
from records.tables import METADATA
from records.transaction import transaction
from states.facts import Facts
from states.places import PROVINCES
from states.roles import Role
from states.timers import schedule

REGIONS = tuple(office.region for office in PROVINCES)[:31]
START = datetime(2024, 7, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OFFICE = Actor("办公室", Role.OFFICE)
GROUP = Actor("协调小组", Role.GROUP)
UPDATE = (
    "UPDATE cases SET stage = ?, entered_at = ?, updated_at = ?, held_by = ?, due_at = ?, due_provisional = ?,"
    " version = version + 1 WHERE id = ? AND version = ?"
)
AUDIT = (
    "INSERT INTO audit (seq, at, written_at, actor, kind, name, case_id, from_stage, to_stage, version, clause,"
    " detail, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
)


@contextmanager
def populated(count: int, stage: str, *, entered: datetime = START) -> Iterator[tuple[Desk, Path]]:
    """A desk on a fresh database in which ``count`` cases of B3 stand in ``stage``, with their timers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "linxuan.db"
        engine = open_engine(sqlite_url(path))
        METADATA.create_all(engine)
        crypt.use_key(crypt.make_key())
        desk = Desk.on(engine)
        open_call(desk, "B3", by=OFFICE, as_of=datetime(2024, 5, 16, 2, tzinfo=UTC))
        fill(desk, range(1, count + 1), stage, entered)
        yield desk, path
        engine.dispose()


def fill(desk: Desk, ids: range, stage: str, entered: datetime) -> None:
    """Put cases straight into a stage, as if they had come there; quick, so that a million is possible."""
    process = desk.processes.process("B3/evaluation@1")
    occupations = [each.code for each in process.rules.occupations.value]
    facts = Facts(
        1, "", 6, "B3", "evaluation", process.key, "SJAQ", 1, "50", "P50", stage, entered, entered,
        filed_at=entered, paper_at=entered, votes_for=5, votes_cast=7, panel_recommends=True,
    )  # fmt: skip
    planned = schedule(process, facts, desk.calendar)
    holder = process.stages[stage].holder
    for start in range(ids.start, ids.stop, 20_000):
        portion = range(start, min(start + 20_000, ids.stop))
        with transaction(desk.engine) as tx:
            at = tx.encode(entered)
            tx.many(
                "INSERT INTO institution (id, uscc, name, province, address, unit_type) VALUES (?,?,?,?,'','')",
                ((i, f"U{i:017d}", f"示例机构{i}", REGIONS[i % 31]) for i in portion),
            )
            tx.many(
                "INSERT INTO cases (id, no, version, call, track, process, occupation, institution_id, province,"
                " channel, stage, entered_at, updated_at, filed_at, paper_at, materials_missing, warnings_open,"
                " priority, votes_for, votes_cast, score, panel_recommends, departs, objections_open, term_no,"
                " activity, duties_done, levels, contact_mail, held_by, due_at, due_provisional)"
                " VALUES (?,?,6,'B3','evaluation',?,?,?,?,?,?,?,?,?,?,0,0,0,5,7,80,1,0,0,0,0,'',?,?,?,?,0)",
                (
                    (i, f"B3-{occupations[i % 5]}-{i:07d}", process.key, occupations[i % 5], i,
                     REGIONS[i % 31], f"P{REGIONS[i % 31]}", stage, at, at, at, at, "初级、中级",
                     f"contact{i}@example.cn", str(holder.role) if holder else None,
                     tx.encode(planned.limit.due) if planned.limit else None)
                    for i in portion
                ),
            )  # fmt: skip
            lay_timers(tx, list(portion), planned.timers, fresh=True)
    with transaction(desk.engine) as tx:
        tx.many(
            "INSERT INTO office_mailbox (channel, name, mail) VALUES (?,?,?) ON CONFLICT DO NOTHING",
            ((f"P{region}", f"示例厅{region}", f"p{region}@example.cn") for region in REGIONS),
        )


def bare(path: Path) -> sqlite3.Connection:
    """Bare sqlite3 on a copy of the database: WAL, synchronous FULL, nothing else."""
    copy = path.with_name("floor.db")
    source = sqlite3.connect(path)
    source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    source.close()
    shutil.copyfile(path, copy)
    floor = sqlite3.connect(copy, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        floor.execute(f"PRAGMA {pragma}").fetchall()
    return floor


def floor_rows(ids: range, stage: str) -> Iterator[tuple[tuple[object, ...], tuple[object, ...]]]:
    """The UPDATE and INSERT of one step of each case, as bare rows."""
    at, due = "2024-07-02 02:00:00.000000", "2024-08-01 16:00:00.000000"
    for i in ids:
        yield (
            (stage, at, at, "group", due, 0, i, 6),
            (
                i + 10,
                at,
                at,
                "office:办公室",
                "move",
                "step",
                i,
                "before",
                stage,
                7,
                "B3-4.4",
                "{}",
                f"{i:064d}",
            ),
        )


def timed(act: Callable[[], object]) -> float:
    """Seconds an act takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def median(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)


def tell(name: str, ours: float, floor: float, aim: str, *, ratio: float | None = None) -> None:
    """One JSON line: what we reach, what bare code reaches in the same run, their ratio and the aim."""
    line = {"name": name, "ours": round(ours, 6), "floor": round(floor, 6),
            "ratio": round(ours / floor if ratio is None else ratio, 3), "aim": aim}  # fmt: skip
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
