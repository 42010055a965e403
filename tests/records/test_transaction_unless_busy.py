"""What may wait for another time does not wait for a long writer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from records.engine import BUSY_TIMEOUT_MS, open_engine, sqlite_url
from records.transaction import Busy, reading, transaction, transaction_unless_busy


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(sqlite_url(tmp_path / "x.db"))
    with transaction(opened) as tx:
        tx.run("CREATE TABLE kept (n INTEGER)")
    yield opened
    opened.dispose()


def rows(engine: Engine) -> list[tuple[int]]:
    with reading(engine) as tx:
        return tx.rows("SELECT n FROM kept")


def test_it_is_kept_when_nobody_else_writes(engine: Engine) -> None:
    with transaction_unless_busy(engine) as tx:
        tx.run("INSERT INTO kept VALUES (1)")
    assert rows(engine) == [(1,)]


def test_it_gives_up_at_once_while_another_writes_and_is_patient_again_afterwards(engine: Engine) -> None:
    with transaction(engine) as long:
        long.run("INSERT INTO kept VALUES (1)")
        with pytest.raises(Busy), transaction_unless_busy(engine) as tx:
            tx.run("INSERT INTO kept VALUES (2)")
    assert rows(engine) == [(1,)]
    with transaction(engine) as tx:
        assert tx.one("PRAGMA busy_timeout") == (BUSY_TIMEOUT_MS,)


def test_it_is_taken_back_on_any_exception(engine: Engine) -> None:
    def fail() -> None:
        with transaction_unless_busy(engine) as tx:
            tx.run("INSERT INTO kept VALUES (1)")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert rows(engine) == []
