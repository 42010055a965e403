"""Single cells of a sheet of experts: from what people wrote to a value, or what is wrong with it."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from casework.intake.characters import NOTHING, compact, tidy
from casework.intake.codes import code_of
from casework.intake.dates import date_of, names_only_a_month
from casework.intake.tables import rows_in_cell
from casework.intake.unclear import Unclear
from casework.pool.columns import ANY_DAY, BY_KEY, says_none
from casework.pool.profile import Span, known_organisation
from states.forms.identities import identity_fault, mailbox_fault, phone_fault, uscc_fault
from states.occupations import OCCUPATIONS, find_occupation
from states.places import find
from states.recusal import Employment, Organisation, Service, Tie, TieKind
from states.refusals import Refused

T = TypeVar("T")

_LONGEST_NAME, _LONGEST_LINE, _LONGEST_NO = 40, 100, 12
_STILL = ("至今", "现在", "目前", "今")
_KINDS = {
    **{kind.label: kind for kind in TieKind},
    "亲属": TieKind.KINSHIP, "近亲属": TieKind.KINSHIP, "顾问": TieKind.ADVISORY, "咨询": TieKind.ADVISORY,
    "兼职": TieKind.ADVISORY, "起草": TieKind.DRAFTING, "编制": TieKind.DRAFTING, "参与起草": TieKind.DRAFTING,
    "其他": TieKind.OTHER, "其它": TieKind.OTHER, "其它关系": TieKind.OTHER,
}  # fmt: skip
_SEVERAL = re.compile(r"[；;、｜|\n]")


def name_of(text: str) -> str:
    """A person's name; Unclear when it holds what belongs to no name."""
    name = tidy(text)
    if len(name) > _LONGEST_NAME:
        raise Unclear(f"超过{_LONGEST_NAME}个字，请只填姓名")
    if re.search(r"[\d()（）,，、;；/]", name) or not name.isprintable():
        raise Unclear("中有数字、括号或标点，请只填一个人的姓名，职务和说明另列")
    return name


def identity_of(text: str) -> str:
    """A resident's identity number, upper case."""
    return _sound(code_of(text), identity_fault, "请核对本人证件后改正")


def employer_of(text: str) -> str:
    """The one employer's name."""
    if _SEVERAL.search(text.strip()):
        raise Unclear("写有多个单位；现工作单位只填一个，其余填入“工作经历”")
    return _line(text)


def uscc_of(text: str) -> str:
    """The one employer's code."""
    if len(re.findall(r"[0-9A-Za-z]{18}", compact(text))) > 1 or _SEVERAL.search(text.strip()):
        raise Unclear("写有多个代码；现工作单位只填一个，其余填入“工作经历”")
    return _code(text)


def fields_of(text: str) -> tuple[str, ...]:
    """Occupation codes, sorted."""
    parts = [part for part in re.split(r"[、,，;；/\n]", text) if part.strip()]
    try:
        return tuple(sorted({_occupation(part.strip()) for part in parts}))
    except Refused as refused:
        raise Unclear(f"：{refused.sentence}") from None


def title_of(text: str) -> str:
    """A title on one line."""
    return _line(text)


@lru_cache(maxsize=1024)
def province_of(text: str) -> str:
    """The two digits of a province."""
    try:
        office = find(text)
    except Refused:
        raise Unclear("不是省份，请填省份名称或两位代码，如 重庆 或 50") from None
    if not office.region:
        raise Unclear("是部门而不是省份，请填现工作单位所在省份")
    return office.region


def mail_of(text: str) -> str:
    """An address for letters."""
    return _sound(compact(text), mailbox_fault, "请改正")


def phone_of(text: str) -> str:
    """A telephone number."""
    return _sound(compact(text), phone_fault, "请改正")


def employment_of(text: str) -> tuple[Employment, ...]:
    """The rows of a history."""
    rows = []
    for number, (name, code, since, until) in _rows("employment", text):
        if not tidy(name):
            raise Unclear(f"第{number}行没有写单位名称，请补填")
        begins = _within(number, "起", _first_day, since)
        ends = None if compact(until) in (*_STILL, *NOTHING) else _within(number, "止", _last_day, until)
        if begins is not None and ends is not None and ends < begins:
            raise Unclear(f"第{number}行止日早于起日，请改正")
        rows.append(Employment(_organisation(number, name, code), begins, ends))
    return tuple(rows)


def ties_of(text: str) -> tuple[Tie, ...]:
    """The declared ties."""
    rows = []
    for number, (kind, name, code, person, note) in _rows("ties", text):
        meant = _KINDS.get(compact(kind))
        if meant is None:
            raise Unclear(
                f"第{number}行的关系“{tidy(kind)}”无法识别，应为{'、'.join(k.label for k in TieKind)}之一"
            )
        there = _organisation(number, name, code) if tidy(name) or code_of(code) else None
        if there is None and not tidy(person):
            raise Unclear(f"第{number}行没有写单位，也没有写人员，请至少补填一项")
        rows.append(Tie(meant, there, tidy(person), tidy(note)))
    return tuple(rows)


def legal_representative_of(text: str) -> str:
    """The name of the employer's legal representative."""
    return name_of(text)


def shareholders_of(text: str) -> tuple[str, ...]:
    """The codes of the employer's shareholders, sorted."""
    return tuple(sorted({_code(part) for part in re.split(r"[、,，;；/\s]", text) if part.strip()}))


def service_of(text: str) -> tuple[Service, ...]:
    """Whom the expert judged before, and in which round: a call's code or a year."""
    rows = []
    for number, (code, call) in _rows("service", text):
        round_ = compact(call).upper().removesuffix("年")
        if not re.fullmatch(r"(19|20)\d\d|[A-Z][A-Z0-9-]{1,15}", round_):
            raise Unclear(f"第{number}行的批次“{tidy(call)}”无法识别，请填批次代码（如 B3）或年份（如 2022）")
        rows.append(Service(_within(number, "单位统一社会信用代码", _code, code), round_))
    return tuple(rows)


def available_of(text: str) -> tuple[Span, ...] | None:
    """The days on which an expert can sit; None for any day."""
    if compact(text) == ANY_DAY:
        return None
    spans = []
    for number, (span,) in enumerate(rows_in_cell(text, 1), start=1):
        first, _, last = re.sub(r"[~～—–]+| - ", "至", span).partition("至")
        begins = _within(number, "起", _first_day, first)
        ends = (
            _within(number, "止", _last_day, last) if last.strip() else _within(number, "", _last_day, first)
        )
        if begins is None or ends is None or ends < begins:
            raise Unclear(f"第{number}段“{tidy(span)}”无法识别，请按“2024-07-01至2024-07-12”的样式填写")
        spans.append(Span(begins, ends))
    return tuple(spans)


READERS: Mapping[str, Callable[[str], Any]] = {
    "name": name_of, "identity": identity_of, "employer": employer_of, "uscc": uscc_of, "fields": fields_of,
    "title": title_of, "province": province_of, "mail": mail_of, "phone": phone_of, "employment": employment_of,
    "ties": ties_of, "legal_representative": legal_representative_of, "shareholders": shareholders_of,
    "service": service_of, "available": available_of,
}  # fmt: skip
"""How each column is read, by its key; ``str()`` of the Unclear it raises ends a sentence."""

NOTHING_THERE: Mapping[str, Any] = {
    "employment": (), "ties": (), "legal_representative": "", "shareholders": (), "service": (), "available": (),
    "title": "", "phone": None,
}  # fmt: skip
"""What 无 means in a column that may say so."""


def read(key: str, text: str) -> Any:
    """The value of a cell in which something is written."""
    if key in NOTHING_THERE and len(text) <= _LONGEST_NO and says_none(compact(text)):
        return NOTHING_THERE[key]
    return READERS[key](text)


def _rows(key: str, text: str) -> list[tuple[int, list[str]]]:
    return list(enumerate(rows_in_cell(text, len(BY_KEY[key].parts)), start=1))


def _organisation(number: int, name: str, code: str) -> Organisation:
    plain = compact(code)
    if says_none(plain):
        return known_organisation(tidy(name), "")
    return known_organisation(
        tidy(name), None if plain in NOTHING else _within(number, "统一社会信用代码", _code, code)
    )


def _within(number: int, part: str, reader: Callable[[str], T], text: str) -> T:
    try:
        return reader(text)
    except Unclear as unclear:
        raise Unclear(f"第{number}行的“{part}”{unclear}" if part else f"第{number}段{unclear}") from None


@lru_cache(maxsize=50_000)
def _code(text: str) -> str:
    return _sound(code_of(text), uscc_fault, "请核对营业执照或法人证书后改正")


def _sound(value: str | None, fault_of: Callable[[str], str | None], do: str) -> str:
    if value is None:
        raise Unclear("没有填写，请补填")
    fault = fault_of(value)
    if fault is not None:
        raise Unclear(f"{fault}，{do}")
    return value


@lru_cache(maxsize=4096)
def _occupation(text: str) -> str:
    return find_occupation(text, OCCUPATIONS.values()).code


def _line(text: str) -> str:
    line = tidy(text)
    if len(line) > _LONGEST_LINE or not line.isprintable():
        raise Unclear(f"应为不超过{_LONGEST_LINE}个字的一行文字，请改正")
    return line


def _first_day(text: str) -> date | None:
    return _days(compact(text))[0]


def _last_day(text: str) -> date | None:
    return _days(compact(text))[1]


@lru_cache(maxsize=50_000)
def _days(text: str) -> tuple[date | None, date | None]:
    """The first and the last day a text can mean: a day, a month or a year."""
    if found := re.fullmatch(r"([12]\d{3})年?", text):
        return date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)
    day = date_of(text)
    if day is not None and names_only_a_month(text):
        return day, day.replace(day=monthrange(day.year, day.month)[1])
    return day, day
