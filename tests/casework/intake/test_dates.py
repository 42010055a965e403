"""Dates as people write them."""

from datetime import date

import pytest

from casework.intake.dates import date_of, names_only_a_month
from casework.intake.unclear import Unclear

LAST_OF_2019 = date(2019, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2019.12.31",
        "2019年12月31日",
        "2019-12-31",
        "20191231",
        "二〇一九年十二月三十一日",
        "二零一九年十二月三十一日",
        "二○一九年十二月三十一号",
        "2019/12/31",
        "2019 年 12 月 31 日",
        "２０１９年１２月３１日",
        "2019-12-31 00:00:00",
        "2019-12-31T00:00:00",
        "2019—12—31",
        "成立于2019年12月31日",
        "2019年12月31",
    ],
)
def test_the_last_day_of_2019_is_understood(text):
    assert date_of(text) == LAST_OF_2019


@pytest.mark.parametrize("text", ["", "  ", "年  月  日", "   年     月 日", "/", "——"])
def test_an_unfilled_date_is_nothing(text):
    assert date_of(text) is None


@pytest.mark.parametrize("text", ["2019年12月", "2019/12", "2019.12", "二〇一九年十二月"])
def test_a_month_means_its_first_day(text):
    assert date_of(text) == date(2019, 12, 1)


@pytest.mark.parametrize(("text", "month"), [("2019年12月", True), ("2019/12", True), ("2019-12-01", False)])
def test_a_month_alone_is_known_as_such(text, month):
    assert names_only_a_month(text) is month


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2019年2月30日", "不是存在的日期，请更正"),
        ("2019-13-01", "不是存在的日期，请更正"),
        ("2019年12月31日、2020年1月1日", "写有多个日期，请只填写一个"),
        ("去年", "无法识别为日期，请按“2019年12月31日”的样式填写"),
        ("2019", "无法识别为日期，请按“2019年12月31日”的样式填写"),
        ("31/12/2019", "无法识别为日期，请按“2019年12月31日”的样式填写"),
    ],
)
def test_what_is_no_single_day_is_said_to_be_unclear(text, why):
    with pytest.raises(Unclear, match=f"^{why}$"):
        date_of(text)
