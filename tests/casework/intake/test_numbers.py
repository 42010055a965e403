"""Numbers as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.intake.numbers import chinese_number, money_of, whole_of, year_of
from casework.intake.unclear import Unclear


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2000", 2000),
        ("2,000", 2000),
        ("２０００", 2000),
        ("2000万", 2000),
        ("2000万元", 2000),
        ("2000万元整", 2000),
        ("人民币2000万元", 2000),
        ("1.5亿元", 15000),
        ("20,000,000元", 2000),
        ("12.50", Decimal("12.5")),
        ("贰仟万元整", 2000),
        ("两千万", 2000),
        ("无", 0),
        ("/", None),
        ("", None),
    ],
)
def test_money_is_understood_in_ten_thousands(text, amount):
    assert money_of(text, ten_thousands=True) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [("800", 800), ("800元/次", 800), ("30元/学时", 30), ("￥1,200", 1200), ("0.12万元", 1200)],
)
def test_fees_are_understood_in_yuan(text, amount):
    assert money_of(text, ten_thousands=False) == amount


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("128", 128),
        ("128人", 128),
        ("１２８名", 128),
        ("1,000", 1000),
        ("1.2万人次", 12000),
        ("一千", 1000),
        ("一千二百人", 1200),
        ("0", 0),
        ("——", None),
    ],
)
def test_whole_numbers_are_understood_with_their_units(text, count):
    assert whole_of(text) == count


@pytest.mark.parametrize(
    "text",
    ["约2000", "2000多", "3000余人", "1,00", "500万美元", "12-15", "见附件", "-5", "9" * 5000, "九" * 5000],
)
def test_a_vague_number_is_unclear(text):
    with pytest.raises(Unclear, match=r"^无法识别为数字，请填写阿拉伯数字$"):
        whole_of(text)


def test_half_a_person_is_unclear():
    with pytest.raises(Unclear, match="不是整数"):
        whole_of("12.5")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2021", 2021),
        ("2021年", 2021),
        ("2021年度", 2021),
        ("二〇二一年", 2021),
        ("2024年1-5月", 2024),
        ("", None),
    ],
)
def test_years_are_understood(text, year):
    assert year_of(text) == year


@pytest.mark.parametrize("text", ["2019-2020", "21年", "近三年"])
def test_what_is_no_single_year_is_unclear(text):
    with pytest.raises(Unclear, match="四位年份"):
        year_of(text)


@given(st.integers(0, 10**12 - 1))
def test_a_grouped_number_means_the_number(number):
    assert whole_of(f"{number:,}") == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("三十一", 31),
        ("一百零五", 105),
        ("两万三千", 23000),
        ("一亿二千万", 120_000_000),
        ("甲", None),
    ],
)
def test_chinese_numerals_have_their_values(text, value):
    assert chinese_number(text) == value
