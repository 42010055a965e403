"""What a listed institution may ask to have changed about itself, and what a value may look like (M24-20c).

A change of the unified social credit code is no change of particulars: whoever has another code is another
institution, and a term does not pass on.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from states.forms.identities import identity_fault, mailbox_fault, phone_fault
from states.refusals import Refused

CLAUSE = "M24-20c"
NAME, ADDRESS, PHONE, MAILBOX = "name", "address", "phone", "mailbox"
CONTACT_MAIL = "contact_mail"
REPRESENTATIVE, REPRESENTATIVE_ID = "legal_representative", "legal_representative_id"

_MOBILE = re.compile(r"(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_NEVER = re.compile(r"[<>{}\\|`\"\x00-\x1f]")
_FORMULA = ("=", "+", "-", "@")
_CODES = ("uscc", "code", "统一社会信用代码", "信用代码")


@dataclass(frozen=True, slots=True)
class Particular:
    """One thing that may change. Only a ``public`` one is ever shown to the public, or written to the audit log."""

    key: str
    label: str
    longest: int
    public: bool
    fault_of: Callable[[str], str | None]


def _name_fault(text: str) -> str | None:
    if len(text) < 4:
        return "过短，应为登记机关核准的全称"
    return None if re.search(r"[\u4e00-\u9fff]", text) else "应为登记机关核准的中文全称"


def _address_fault(text: str) -> str | None:
    if len(text) < 6:
        return "过短，应从省（自治区、直辖市）写起，写明门牌"
    return _personal_fault(text)


def _public_phone_fault(text: str) -> str | None:
    if _MOBILE.search(text):
        return "是手机号码，公开的联系电话应为单位固定电话（如010-84200000）或400号码，手机号码请填 contact_mobile"
    return phone_fault(text)


def _mobile_fault(text: str) -> str | None:
    return None if _MOBILE.fullmatch(text) else "应为11位手机号码"


def _person_fault(text: str) -> str | None:
    return "应为人名，不应含数字" if re.search(r"\d", text) or len(text) < 2 else None


def _personal_fault(text: str) -> str | None:
    if _MOBILE.search(text):
        return "含有手机号码，公开的内容不得含个人联系方式"
    return None


def _identity_fault(text: str) -> str | None:
    return identity_fault(text)


PARTICULARS: Mapping[str, Particular] = MappingProxyType(
    {
        each.key: each
        for each in (
            Particular(NAME, "单位名称", 100, True, _name_fault),
            Particular(ADDRESS, "单位地址", 200, True, _address_fault),
            Particular(PHONE, "公开联系电话", 60, True, _public_phone_fault),
            Particular(MAILBOX, "公开电子邮箱", 254, True, mailbox_fault),
            Particular(REPRESENTATIVE, "法定代表人", 50, True, _person_fault),
            Particular(REPRESENTATIVE_ID, "法定代表人身份证号", 18, False, _identity_fault),
            Particular("contact_person", "联系人", 50, False, _person_fault),
            Particular("contact_mobile", "联系人手机", 20, False, _mobile_fault),
            Particular(CONTACT_MAIL, "接收通知的邮箱", 254, False, mailbox_fault),
        )
    }
)
"""Everything that may change, in the order in which it is shown."""


def read_values(stated: Mapping[str, str], current: Mapping[str, str]) -> dict[str, str]:
    """The wanted values in their proper form, in the order of ``PARTICULARS``.

    ``stated`` is by key or Chinese label, ``current`` by key. Raises Refused, naming the field, for nothing stated,
    an unknown field, a wrong value, the value it already has, and a new credit code.
    """
    wanted: dict[str, str] = {}
    for typed, text in stated.items():
        field = find_particular(typed)
        if field.key in wanted:
            raise Refused(f"“{field.label}”填写了两次，请只写一次。", clause=CLAUSE)
        wanted[field.key] = read_value(field, text)
    if not wanted:
        raise Refused(f"没有填写要变更的内容，可以变更的有：{_offered()}。", clause=CLAUSE)
    for key, value in wanted.items():
        if alike(value, current.get(key, "")):
            label = PARTICULARS[key].label
            raise Refused(f"“{label}”与现登记的相同，无须变更，请删去该项。", clause=CLAUSE)
    if REPRESENTATIVE in wanted and REPRESENTATIVE_ID not in wanted:
        raise Refused(
            "变更法定代表人须同时填写其身份证号（legal_representative_id），供核对回避，不公开。",
            clause=CLAUSE,
        )
    return {key: wanted[key] for key in PARTICULARS if key in wanted}


def read_value(field: Particular, text: str) -> str:
    """One value: width and spaces settled, nothing invisible, not too long, and of its kind. May be Refused."""
    plain = unicodedata.normalize("NFC", text).strip()
    value = " ".join(plain.split(" "))
    if not value:
        raise Refused(f"“{field.label}”是空的，请写明新的内容。", clause=CLAUSE)
    if not value.isprintable() or _NEVER.search(value):
        raise Refused(f"“{field.label}”含有换行、不可见字符或不允许的符号，请改正后再提交。", clause=CLAUSE)
    if value.startswith(_FORMULA) and field.key != "contact_mobile":
        raise Refused(f"“{field.label}”不能以“{value[0]}”开头，请改正后再提交。", clause=CLAUSE)
    if len(value) > field.longest:
        raise Refused(f"“{field.label}”过长（{len(value)}字），限{field.longest}字。", clause=CLAUSE)
    if field.key != REPRESENTATIVE_ID and holds_identity(value):
        raise Refused(f"“{field.label}”中含有居民身份证号，请删去后再提交。", clause="M24-11.6a")
    if field.key == REPRESENTATIVE_ID:
        value = value.upper()
    fault = field.fault_of(value)
    if fault:
        shown = f"“{value}”" if field.public else ""
        raise Refused(f"“{field.label}”{shown}{fault}。", clause=CLAUSE)
    return value


def holds_identity(text: str) -> bool:
    """Whether a text holds a resident's identity number that could be real (M24-11.6a)."""
    return any(identity_fault(number.upper()) is None for number in _IDENTITY.findall(text))


def holds_mobile(text: str) -> bool:
    """Whether a text holds what looks like a mobile number: nothing that becomes public may."""
    return _MOBILE.search(text) is not None


def alike(one: str, other: str) -> bool:
    """Whether two values say the same: width, case and spaces do not count."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def find_particular(typed: str) -> Particular:
    """What somebody typed, by its key or its Chinese label. Raises Refused for anything that cannot change."""
    text = typed.strip()
    if text.lower() in _CODES:
        raise Refused(
            "统一社会信用代码不能变更：合并、分立、新设的机构是另一家机构，有效期不随之转移，"
            "请以新的代码重新申报；原机构不再开展业务的，请办理主动退出（linxuan change leave）。",
            clause=CLAUSE,
        )
    for each in PARTICULARS.values():
        if text in (each.key, each.label):
            return each
    near = get_close_matches(text, [*PARTICULARS, *(each.label for each in PARTICULARS.values())], n=1)
    hint = f"是否应为“{near[0]}”？" if near else ""
    raise Refused(f"没有可以变更的项目“{text}”，{hint}可以变更的有：{_offered()}。", clause=CLAUSE)


def _offered() -> str:
    return "、".join(f"{each.label}（{each.key}）" for each in PARTICULARS.values())
