"""Which version of the tables a database has, and how it reaches the newest."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from records.tables import METADATA

if TYPE_CHECKING:  # Alembic takes a quarter of a second to import, and an ordinary start never runs a step
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 0x6C78  # any number no other program of this database takes


class Standing(StrEnum):
    """How a database stands to this program."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"


class NotOurs(RuntimeError):
    """The database was made by a newer version, or holds somebody else's tables."""


def head() -> str | None:
    """The newest revision this program knows; None only while not one step is written."""
    return max(_revisions(), default=None)


def knows(revision: str) -> bool:
    """Whether this program has the step of that name, so that it can read or upgrade what stands there."""
    return revision in _revisions()


def revision_of(engine: Engine) -> str | None:
    """The revision a database stands at, or None when it has never been stamped."""
    with engine.execution_options(readonly=True).connect() as connection:
        return _stamp_on(connection)


def standing(engine: Engine) -> Standing:
    """How the database stands: nothing in it, current, older, newer than this program, or not linxuan's."""
    with engine.execution_options(readonly=True).connect() as connection:
        return _standing_of(connection)


def create(engine: Engine, first_rows: Callable[[Connection], None] | None = None) -> None:
    """All tables as they are today, stamped with the newest revision, and the first rows, in one transaction.

    The same result as every step from the first (a test holds them equal), without importing Alembic.
    Another process that does the same at the same time is waited for. Raises NotOurs when the database is
    neither empty nor current.
    """
    with engine.begin() as connection:
        _one_at_a_time(connection)
        found = _standing_of(connection)
        if found is Standing.CURRENT:
            return
        if found is not Standing.EMPTY:
            raise NotOurs(f"the database is {found}, not empty")
        METADATA.create_all(connection)
        connection.execute(
            text(
                "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL, "
                "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
            )
        )
        connection.execute(
            text("INSERT INTO alembic_version (version_num) VALUES (:revision)"), {"revision": head()}
        )
        if first_rows is not None:
            first_rows(connection)


def upgrade(engine: Engine) -> None:
    """Every step that is missing, in one transaction: all or none.

    An empty database goes through every step. Raises NotOurs for a newer or foreign database.
    """
    from alembic import command

    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Batch steps rebuild tables, which their foreign keys would forbid; the pragma needs to stand
            # outside the transaction.
            _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.begin():
                _one_at_a_time(connection)
                found = _standing_of(connection)
                if found in (Standing.NEWER, Standing.FOREIGN):
                    raise NotOurs(f"the database is {found}")
                command.upgrade(configuration(connection), "head")
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    raise RuntimeError(f"the steps broke foreign keys: {broken[:5]}")
        finally:
            if sqlite:
                _pragma(connection, "foreign_keys=ON")


def configuration(connection: Connection) -> "Config":
    """What Alembic needs to know, without a file: where the steps lie, and the connection to run them on."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revisions() -> frozenset[str]:
    """The revisions this program knows, from the names of the steps: ``0001_first.py`` is 0001."""
    return frozenset(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _standing_of(connection: Connection) -> Standing:
    stamp = _stamp_on(connection)
    if stamp is None:
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return Standing.FOREIGN if tables else Standing.EMPTY
    if stamp == head():
        return Standing.CURRENT
    return Standing.OLDER if stamp in _revisions() else Standing.NEWER


def _stamp_on(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    stamp: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return stamp


def _one_at_a_time(connection: Connection) -> None:
    # SQLite's transaction has already waited for its turn: it began IMMEDIATE.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})


def _pragma(connection: Connection, pragma: str) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.cursor().execute(f"PRAGMA {pragma}")
