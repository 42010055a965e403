"""One form, one occupation."""

import pytest

from casework.intake.occupations import occupation_named
from casework.intake.unclear import Unclear

KNOWN = (
    "虚拟现实工程技术人员",
    "机器人工程技术人员",
    "数据安全工程技术人员",
    "密码工程技术人员",
    "数字化管理师",
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("数据安全工程技术人员", "数据安全工程技术人员"),
        ("数据安全 工程技术人员", "数据安全工程技术人员"),
        ("数据安全", "数据安全工程技术人员"),
        ("4．数据安全工程技术人员；", "数据安全工程技术人员"),
        ("数据安全工程师", "数据安全工程技术人员"),
        ("数据安全工程技术人员（初级、中级）", "数据安全工程技术人员"),
        ("数字化管理师", "数字化管理师"),
        ("网络安全工程技术人员", "网络安全工程技术人员"),
        ("", None),
    ],
)
def test_an_occupation_is_known_by_its_full_or_short_name(text, name):
    assert occupation_named(text, KNOWN) == name


@pytest.mark.clause("B3-A", "CQ23-5.2")
@pytest.mark.parametrize(
    "text",
    [
        "数据安全工程技术人员、密码工程技术人员",
        "数据安全工程技术人员和密码工程技术人员",
        "数据安全工程技术人员\n密码工程技术人员",
        "数据安全、密码工程技术人员",
        "1.数据安全 2.密码工程技术人员；机器人",
    ],
)
def test_several_occupations_on_one_form_are_unclear(text):
    with pytest.raises(Unclear, match="此项仅填一项"):
        occupation_named(text, KNOWN)
    with pytest.raises(Unclear, match="此项仅填一项"):
        occupation_named(text)
