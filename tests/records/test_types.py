"""Instants keep their moment, identity numbers are not readable in the file."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import StatementError
from sqlmodel import Session, select

from records.cases import Case, Filing
from records.crypt import WrongKey, make_key, use_key
from records.engine import open_engine, sqlite_url
from records.programme import Counter, Institution, Lease
from records.tables import METADATA
from records.upgrade import create

NOON = datetime(2024, 5, 15, 4, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    use_key(make_key())
    engine = open_engine(sqlite_url(tmp_path / "linxuan.sqlite3"))
    create(engine)
    return engine


def test_an_instant_comes_back_aware_in_utc_to_the_microsecond(engine: Engine) -> None:
    shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
    with Session(engine) as session:
        session.add(Lease(name="clock", holder="a", until=shanghai, beat_at=NOON))
        session.commit()
        found = session.exec(select(Lease)).one()
        assert (found.until, found.until.tzinfo, found.beat_at) == (NOON, UTC, NOON)


def test_an_instant_without_a_zone_is_not_stored(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Lease(name="clock", holder="a", until=NOON.replace(tzinfo=None), beat_at=NOON))
        with pytest.raises(StatementError, match="needs a time zone"):
            session.commit()


@pytest.mark.clause("M24-11.6a")
def test_an_identity_number_is_not_readable_in_the_file_and_comes_back(
    engine: Engine, tmp_path: Path
) -> None:
    identity = "11010119900307109X"
    with Session(engine) as session:
        session.add(Institution(id=1, uscc="91110000000000000X", name="示例一", province="11"))
        session.flush()
        session.add(
            Case(id=1, no="B3-SJAQ-0001", call="B3", track="evaluation", process="B3/evaluation@1",
                 occupation="SJAQ", institution_id=1, province="11", channel="P11", stage="submitted",
                 entered_at=NOON, updated_at=NOON, recommended_on=date(2024, 6, 1))
        )  # fmt: skip
        session.flush()
        session.add(Filing(case_id=1, at=NOON, source="a.docx", digest="d", form="{}", identity=identity))
        session.commit()
        assert session.exec(select(Filing.identity)).one() == identity
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT identity FROM filing")).scalar_one()
    assert identity not in stored
    assert identity.encode() not in b"".join(each.read_bytes() for each in tmp_path.iterdir())


def test_another_key_reads_nothing_and_an_added_key_reads_everything(engine: Engine) -> None:
    first, second = make_key(), make_key()
    use_key(first)
    from records.crypt import decrypt, encrypt

    stored = encrypt("遴选")
    use_key(second)
    with pytest.raises(WrongKey):
        decrypt(stored)
    use_key(second, first)
    assert decrypt(stored) == "遴选"


def test_every_constraint_has_a_name_a_migration_can_take_hold_of() -> None:
    unnamed = [
        f"{table.name}: {constraint}"
        for table in METADATA.sorted_tables
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert unnamed == []


def test_a_row_of_a_missing_case_is_refused_by_the_database(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Filing(case_id=404, at=NOON, source="a.docx", digest="d", form="{}"))
        with pytest.raises(Exception, match="FOREIGN KEY"):
            session.commit()
        session.rollback()
        session.add(Counter(prefix="B3-SJAQ"))
        session.commit()
