"""The instant a command works at."""

from datetime import UTC, date, datetime

import pytest

from cli.as_of import read_as_of, read_day
from states.refusals import Refused


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2024-06-21", datetime(2024, 6, 20, 16, tzinfo=UTC)),
        ("2024-06-21T09:30", datetime(2024, 6, 21, 1, 30, tzinfo=UTC)),
        ("2024-06-21 09:30:15", datetime(2024, 6, 21, 1, 30, 15, tzinfo=UTC)),
        ("2024-06-21T09:30Z", datetime(2024, 6, 21, 9, 30, tzinfo=UTC)),
        ("2024-06-21T09:30+02:00", datetime(2024, 6, 21, 7, 30, tzinfo=UTC)),
        (" ２０２４-06-21 ", datetime(2024, 6, 20, 16, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_shanghai_time(typed: str, meant: datetime) -> None:
    assert read_as_of(typed) == meant
    assert read_as_of(typed).tzinfo is UTC


@pytest.mark.parametrize(
    "typed", ["", "tomorrow", "2024-6-21", "2024-02-30", "20240621", "2024-06-21T25:00", "24:00"]
)
def test_nonsense_is_refused_in_words(typed: str) -> None:
    if typed == "20240621":
        assert read_as_of(typed) == datetime(2024, 6, 20, 16, tzinfo=UTC)
        return
    with pytest.raises(Refused) as refused:
        read_as_of(typed)
    assert str(refused.value) == (
        f"时间“{typed}”无法识别，应写成 2024-06-21 或 2024-06-21T09:30（北京时间）。"
    )


@pytest.mark.parametrize("typed", ["1999-12-31", "2099-12-31", "0001-01-01", "9999-12-31"])
def test_a_time_the_calendar_does_not_reach_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="超出可办理的范围（2000-01-01至2099-12-31），请核对。|无法识别"):
        read_as_of(typed)


def test_now_is_aware() -> None:
    assert read_as_of(None).tzinfo is UTC


def test_a_day_is_read_or_refused() -> None:
    assert read_day("2024-06-21") == date(2024, 6, 21)
    with pytest.raises(Refused) as refused:
        read_day("21.6.2024")
    assert str(refused.value) == "日期“21.6.2024”无法识别，应写成 2024-06-21。"
