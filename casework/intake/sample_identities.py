"""Invented names, numbers and addresses for samples: sound by their check digits, and nobody's.

Codes use a region (…9999) and identity numbers an order (000) that are never given out; telephone numbers begin
with 100, mailboxes end in example.cn.
"""

from datetime import date
from random import Random

from stdnum.cn import ric, uscc

from states.forms import UnitType

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安宁清远明哲文博思齐景行嘉言若谷致和子衿云舒望舒修远"
_WORDS = ("川流", "启明", "北辰", "南屏", "云梯", "知行", "砺锋", "衡度", "方舟", "长风", "望岳", "九章")
_ENDINGS = {
    UnitType.ASSOCIATION: ("学会", "行业协会"),
    UnitType.PUBLIC_INSTITUTION: ("评测中心", "研究院"),
    UnitType.ENTERPRISE: ("技术有限公司", "科技股份有限公司"),
    UnitType.COLLECTIVE: ("技术服务社",),
    UnitType.PRIVATE: ("教育科技有限公司", "信息技术有限公司"),
    UnitType.PRIVATE_NON_ENTERPRISE: ("职业能力促进中心", "培训学校"),
}
_REGISTERED_BY = {
    UnitType.ASSOCIATION: "51",
    UnitType.PUBLIC_INSTITUTION: "12",
    UnitType.PRIVATE_NON_ENTERPRISE: "52",
}


def institution_name(random: Random, place: str, field: str, unit: UnitType) -> str:
    """An institution's name, plainly an example: 示例（重庆）启明数据安全评测中心."""
    return f"示例（{place}）{random.choice(_WORDS)}{field}{random.choice(_ENDINGS[unit])}"


def credit_code(random: Random, unit: UnitType, region: str) -> str:
    """A unified social credit code with sound check digits and a region nobody has."""
    body = f"{random.randrange(10**8):08d}"
    weighed = 11 - sum(int(d) * w for d, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    organisation = body + {10: "X", 11: "0"}.get(weighed, str(weighed))
    front = f"{_REGISTERED_BY.get(unit, '91')}{region or '10'}9999{organisation}"
    return front + uscc.calc_check_digit(front)


def identity_number(random: Random) -> str:
    """A resident's identity number with a sound check digit and an order nobody has."""
    born = date(1962, 1, 1).toordinal() + random.randrange(25 * 365)
    front = f"110101{date.fromordinal(born):%Y%m%d}000"
    return front + ric.calc_check_digit(front + "0")


def person_name(random: Random) -> str:
    """A person's name: 赵示安."""
    return f"{random.choice(_SURNAMES)}示{random.choice(_GIVEN)}"


def phone_number(random: Random) -> str:
    """A mobile number of a range that does not exist."""
    return f"1000{random.randrange(10**7):07d}"
