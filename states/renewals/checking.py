"""Judging a filled report: what is impossible is refused, what is missing is named, the rest becomes a Report (M24-9.1).

Every problem is one Chinese sentence that says what is wrong, where, and what to do.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from states.forms.identities import identity_fault
from states.renewals.report import (
    LONGEST_NAME,
    LONGEST_NO,
    LONGEST_OFFICE,
    PERSON_TIMES,
    TEXTS,
    Consent,
    Figure,
    Filled,
    Report,
    Term,
    figures_of,
)

CLAUSE = "M24-9.1"
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose report it is: the track, the levels listed (初级、中级), the term, and the Shanghai day of filing."""

    track: str
    levels: str
    term: Term
    today: date


def problems(filled: Filled, asked: Asked) -> tuple[str, ...]:
    """What keeps a report from being handed in, in the order of the form; empty when nothing does."""
    return (
        *_figure_problems(filled.figures, asked),
        *_text_problems(filled),
        *_commitment_problems(filled, asked),
    )


def consent_problems(consent: Consent, asked: Asked, written: str = "") -> tuple[str, ...]:
    """What is wrong with the consent of the industry department; ``written`` is what stands for its day."""
    return tuple(_consent_problems(consent, asked, written))


def report_of(filled: Filled, asked: Asked) -> Report:
    """The report that was filled in. ValueError while there are ``problems``."""
    if found := problems(filled, asked):
        raise ValueError(found[0])
    figures: dict[int, dict[str, int | Decimal]] = {}
    for year in asked.term.years(asked.today):
        row = figures[year] = {}
        for each in figures_of(asked.levels):
            value = filled.figures[year][each.key]
            assert not isinstance(value, str)
            row[each.key] = value
    assert isinstance(filled.signed_on, date)
    texts = {each.key: filled.texts[each.key] for each in TEXTS}
    return Report(figures, texts, filled.signatory, filled.signed_on)


def _figure_problems(figures: Mapping[int, Mapping[str, int | Decimal | str]], asked: Asked) -> Iterator[str]:
    term, wanted = asked.term, asked.term.years(asked.today)
    for year in sorted(figures):
        if year in wanted or not figures[year]:
            continue
        if term.first.year <= year <= term.last.year:
            yield f"{year}年尚未到来，不应填写数据，请删去该列。"
        else:
            yield f"{year}年不在本有效期（{term.first}至{term.last}）之内，请改填{_listed(wanted)}。"
    for year in wanted:
        row = figures.get(year) or {}
        if not row:
            yield f"缺少{year}年的数据，请填写{_listed(wanted)}各年数据，没有的填0。"
            continue
        faults = list(_row_problems(year, row, asked))
        yield from faults or _contradictions(year, row, asked)


def _row_problems(year: int, row: Mapping[str, int | Decimal | str], asked: Asked) -> Iterator[str]:
    known = {each.key: each for each in figures_of(asked.levels)}
    for each in known.values():
        value = row.get(each.key)
        name = f"{year}年的“{each.label(asked.track)}”"
        if value is None or value == "":
            yield f"{name}没有填写，没有的请填0。"
        elif fault := _number_fault(each, value):
            yield f"{name}{fault}"


def _number_fault(figure: Figure, value: int | Decimal | str) -> str:
    wanted = "应为不小于0的金额（元，至多两位小数）" if figure.money else "应为不小于0的整数"
    if isinstance(value, str):
        if re.fullmatch(r"\s*[-－—−负]\s*[0-9０-９.,，]+.*", value):
            return f"不能为负数（{value.strip()[:_SHOWN]}），请核对。"
        return f"{wanted}，收到的是“{value.strip()[:_SHOWN]}”，请改填数字。"
    if isinstance(value, Decimal) and not value.is_finite():
        return f"{wanted}，收到的是“{value}”，请改填数字。"
    if value < 0:
        return f"不能为负数（{value}），请核对。"
    if value != round(value, 2 if figure.money else 0):
        return f"{wanted}，收到的是“{value}”，请核对。"
    if value > figure.most:
        return f"为{value}，超出可信范围（至多{figure.most}{figure.unit}），请核对。"
    return ""


def _contradictions(year: int, row: Mapping[str, int | Decimal | str], asked: Asked) -> Iterator[str]:
    numbers = {key: value for key, value in row.items() if not isinstance(value, str)}
    labels = {each.key: each.label(asked.track) for each in figures_of(asked.levels)}
    times = sum(int(numbers.get(key, 0)) for key in PERSON_TIMES)
    passed, certificates, sessions = (numbers[key] for key in ("passed", "certificates", "sessions"))
    if passed > times:
        yield f"{year}年的“{labels['passed']}”{passed}多于总人次{times}，请核对。"
    if certificates > passed:
        yield f"{year}年的“{labels['certificates']}”{certificates}多于“{labels['passed']}”{passed}，请核对。"
    if times and not sessions:
        yield f"{year}年有{times}人次而“{labels['sessions']}”为0，请核对。"
    if sessions > times:
        yield f"{year}年的“{labels['sessions']}”{sessions}多于总人次{times}，请核对。"


def _text_problems(filled: Filled) -> Iterator[str]:
    for each in TEXTS:
        text = filled.texts.get(each.key, "").strip()
        if not text:
            yield f"“{each.label}”没有填写（{each.hint}）。"
        elif len(text) > each.most:
            yield f"“{each.label}”共{len(text)}字，限{each.most}字，请删减。"
        elif any(identity_fault(number.upper()) is None for number in _IDENTITY.findall(text)):
            yield f"“{each.label}”中含有居民身份证号，报告不需要个人信息，请删去。"


def _commitment_problems(filled: Filled, asked: Asked) -> Iterator[str]:
    signatory, signed = filled.signatory.strip(), filled.signed_on
    if not signatory:
        yield "承诺没有法定代表人（或委托代理人）签名，请签名后提交。"
    elif len(signatory) > LONGEST_NAME:
        yield f"承诺的签名共{len(signatory)}字，限{LONGEST_NAME}字，请核对。"
    if signed is None or signed == "":
        yield "承诺没有写明签署日期，请填写后提交。"
    elif isinstance(signed, str):
        yield f"承诺的签署日期“{signed[:_SHOWN]}”不是日期，请按“2027年5月10日”的样式填写。"
    elif signed > asked.today:
        yield f"承诺的签署日期{signed}晚于提交之日{asked.today}，请核对。"
    elif signed < asked.term.first:
        yield f"承诺的签署日期{signed}早于本有效期开始之日{asked.term.first}，请核对。"


def _consent_problems(consent: Consent, asked: Asked, written: str) -> Iterator[str]:
    for name, value, most in (
        ("部门名称", consent.office, LONGEST_OFFICE),
        ("文号", consent.number, LONGEST_NO),
    ):
        if not value.strip():
            yield f"行业主管（业务指导）部门同意意见的{name}没有填写。"
        elif len(value.strip()) > most:
            yield f"行业主管（业务指导）部门同意意见的{name}共{len(value.strip())}字，限{most}字，请核对。"
    if consent.on is None and written.strip():
        yield f"行业主管（业务指导）部门同意意见的日期“{written.strip()[:_SHOWN]}”不是日期，请按“2027年5月10日”的样式填写。"
    elif consent.on is None:
        yield "行业主管（业务指导）部门同意意见的日期没有填写。"
    elif consent.on > asked.today:
        yield f"行业主管（业务指导）部门同意意见的日期{consent.on}晚于提交之日{asked.today}，请核对。"
    elif consent.on < asked.term.first:
        yield f"行业主管（业务指导）部门同意意见的日期{consent.on}早于本有效期开始之日{asked.term.first}，请核对。"


def _listed(years: tuple[int, ...]) -> str:
    return "、".join(f"{year}年" for year in years)
