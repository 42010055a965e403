"""Reading a sheet of experts (.xlsx, .csv), one row each: values, or one sentence for everything wrong with a row.

No sentence shows an identity number, a telephone number or a mailbox.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from casework.intake.characters import NOTHING, compact, tidy
from casework.intake.labels import spelled
from casework.intake.packages import MEGABYTE, contents_of
from casework.intake.sheet_headings import heading_fault, recognised
from casework.intake.tables import tables_in, uncounted
from casework.intake.unclear import Unclear
from casework.pool.cells import read
from casework.pool.columns import BY_KEY, COLUMNS, EXPECTED, HEADINGS, REQUIRED, PoolColumn
from states.refusals import Refused

MOST_EXPERTS = 100_000
LARGEST_CSV = 64 * MEGABYTE
LARGEST_XLSX = 4 * MEGABYTE
"""Some 30,000 experts; more of them are read from a csv, in a tenth of the time."""
CLAUSE = "M24-7.3c"
_HEADING_WITHIN = 10
_FEWEST_HEADINGS = 4
_LONGEST_NOTHING = 12
_QUOTED = ("name", "employer", "province", "fields", "title")

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


@dataclass(slots=True)
class PoolRow:
    """One row. ``values`` holds what its filled cells say, by column key; an empty cell is not there.

    ``where`` is how people find it: 第5行, or 工作表“专家”第5行. With ``problems`` the row cannot be used.
    """

    number: int
    where: str
    values: dict[str, Any] = field(repr=False)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PoolFile:
    """A sheet as read; ``digest`` is the SHA-256 of the file."""

    name: str
    digest: str
    rows: tuple[PoolRow, ...]


def read_pool_file(path: Path, *, progress: Progress | None = None) -> PoolFile:
    """Every expert of the file at ``path``.

    Raises Refused, in one sentence, when the file cannot be read, when its headings are not understood, or when it
    holds nobody.
    """
    digest = sha256(contents_of(path, largest=LARGEST_CSV)).hexdigest()
    _refuse_large_workbook(path)
    rows: list[PoolRow] = []
    for title, table in tables_in(path, most=MOST_EXPERTS + _HEADING_WITHIN, largest=LARGEST_CSV):
        place = _heading_row(table)
        if place is None:
            continue
        columns, strange = recognised(HEADINGS, table[place])
        missing = [
            heading for heading in REQUIRED if heading not in {each.heading for each in columns.values()}
        ]
        if fault := heading_fault(missing, strange, EXPECTED):
            raise Refused(
                f"“{path.name}”{title}第{place + 1}行的表头有误：{fault}，请改正后再导入", clause=CLAUSE
            )
        for number, texts in enumerate(table[place + 1 :], start=place + 2):
            if any(text and not text.isspace() for text in texts):
                rows.append(_row(number, f"{title}第{number}行", columns, texts))
                if progress is not None and not len(rows) % 500:
                    progress(len(rows), len(table) - place - 1)
    if not rows:
        raise Refused(
            f"“{path.name}”里没有找到专家：第一行应是各栏目的名称，其下每人一行；"
            "样表可用 linxuan expert template 生成",
            clause=CLAUSE,
        )
    _refuse_twice(rows)
    return PoolFile(path.name, digest, tuple(rows))


def _refuse_large_workbook(path: Path) -> None:
    if path.suffix.lower() == ".xlsx" and path.stat().st_size > LARGEST_XLSX:
        raise Refused(
            f"“{path.name}”超过 {LARGEST_XLSX // MEGABYTE} MB，人数较多的名册请用 Excel 另存为 CSV（UTF-8）后再导入",
            clause=CLAUSE,
        )


def _heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The row among the first that holds most headings."""
    counts = [
        len({HEADINGS[label].key for text in row if (label := spelled(text)) in HEADINGS})
        for row in rows[:_HEADING_WITHIN]
    ]
    best = max(counts, default=0)
    return counts.index(best) if best >= _FEWEST_HEADINGS else None


def _row(number: int, where: str, columns: Mapping[int, PoolColumn], texts: Sequence[str]) -> PoolRow:
    row = PoolRow(number, where, {})
    filled = {column.key: texts[place] for place, column in columns.items() if place < len(texts)}
    for column in COLUMNS:
        text = filled.get(column.key, "")
        if len(text) <= _LONGEST_NOTHING and compact(text) in NOTHING:
            if column.required:
                row.problems.append(_said(where, column, "没有填写，请补填"))
            continue
        try:
            if uncounted(text):
                raise Unclear("是没有结果的公式或出错的公式，请改填文字")
            row.values[column.key] = read(column.key, text)
        except Unclear as unclear:
            shown = tidy(text)
            quoted = f"填写的“{shown[:30]}{'…' * (len(shown) > 30)}”" if column.key in _QUOTED else ""
            row.problems.append(_said(where, column, f"{quoted}{unclear}"))
    return row


def _refuse_twice(rows: Iterable[PoolRow]) -> None:
    """Say of every row that shares its person or its mailbox with another one; nobody knows which is right."""
    for same in _alike(rows, lambda row: row.values.get("identity")):
        places = _places(same)
        if len({row.values.get("uscc") for row in same}) > 1:
            what = "却填了不同的工作单位；每人只有一个现工作单位，请合并为一行，其余单位填入“工作经历”"
        else:
            what = "请只保留一行"
        for row in same:
            row.problems.append(f"{places}身份证号相同，是同一人，{what}（{CLAUSE}）")
    for same in _alike(rows, lambda row: row.values.get("mail", "").lower() or None):
        if len({row.values.get("identity") for row in same}) == 1:
            continue
        places = _places(same)
        for row in same:
            row.problems.append(
                f"{places}「{BY_KEY['mail'].heading}」相同；评审入口只发给本人，请为每人填写自己的邮箱（M24-7.3b）"
            )


def _alike(rows: Iterable[PoolRow], key: Callable[[PoolRow], Hashable]) -> list[list[PoolRow]]:
    groups: dict[Hashable, list[PoolRow]] = defaultdict(list)
    for row in rows:
        if (found := key(row)) is not None:
            groups[found].append(row)
    return [same for same in groups.values() if len(same) > 1]


def _places(rows: Sequence[PoolRow]) -> str:
    shown = "、".join(row.where for row in rows[:4])
    return f"{shown}等{len(rows)}行" if len(rows) > 4 else shown


def _said(where: str, column: PoolColumn, what: str) -> str:
    return f"{where}「{column.heading}」{what}（{CLAUSE}）"
