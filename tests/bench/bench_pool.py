"""The pool in the database: 100,000 experts imported, then recusal for 30 panels of 200 applications each.

First line: µs for each row of a csv, from the file to the database; ``floor`` reads the same csv, asks for the check
digits, encrypts three cells and inserts. Second line: the same sheet again, which finds everybody unchanged. Third
line: µs for each expert and panel, reading pool and forms from the database included; ``floor`` computes the HMAC of
every expert once per panel and sorts, as any draw must.
"""

import csv
import hmac
import sqlite3
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from ground import OFFICE, tell, timed

from casework.beginning import NewCase, begin_case
from casework.calls import open_call
from casework.desk import Desk
from casework.filed_forms import keep_form
from casework.institutions import make_institution
from casework.intake.samples import sample_applications
from casework.pool.importing import import_pool
from casework.pool.members import members
from casework.pool.samples import sample_experts
from casework.pool.writing import write_pool_sheet
from casework.recusal import exclusions
from records import crypt
from records.engine import open_engine, sqlite_url
from records.tables import METADATA
from records.transaction import reading, transaction
from states.forms.identities import identity_fault, uscc_fault
from states.rulebook import call_rules

EXPERTS, PANELS, APPLICATIONS = 100_000, 30, 200
NOW, DAY = datetime(2024, 6, 22, 4, tzinfo=UTC), date(2024, 7, 1)


def floor_import(path: Path) -> None:
    """What no import can do without."""
    database = sqlite3.connect(path.with_name("floor.db"))
    database.execute(f"CREATE TABLE expert ({', '.join(f'c{n}' for n in range(15))})")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        database.executemany(
            f"INSERT INTO expert VALUES ({','.join('?' * 15)})", (floor_row(row) for row in rows)
        )
    database.commit()


def floor_row(row: list[str]) -> list[str]:
    """Checked and encrypted."""
    if identity_fault(row[1]) or uscc_fault(row[3]):
        raise ValueError(row)
    for place in (1, 7, 8):
        row[place] = crypt.encrypt(row[place])
    return row


def floor_draw(names: Sequence[bytes]) -> None:
    """What any draw must do."""
    key = bytes(32)
    for _ in range(PANELS):
        sorted(hmac.digest(key, name, "sha256") for name in names)


def panels(desk: Desk) -> list[int]:
    """Panels that all judge the same cases, each with the form it filed; their ids."""
    forms = [
        sample.application
        for sample in sample_applications(APPLICATIONS * 2, call_rules=call_rules("B3"), seed=1)
        if sample.defect is None
    ][:APPLICATIONS]
    made = []
    with transaction(desk.engine) as tx:
        cases = []
        for form in forms:
            institution = make_institution(tx, form, "50").id
            new = NewCase("B3", "evaluation", "SJAQ", institution, "50", "P50", "", "c@example.cn")
            facts = begin_case(tx, desk, new, by=OFFICE, as_of=NOW)
            keep_form(tx, facts.id, form, at=NOW, source="form")
            cases.append(facts.id)
        for number in range(PANELS):
            panel_id = tx.run(
                "INSERT INTO panel (no, version, call, track, occupation, state, size, quorum, per_employer,"
                " per_province, of_field, recusal, officers, officers_needed, created_at, updated_at)"
                " VALUES (?, 1, 'B3', 'evaluation', 'SJAQ', 'planned', 7, 5, 1, 0, 0, 'panel', 0, 0, ?, ?) RETURNING id",
                (f"Z{number}", NOW, NOW),
            ).fetchone()[0]
            tx.many(
                "INSERT INTO panel_case (panel_id, case_id) VALUES (?, ?)", [(panel_id, c) for c in cases]
            )
            made.append(panel_id)
    return made


def recusal(desk: Desk, ids: Sequence[int]) -> None:
    """Every panel from one reading of the pool."""
    with reading(desk.engine) as tx:
        pool = members(tx)
        for panel_id in ids:
            exclusions(tx, desk, panel_id, DAY, pool=pool)


def main() -> None:
    """Say all three."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pool.csv"
        engine = open_engine(sqlite_url(Path(folder) / "linxuan.db"))
        METADATA.create_all(engine)
        crypt.use_key(crypt.make_key())
        desk = Desk.on(engine)
        open_call(desk, "B3", by=OFFICE, as_of=datetime(2024, 5, 16, 2, tzinfo=UTC))
        write_pool_sheet(path, sample_experts(EXPERTS, seed=1))
        floor = timed(lambda: floor_import(path)) / EXPERTS * 1e6
        for name, aim in (("pool_import", "<= 5"), ("pool_import_again", "<= 5")):
            ours = timed(lambda: import_pool(desk, path, by=OFFICE, as_of=NOW)) / EXPERTS * 1e6
            tell(name, ours, floor, aim)
        ids = panels(desk)
        names = [f"{number:032x}".encode() for number in range(EXPERTS)]
        floor = timed(lambda: floor_draw(names)) / EXPERTS / PANELS * 1e6
        ours = timed(lambda: recusal(desk, ids)) / EXPERTS / PANELS * 1e6
        tell("pool_recusal", ours, floor, "<= 3")
        engine.dispose()


if __name__ == "__main__":
    main()
