"""A consistent copy of a SQLite database while others go on writing to it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine


def copy_database(engine: Engine, target: Path) -> None:
    """Copy the database of a SQLite engine, as it is at one instant, into a new file readable by its owner only.

    In WAL mode one step copies a snapshot and holds up nobody. The copy is a single file, synced to disk.
    Raises FileExistsError when `target` exists, sqlite3.Error or OSError when it cannot be written; then
    nothing is left of it.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with engine.connect() as connection, closing(sqlite3.connect(target)) as copy:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        with target.open("rb") as written:
            os.fsync(written.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def faults_in(database: Path) -> list[str]:
    """What SQLite's own check finds wrong with a database file, broken references included; empty when sound.

    Raises sqlite3.DatabaseError when the file is no database.
    """
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    return found + [
        f"row {row} of {table} refers to a missing row of {parent}" for table, row, parent, _ in broken
    ]
