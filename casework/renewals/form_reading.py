"""Reading a filled report form (.docx): everything is found by its printed label, nothing by its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from casework.intake.characters import compact, tidy, tidy_lines
from casework.intake.dates import date_of
from casework.intake.grids import Row, stories
from casework.intake.labels import spelled
from casework.intake.numbers import money_of, whole_of, year_of
from casework.intake.packages import LARGEST_FILE, contents_of, package_from
from casework.intake.reading import body_of
from casework.intake.unclear import Unclear
from casework.renewals.about import About
from casework.renewals.form_writing import (
    CONSENT_NO,
    CONSENT_ON,
    INDICATOR,
    NUMBER,
    OFFICE,
    SIGNATORY,
    SIGNED_ON,
)
from states.refusals import Refused
from states.renewals.checking import CLAUSE
from states.renewals.report import FIGURES, TEXTS, Consent, Figure, Filled

_MOST_YEARS = 20
_PAIRS = tuple(map(spelled, (NUMBER, SIGNATORY, SIGNED_ON, OFFICE, CONSENT_NO, CONSENT_ON)))
_LABELS = {
    spelled(label): each
    for each in FIGURES
    for track in each.labels
    for label in (each.labels[track], each.heading(track))
}


@dataclass(slots=True)
class _Found:
    pairs: dict[str, str] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    figures: dict[int, dict[str, int | Decimal | str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def read_form(path: Path, about: About) -> Filled:
    """The report filled in at ``path``, which must be that of the listing ``about``.

    Numbers and days that are none are kept as they are written: judging them is the rules' business. Raises Refused,
    in one sentence, for a file that is no single, sound, filled report of this listing.
    """
    if path.suffix.lower() != ".docx":
        raise Refused(
            f"“{path.name}”不是 .docx 文件，请用 Word 或 WPS 另存为 .docx 后再提交。", clause=CLAUSE
        )
    return read_bytes(contents_of(path, largest=LARGEST_FILE), path.name, about)


def read_bytes(data: bytes, name: str, about: About) -> Filled:
    """``read_form`` of a file at hand, shown to people as ``name``."""
    found = _Found()
    for story in stories(body_of(package_from(data, name, ".docx"))):
        if not isinstance(story, str):
            _take(found, story, name)
    if not found.years or spelled(NUMBER) not in found.pairs:
        raise Refused(f"“{name}”不是续期报告表，请用 linxuan renewal blank 取得空白表填写。", clause=CLAUSE)
    theirs = compact(found.pairs[spelled(NUMBER)]).upper()
    if theirs != about.case_no:
        raise Refused(
            f"“{name}”是申报{theirs[:40] or '（未写编号）'}的报告，不是{about.case_no}的，请核对文件。",
            clause=CLAUSE,
        )
    signed, consented = (
        _day(found.pairs.get(spelled(SIGNED_ON), "")),
        _day(found.pairs.get(spelled(CONSENT_ON), "")),
    )
    consent = Consent(
        tidy(found.pairs.get(spelled(OFFICE), "")), tidy(found.pairs.get(spelled(CONSENT_NO), "")),
        consented if isinstance(consented, date) else None,
    )  # fmt: skip
    return Filled(
        found.figures, found.texts, tidy(found.pairs.get(spelled(SIGNATORY), "")), signed, consent,
        consented if isinstance(consented, str) else "",
    )  # fmt: skip


def _take(found: _Found, cells: Row, name: str) -> None:
    texts = [each.text for each in cells if not each.continued]
    if not texts:
        return
    first = spelled(texts[0])
    if first == spelled(INDICATOR):
        _years(found, texts[1:], name)
    elif first in _LABELS:
        _figure(found, _LABELS[first], texts, name)
    elif part := next((each for each in TEXTS if first.startswith(spelled(each.label))), None):
        if part.key in found.texts:
            raise _twice(name)
        found.texts[part.key] = tidy_lines("\n".join(texts[1:]))
    else:
        _pairs(found, texts, name)


def _years(found: _Found, texts: Sequence[str], name: str) -> None:
    if found.years:
        raise _twice(name)
    years = []
    for text in texts[:_MOST_YEARS]:
        try:
            year = year_of(text)
        except Unclear as unclear:
            raise Refused(f"“{name}”的数据表中年份“{tidy(text)[:20]}”{unclear}。", clause=CLAUSE) from None
        years.append(year or 0)
    if len(set(years) - {0}) != len([year for year in years if year]):
        raise Refused(f"“{name}”的数据表中有重复的年份，请每年只留一列。", clause=CLAUSE)
    found.years = tuple(years)


def _figure(found: _Found, figure: Figure, texts: Sequence[str], name: str) -> None:
    for at, text in enumerate(texts[1:]):
        value = _number(figure, text)
        if value is None:
            continue
        year = found.years[at] if at < len(found.years) else 0
        if not year:
            raise Refused(
                f"“{name}”的数据表中“{tidy(texts[0])[:40]}”有不属于任何年份的数据，请核对。",
                clause=CLAUSE,
            )
        row = found.figures.setdefault(year, {})
        if figure.key in row:
            raise _twice(name)
        row[figure.key] = value


def _number(figure: Figure, text: str) -> int | Decimal | str | None:
    try:
        return money_of(text, ten_thousands=False) if figure.money else whole_of(text)
    except Unclear:
        return tidy(text)


def _day(text: str) -> date | str | None:
    try:
        return date_of(text)
    except Unclear:
        return tidy(text)


def _pairs(found: _Found, texts: Sequence[str], name: str) -> None:
    for label, value in pairwise(texts):
        key = spelled(label)
        if key not in _PAIRS:
            continue
        if key in found.pairs:
            raise _twice(name)
        found.pairs[key] = "" if spelled(value) in _PAIRS else value


def _twice(name: str) -> Refused:
    return Refused(f"“{name}”里有两份续期报告表，请每个文件只放一份。", clause=CLAUSE)
