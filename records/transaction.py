"""One transaction, close to the driver: the path on which ten thousand cases move.

Statements are written with ``?``; for PostgreSQL they are translated once. Values are encoded as the column
types of ``records/types.py`` would: instants in UTC with microseconds, days as ISO dates.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from sqlite3 import OperationalError as DriverError
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError


class Busy(Exception):
    """Somebody else writes."""


class Transaction:
    """An open transaction. ``connection`` is the SQLAlchemy connection it lives on, for everything unhurried."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sqlite = connection.dialect.name == "sqlite"
        self._driver: Any = connection.connection.driver_connection

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run one statement; the driver's cursor."""
        return self._driver.execute(self._spoken(sql), tuple(map(self.encode, values)))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, as the driver gives them (instants and days as text on SQLite)."""
        found: list[tuple[Any, ...]] = self.run(sql, values).fetchall()
        return found

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        found: tuple[Any, ...] | None = self.run(sql, values).fetchone()
        return found

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for each row of already encoded values; how many rows it touched in all."""
        cursor = self._driver.cursor()
        try:
            cursor.executemany(self._spoken(sql), rows)
            touched: int = cursor.rowcount
            return touched
        finally:
            cursor.close()

    def among(self, column: str) -> str:
        """SQL for “column is one of a list”, with one placeholder to be filled by ``listed``."""
        return f"{column} IN (SELECT value FROM json_each(?))" if self.sqlite else f"{column} = ANY(?)"

    def listed(self, values: Sequence[Any]) -> Any:
        """The one parameter of ``among``."""
        return json.dumps(list(values)) if self.sqlite else list(values)

    def is_one_of(self, column: str, values: Sequence[Any]) -> tuple[str, Any]:
        """``among`` and its parameter; a single value is asked for plainly, which costs a step less."""
        if len(values) == 1:
            return f"{column} = ?", values[0]
        return self.among(column), self.listed(values)

    def for_each(self, columns: str, table: str) -> str:
        """SQL that inserts one row per listed number: the number first, then one placeholder per column, then
        the placeholder of ``listed``.
        """
        marks = ", ".join("?" * columns.count(","))
        if self.sqlite:
            return f"INSERT INTO {table} ({columns}) SELECT value, {marks} FROM json_each(?)"
        return f"INSERT INTO {table} ({columns}) SELECT n, {marks} FROM unnest(?::bigint[]) AS n"

    def encode(self, value: Any) -> Any:
        """A Python value as the driver wants it."""
        kind = type(value)
        if kind is str or kind is int or value is None:
            return value
        if isinstance(value, datetime):
            return encode_instant(value) if self.sqlite else value
        if isinstance(value, date):
            return value.isoformat() if self.sqlite else value
        if isinstance(value, bool):
            return int(value) if self.sqlite else value
        return value

    def _spoken(self, sql: str) -> str:
        return sql if self.sqlite else _for_postgresql(sql)


@contextmanager
def transaction(engine: Engine) -> Iterator[Transaction]:
    """All or nothing: committed at the end of the block, rolled back on any exception."""
    with engine.begin() as connection:
        yield Transaction(connection)


@contextmanager
def transaction_unless_busy(engine: Engine) -> Iterator[Transaction]:
    """A transaction for what may as well wait for another time. Raises Busy at once while a long one writes (SQLite)."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            patience = driver.execute("PRAGMA busy_timeout").fetchone()[0]
            driver.execute("PRAGMA busy_timeout=20").close()
        try:
            try:
                connection.begin()
            except (OperationalError, DriverError) as error:
                if sqlite and "locked" in str(error):
                    raise Busy from None
                raise
            yield Transaction(connection)
            connection.commit()
        finally:
            connection.rollback()
            if sqlite:
                driver.execute(f"PRAGMA busy_timeout={patience}").close()


@contextmanager
def reading(engine: Engine) -> Iterator[Transaction]:
    """A consistent look at the database that blocks nobody and changes nothing."""
    with engine.connect() as connection:
        quiet = connection.execution_options(readonly=True)
        with quiet.begin():
            yield Transaction(quiet)


@lru_cache(maxsize=4096)
def encode_instant(value: datetime) -> str:
    """An aware instant as SQLite keeps it. Raises ValueError for a naive one."""
    if value.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {value!r}")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=1024)
def _for_postgresql(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")
