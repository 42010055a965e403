"""A database reaches the newest tables by steps, all or none, and says how it stands to this program."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlmodel import Session

from records.cases import Case
from records.engine import open_engine, sqlite_url
from records.programme import Institution
from records.tables import METADATA
from records.upgrade import MIGRATIONS, NotOurs, Standing, create, head, revision_of, standing, upgrade


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_engine(sqlite_url(tmp_path / "linxuan.sqlite3"))


NOON = datetime(2024, 5, 15, 4, tzinfo=UTC)

STEP = """import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    {what}
"""
ADD_A_COLUMN = """with op.batch_alter_table("institution", recreate="always") as table:
        table.add_column(sa.Column("motto", sa.String(), nullable=False, server_default=""))"""

ADD_A_LOST_LINE = """op.execute("INSERT INTO office_mailbox VALUES ('P11', 'x', 'y')")
    op.execute(
        "INSERT INTO notice (case_id, letter, role, occasion, clause, about, at) VALUES (404, '', '', '', '', '', '')"
    )"""


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """The steps of a release to come: those of this one, and one that rebuilds a table others refer to."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0002_motto.py").write_text(STEP.format(what=ADD_A_COLUMN))
    return folder


def shape(engine: Engine) -> dict[str, list[str]]:
    """What SQLite keeps of each table and index: its clauses, whatever their order."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    return {
        name: sorted(part.strip() for part in re.split(r"[,()]", " ".join(sql.split()))) for name, sql in rows
    }


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_the_steps_lead_to_the_tables_as_they_are(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_tables_made_at_once_equal_tables_made_by_the_steps(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine)
    other = open_engine(sqlite_url(tmp_path / "other.sqlite3"))
    create(other)
    assert shape(other) == shape(engine)
    assert revision_of(other) == revision_of(engine) == head()


def test_a_new_database_is_empty_then_current(engine: Engine) -> None:
    assert (standing(engine), revision_of(engine)) == (Standing.EMPTY, None)
    create(engine)
    assert (standing(engine), revision_of(engine)) == (Standing.CURRENT, head())


@pytest.mark.parametrize("bring", [create, upgrade])
def test_doing_it_again_changes_nothing(engine: Engine, bring: object) -> None:
    create(engine)
    run(engine, "INSERT INTO counter (prefix, last) VALUES ('B3-SJAQ', 7)")
    before = shape(engine)
    assert callable(bring)
    bring(engine)
    assert shape(engine) == before
    with engine.connect() as connection:
        assert connection.execute(text("SELECT last FROM counter")).scalar() == 7


def test_an_older_database_is_brought_up_with_all_it_holds(
    engine: Engine, next_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(engine)
    with Session(engine) as session:
        session.add(Institution(id=1, uscc="X", name="示例", province="11"))
        session.flush()
        session.add(
            Case(no="B3-SJAQ-0001", call="B3", track="evaluation", process="B3/evaluation@1", occupation="SJAQ",
                 institution_id=1, province="11", channel="P11", stage="draft", entered_at=NOON, updated_at=NOON)
        )  # fmt: skip
        session.commit()
    monkeypatch.setattr("records.upgrade.MIGRATIONS", next_release)
    assert (standing(engine), revision_of(engine)) == (Standing.OLDER, "0001")
    upgrade(engine)
    assert (standing(engine), revision_of(engine)) == (Standing.CURRENT, "0002")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name || motto FROM institution")).scalars().all() == ["示例"]
        assert connection.execute(text("SELECT institution_id FROM cases")).scalars().all() == [1]
    monkeypatch.undo()
    assert standing(engine) is Standing.NEWER


def test_a_step_that_breaks_references_is_taken_back(
    engine: Engine, next_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(engine)
    step = next_release / "versions" / "0002_motto.py"
    step.write_text(STEP.format(what=ADD_A_LOST_LINE))
    monkeypatch.setattr("records.upgrade.MIGRATIONS", next_release)
    with pytest.raises(RuntimeError, match="broke foreign keys"):
        upgrade(engine)
    assert (standing(engine), revision_of(engine)) == (Standing.OLDER, "0001")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM office_mailbox")).scalar() == 0


def test_a_newer_database_is_left_alone(engine: Engine) -> None:
    create(engine)
    run(engine, "UPDATE alembic_version SET version_num = '9999'")
    assert standing(engine) is Standing.NEWER
    before = shape(engine)
    for bring in (create, upgrade):
        with pytest.raises(NotOurs):
            bring(engine)
    assert (shape(engine), revision_of(engine)) == (before, "9999")


def test_somebody_elses_tables_are_left_alone(engine: Engine) -> None:
    run(engine, "CREATE TABLE ledger (x INTEGER)")
    assert standing(engine) is Standing.FOREIGN
    for bring in (create, upgrade):
        with pytest.raises(NotOurs):
            bring(engine)
    assert list(shape(engine)) == ["ledger"]


def test_a_step_that_fails_leaves_nothing_behind(engine: Engine) -> None:
    # A stray index of the same name makes the first step fail on its way.
    run(engine, "CREATE TABLE stray (x INTEGER)", "CREATE INDEX timers_by_instant ON stray (x)")
    run(engine, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    before = shape(engine)
    with pytest.raises(Exception, match="timers_by_instant already exists|NotOurs|foreign"):
        upgrade(engine)
    assert shape(engine) == before


def test_first_rows_and_tables_come_together_or_not_at_all(engine: Engine) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        create(engine, fail)
    assert standing(engine) is Standing.EMPTY


def test_foreign_keys_are_watched_again_after_an_upgrade(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_processes_that_start_together_make_one_database(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "linxuan.sqlite3")
    program = (
        "import sys; from records.engine import open_engine; from records.upgrade import create;"
        "create(open_engine(sys.argv[1]))"
    )
    started = [subprocess.Popen([sys.executable, "-c", program, url]) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert standing(open_engine(url)) is Standing.CURRENT


def test_an_ordinary_start_does_not_import_alembic() -> None:
    program = "import sys, records.upgrade; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
