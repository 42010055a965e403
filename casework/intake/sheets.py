"""Reading a sheet of many institutions (.xlsx, .csv), one row each.

Headings are the printed labels (申报联系人电话, 年度计划考核人数（人次）初级); `write_sheet_template` writes them all.
A field that is a small table on the form stands in one cell: its rows apart by `；` or a new line, its columns by
`｜` or `|`, in the printed order: `2021｜12.5｜否；2022｜13｜否；2023｜12｜否`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from casework.intake.cells import Cells
from casework.intake.characters import compact
from casework.intake.labels import spelled
from casework.intake.reading import ReadForm
from casework.intake.sheet_headings import columns_of, fault_of, headings_of
from casework.intake.tables import rows_in_cell, tables_in, uncounted
from casework.intake.understanding import understand
from states.forms import Field, Form, FormKind, Problem, Takes, form_of
from states.refusals import Refused

MOST_ROWS = 5_000
_HEADING_WITHIN = 10
_FEWEST_HEADINGS = 4
_EXCEL_EPOCH = date(1899, 12, 30)


def read_sheet(
    path: Path, *, as_of: datetime, call: str = "B3", occupations: Sequence[str] = ()
) -> list[ReadForm]:
    """Every row of the sheet at `path` as a form, judged as filed at `as_of` in the call `call`.

    `source` of each names the file and its row. Raises Refused, in one sentence, when the file cannot be read,
    when its headings are not those of one form, or when it holds no row.
    """
    name = path.name
    read: list[ReadForm] = []
    faults: list[str] = []
    for title, rows in tables_in(path, most=MOST_ROWS):
        found = _heading_row(rows, call)
        if found is None:
            continue
        place, form = found
        columns, missing, strange = columns_of(form, rows[place])
        if fault := fault_of(form, missing, strange):
            faults.append(f"“{name}”{title}第{place + 1}行的表头有误：{fault}，请改正后再导入")
            continue
        for number, row in enumerate(rows[place + 1 :], start=place + 2):
            if any(compact(text) for text in row):
                texts = {f.key: row[c] if c < len(row) else "" for c, f in columns.items()}
                source = f"{name} {title}第{number}行".replace("  ", " ")
                read.append(_row(form, texts, source, as_of, occupations))
    if faults:
        raise Refused(faults[0])
    if not read:
        raise Refused(f"“{name}”里没有找到申报单位：第一行应是推荐表各栏目的名称，其下每个单位一行")
    return read


def _heading_row(rows: Sequence[Sequence[str]], call: str) -> tuple[int, Form] | None:
    """The row among the first that holds most headings, and the form they are the headings of."""
    best: tuple[int, int, Form] | None = None
    for kind in (FormKind.EVALUATION, FormKind.TRAINING):
        form = form_of(kind, call)
        known = headings_of(form)
        for place, row in enumerate(rows[:_HEADING_WITHIN]):
            count = len({known[label].key for text in row if (label := spelled(text)) in known})
            if count >= _FEWEST_HEADINGS and (best is None or count > best[0]):
                best = (count, place, form)
    return (best[1], best[2]) if best else None


def _row(
    form: Form, texts: Mapping[str, str], source: str, as_of: datetime, occupations: Sequence[str]
) -> ReadForm:
    problems = [
        Problem(
            key,
            form.field(key).name,
            f"「{form.field(key).name}」是没有结果的公式或出错的公式，请改填数值或文字",
            form.clause,
        )
        for key, text in texts.items()
        if uncounted(text)
    ]
    cells = Cells(
        {key: _dated(form.field(key), text) for key, text in texts.items()},
        {
            field.key: _small_table(field, texts.get(field.key, ""))
            for field in form.fields
            if field.takes is Takes.ROWS
        },
    )
    outcome = understand(form, cells, as_of=as_of, occupations=occupations, already=problems)
    digest = sha256(json.dumps(dict(sorted(texts.items())), ensure_ascii=False).encode()).hexdigest()
    return ReadForm(source, digest, form.kind, cells, outcome.application, outcome.problems)


def _small_table(field: Field, text: str) -> tuple[dict[str, str], ...]:
    keys = [column.key for column in field.columns]
    return tuple(dict(zip(keys, parts, strict=True)) for parts in rows_in_cell(text, len(keys)))


def _dated(field: Field, text: str) -> str:
    """A date that lost its format in Excel is a count of days: 43830 is 2019-12-31."""
    if field.takes is Takes.DATE and re.fullmatch(r"[1-6]\d{4}", compact(text)):
        return (_EXCEL_EPOCH + timedelta(days=int(compact(text)))).isoformat()
    return text
