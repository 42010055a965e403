"""A row of the table of cases is what the rules know of a case."""

from datetime import UTC, date, datetime

from records.tables import Case
from states.facts import Facts, day, instant


def test_the_facts_are_columns_of_the_table_in_their_order() -> None:
    columns = list(Case.__table__.columns.keys())  # type: ignore[attr-defined]
    assert columns[: len(Facts._fields)] == list(Facts._fields)


def test_a_stored_instant_is_read_as_utc() -> None:
    noon = datetime(2024, 10, 9, 16, tzinfo=UTC)
    assert instant("2024-10-09 16:00:00.000000") == noon
    assert instant(noon) is noon
    assert instant(None) is None


def test_a_stored_day_is_read_as_a_day() -> None:
    assert day("2027-10-10") == date(2027, 10, 10)
    assert day(date(2027, 10, 10)) == date(2027, 10, 10)
    assert day(None) is None
