"""Numbers and addresses that can be wrong in themselves: what is wrong with one, in Chinese, or None."""

import re

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength

_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_PHONE = re.compile(r"(\+?86-?)?1\d{10}|(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?|[48]00-?\d{3}-?\d{4}")


def uscc_fault(code: str) -> str | None:
    """What is wrong with a unified social credit code."""
    try:
        uscc.validate(code)
    except InvalidLength:
        return f"共{len(code)}位，应为18位"
    except InvalidChecksum:
        return "校验码不符"
    except InvalidFormat:
        return "含有代码中不会出现的字符（前8位为数字，字母中没有I、O、S、V、Z）"
    return None


def identity_fault(number: str) -> str | None:
    """What is wrong with a resident's identity number.

    The place named by the first six digits is not judged: numbers were given where a person was first
    registered, which may be a county that did not exist yet at birth, and residents from Hong Kong, Macao
    and Taiwan have prefixes of their own.
    """
    try:
        ric.validate(number)
    except InvalidLength:
        return f"共{len(number)}位，应为18位"
    except InvalidChecksum:
        return "校验码不符"
    except InvalidFormat:
        return "含有数字和末位X以外的字符"
    except InvalidComponent:
        try:
            ric.get_birth_date(number)
        except InvalidComponent:
            return "其中的出生日期不存在"
    return None


def mailbox_fault(address: str) -> str | None:
    """What is wrong with an electronic mail address; letters leave by it."""
    return None if len(address) <= 254 and _MAILBOX.fullmatch(address) else "不是有效的电子邮箱地址"


def phone_fault(number: str) -> str | None:
    """What is wrong with a mainland telephone number, mobile or fixed, with or without extension."""
    numbers = [part for part in re.split(r"[、,;/，；]", re.sub(r"[\s()（）]", "", number)) if part]
    return None if numbers and all(map(_PHONE.fullmatch, numbers)) else "不像是电话号码"
