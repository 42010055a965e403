"""SQLite as this project needs it: nothing lost between writers, readers not held up, copies consistent."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from records.copying import copy_database, faults_in
from records.engine import open_engine, sqlite_url


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(sqlite_url(tmp_path / "linxuan.sqlite3"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE tally (n INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO tally VALUES (0)"))
    return engine


def read(connection_or_file: Path) -> int:
    with closing(sqlite3.connect(connection_or_file)) as connection:
        found: int = connection.execute("SELECT n FROM tally").fetchone()[0]
        return found


def test_the_journal_survives_a_power_cut_and_references_are_watched(engine: Engine) -> None:
    with engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_read_then_write_loses_nothing_between_threads(engine: Engine) -> None:
    def count_up() -> None:
        for _ in range(25):
            with engine.begin() as connection:
                seen = connection.execute(text("SELECT n FROM tally")).scalar_one()
                connection.execute(text("UPDATE tally SET n = :n"), {"n": seen + 1})

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM tally")).scalar() == 100


def test_a_reader_sees_one_state_while_a_writer_goes_on(engine: Engine) -> None:
    reading = engine.execution_options(readonly=True)
    with reading.connect() as reader:
        assert reader.execute(text("SELECT n FROM tally")).scalar() == 0
        with engine.begin() as writer:
            writer.execute(text("UPDATE tally SET n = 5"))
        assert reader.execute(text("SELECT n FROM tally")).scalar() == 0
    with reading.connect() as reader:
        assert reader.execute(text("SELECT n FROM tally")).scalar() == 5


def test_a_copy_holds_what_is_committed_and_nothing_else(engine: Engine, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    with engine.begin() as writer:
        writer.execute(text("UPDATE tally SET n = 7"))
    with closing(sqlite3.connect(tmp_path / "linxuan.sqlite3", isolation_level=None)) as unfinished:
        unfinished.execute("PRAGMA busy_timeout=0")
        unfinished.execute("BEGIN")
        unfinished.execute("SELECT n FROM tally").fetchall()
        copy_database(engine, copy)
        unfinished.execute("ROLLBACK")
    assert (read(copy), copy.stat().st_mode & 0o777, faults_in(copy)) == (7, 0o600, [])
    assert sorted(each.name for each in tmp_path.glob("copy*")) == ["copy.sqlite3"]


def test_a_copy_does_not_replace_a_file(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "copy.sqlite3").write_text("mine")
    with pytest.raises(FileExistsError):
        copy_database(engine, tmp_path / "copy.sqlite3")
    assert (tmp_path / "copy.sqlite3").read_text() == "mine"


def test_damage_and_broken_references_are_found(tmp_path: Path) -> None:
    file = tmp_path / "broken.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
            "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id));"
            "INSERT INTO child VALUES (1, 7);"
        )
    assert faults_in(file) == ["row 1 of child refers to a missing row of parent"]
    (tmp_path / "text.sqlite3").write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    with pytest.raises(sqlite3.DatabaseError):
        faults_in(tmp_path / "text.sqlite3")
