"""The engine and its manners: SQLite in WAL mode that survives a power cut, or PostgreSQL."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event

BUSY_TIMEOUT_MS = 30_000


def open_engine(url: str) -> Engine:
    """An engine for a SQLAlchemy URL.

    On SQLite every transaction begins IMMEDIATE, because the driver's default silently loses concurrent
    read-modify-writes; the journal is WAL and every commit is synced (``synchronous=FULL``).
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        pool_reset_on_return=None,  # every transaction ends itself; a rollback on each return costs a step dearly
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-65536",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        readonly = connection.get_execution_options().get("readonly", False)
        # Straight to the driver: the way through SQLAlchemy costs a fifth of a step.
        connection.connection.driver_connection.execute("BEGIN" if readonly else "BEGIN IMMEDIATE").close()

    return engine


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path}"
