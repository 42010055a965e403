"""Ticks and boxes as people leave them."""

import pytest

from casework.intake.ticks import ticked, yes_or_no
from casework.intake.unclear import Unclear

LEVELS = ("初级", "中级", "高级")


@pytest.mark.parametrize(
    "text",
    [
        "初级□   中级☑   高级☑    （请打√）",
        "初级□中级☑高级☑",
        "□初级  ☑中级  ☑高级",
        "□初级☑中级☑高级",
        "☐ 初级  ☒ 中级  ☒ 高级",
        "初级  中级√  高级√",
        "初级  √中级  √高级",
        "初级（ ） 中级（√） 高级（√）",
        "初级[ ] 中级[√] 高级[√]",
        "初级□ 中级■ 高级■",
        "初级□ 中级□√ 高级□√",
        "初级□ 中级□ √ 高级□ √",
        "中级、高级",
        "中级，高级",
        "中级✓ 高级✓",
    ],
)
def test_intermediate_and_senior_are_chosen(text):
    assert ticked(text, LEVELS) == ("中级", "高级")


@pytest.mark.parametrize("text", ["初级□   中级□   高级□    （请打√）", "", "□□□", "初级× 中级× 高级×"])
def test_nothing_is_chosen_where_every_box_is_empty(text):
    assert ticked(text, LEVELS) == ()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("是☑  否□", True),
        ("是□ 否☑", False),
        ("☑是 □否", True),
        ("□是 √否", False),
        ("是√ 否", True),
        ("是 否√", False),
        ("是", True),
        ("否", False),
        ("√", True),
        ("×", False),
        ("无", False),
        ("无失信行为", False),
        ("未发现", False),
        ("有☑ 无□", True),
        ("是（2019年起）", True),
        ("是□  否□", None),
        ("是 否", None),
        ("", None),
        ("□", None),
    ],
)
def test_yes_and_no_are_understood(text, answer):
    assert yes_or_no(text) is answer


@pytest.mark.parametrize(("text", "why"), [("是☑ 否☑", "都打了勾"), ("待定", "看不出")])
def test_a_contradiction_is_unclear(text, why):
    with pytest.raises(Unclear, match=why):
        yes_or_no(text)
