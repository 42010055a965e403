from datetime import UTC, datetime, timedelta

import pytest

from dashboard.times import ago, spoken, spoken_due

NOON = datetime(2024, 6, 12, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOON, "今天 12:00:00"),
        (datetime(2024, 6, 12, 16, 0, tzinfo=UTC), "6月13日 00:00"),
        (datetime(2024, 1, 2, 1, 5, tzinfo=UTC), "1月2日 09:05"),
        (datetime(2023, 12, 31, 15, 0, tzinfo=UTC), "2023年12月31日 23:00"),
    ],
)
def test_an_instant_is_told_as_short_as_it_can_be(at, said) -> None:
    assert spoken(at, NOON) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2024, 6, 21, 16, 0, tzinfo=UTC), "2024年6月21日（周五）24时"),
        (datetime(2024, 6, 21, 1, 0, tzinfo=UTC), "2024年6月21日（周五）09:00"),
    ],
)
def test_midnight_is_the_end_of_the_day_before(at, said) -> None:
    assert spoken_due(at) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0秒前"),
        (59, "59秒前"),
        (60, "1分钟前"),
        (3599, "59分钟前"),
        (7200, "2小时前"),
        (200_000, "2天前"),
    ],
)
def test_how_long_ago_is_told_roughly(seconds, said) -> None:
    assert ago(NOON - timedelta(seconds=seconds), NOON) == said
