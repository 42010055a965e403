"""Occupations keep one code in every call, and are found by code, name and title."""

import pytest

from states.occupations import OCCUPATIONS, find_occupation
from states.refusals import Refused


def test_a_code_is_four_capital_letters_and_a_name_is_used_once() -> None:
    assert [code for code in OCCUPATIONS if not (len(code) == 4 and code.isupper() and code.isascii())] == []
    assert len({occupation.title for occupation in OCCUPATIONS.values()}) == len(OCCUPATIONS)


@pytest.mark.parametrize("text", ["SJAQ", "sjaq", "数据安全", " 数据 安全工程技术人员 ", "ＳＪＡＱ"])
def test_an_occupation_is_found_however_it_is_written(text: str) -> None:
    assert find_occupation(text) == OCCUPATIONS["SJAQ"]


def test_an_unknown_occupation_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        find_occupation("数据安全技术人员")
    assert refused.value.sentence == (
        "没有职业“数据安全技术人员”，是否为“数据安全工程技术人员”，请按通知所列职业名称填写"
    )


def test_nothing_like_an_occupation_gets_no_suggestion() -> None:
    with pytest.raises(Refused, match="^没有职业“养蜂”，请按"):
        find_occupation("养蜂")
