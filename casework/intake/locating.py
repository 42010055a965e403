"""Finding each field of a form by its printed label, wherever on the page it ended up.

Nothing is taken from fixed coordinates: people merge and split cells, add and delete rows, and break the
table in two.
"""

import re
from collections.abc import Iterable, Sequence

from casework.intake.cells import Cells
from casework.intake.characters import NOTHING, compact
from casework.intake.closing import closing_texts
from casework.intake.grids import Cell, Row
from casework.intake.labels import Labels, labels_of, spelled
from states.forms import Column, Field, Form, Takes

_CLOSING = re.compile(r"^(承诺$|承诺本单位|推荐理由|推荐单位)")
_NOTES = re.compile(r"^注(1|$)")
_HEADINGS = frozenset({"申报单位基本情况", "已有基础", "下一步工作方案"})


class LabelTwice(Exception):
    """A label that a form has once was met a second time: two forms in one file. `str()` is the label."""


def located(form: Form, stories: Iterable[Row | str]) -> Cells:
    """The texts and rows of the document's `stories`, by the fields of `form`. LabelTwice as said there."""
    body = _Body(form)
    closing: list[str] = []
    for story in stories:
        text = story if isinstance(story, str) else "  ".join(cell.text for cell in story if cell.text)
        first = spelled(text)
        if closing and _NOTES.match(first):
            break
        if closing or (not isinstance(story, str) and _CLOSING.match(first)):
            closing.append(text)
        elif not isinstance(story, str):
            body.take(story)
    return Cells({**body.texts, **closing_texts("\n".join(closing))}, body.tables())


class _Body:
    """The rows above the commitment, taken one after the other."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.labels: Labels = labels_of(form)
        self.texts: dict[str, str] = {}
        self.rows: dict[str, list[dict[str, str]]] = {}
        self.header: tuple[str, list[tuple[Column, Cell]]] | None = None
        self.pending: Field | None = None
        self.group_at: dict[int, str] = {}

    def tables(self) -> dict[str, tuple[dict[str, str], ...]]:
        return {key: tuple(rows) for key, rows in self.rows.items()}

    def take(self, row: Row) -> None:
        if header := self._header(row):
            self.header = header
            return
        labelled = [cell for cell in row if self.labels.leads(cell.text)]
        if self.header and not self._leaves_table(labelled):
            self._data(row)
            return
        self.header = None
        filled = [cell for cell in row if compact(cell.text)]
        if len(filled) == 1 and spelled(filled[0].text) in _HEADINGS:
            return
        if self.pending and not labelled and len(filled) == 1:
            self._keep(self.pending, filled[0].text)
            self.pending = None
            return
        self.pending = None
        if labelled and spelled(labelled[0].text) in self.labels.fields:
            self.group_at.clear()
        self._pairs(row)

    def _header(self, row: Row) -> tuple[str, list[tuple[Column, Cell]]] | None:
        """The table whose column labels this row prints, and where they stand."""
        for key, columns in self.labels.columns.items():
            found: list[tuple[Column, Cell]] = []
            begun = strangers = 0
            for cell in row:
                label = spelled(cell.text)
                taken = {column.key for column, _ in found}
                column = next((c for c, names in columns if label in names and c.key not in taken), None)
                if column:
                    found.append((column, cell))
                    begun = 1
                else:
                    strangers += begun
            if len(found) >= max(2, (len(columns) + 1) // 2) and len(found) > strangers:
                return key, found
        return None

    def _leaves_table(self, labelled: Sequence[Cell]) -> bool:
        key = self.header[0] if self.header else ""
        return any(
            (table := self.labels.tables.get(spelled(cell.text))) is None or table.key != key
            for cell in labelled
        )

    def _data(self, row: Row) -> None:
        if self.header is None:
            return
        key, columns = self.header
        cells = [cell for cell in row if not cell.continued and spelled(cell.text) not in self.labels.tables]
        if len(cells) == len(columns) + 1 and not compact(cells[0].text):
            cells = cells[1:]
        if len(cells) == len(columns):
            texts = {column.key: cell.text for (column, _), cell in zip(columns, cells, strict=True)}
        else:
            texts = _by_place(columns, cells)
        if key == "法定代表人":
            self.texts |= {name: text for name, text in texts.items() if text}
            self.header = None
        elif any(compact(text) not in NOTHING for text in texts.values()):
            self.rows.setdefault(key, []).append(texts)

    def _pairs(self, row: Row) -> None:
        """Labels with their values beside them: everything up to the next label belongs to the last."""
        group = ""
        current: Field | None = None
        values: list[str] = []
        for cell in row:
            label = spelled(cell.text)
            own = self.labels.groups.get(group, {})
            done = current is None or any(values)
            if cell.continued or (not label and done and cell.left in self.group_at):
                self._settle(current, values)
                current, group = None, self.group_at.get(cell.left, group)
            elif field := self.labels.fields.get(label) or own.get(label):
                self._settle(current, values)
                current, values = field, []
            elif label in self.labels.groups:
                self._settle(current, values)
                current, group = None, label
                self.group_at[cell.left] = label
            elif label in self.labels.tables:
                self._settle(current, values)
                current = None
            elif current is not None:
                values.append(cell.text)
            else:
                self._one_cell(cell.text)
        if current is not None and not values:
            self.pending = current
        self._settle(current, values)

    def _one_cell(self, text: str) -> None:
        """A label and its value typed into one cell: 单位名称：示例学会."""
        label, colon, value = text.replace(":", "：").partition("：")
        field = self.labels.fields.get(spelled(label)) if colon else None
        if field is not None:
            self._keep(field, value)

    def _settle(self, field: Field | None, values: list[str]) -> None:
        if field is not None:
            self._keep(field, "".join(values))
            values.clear()

    def _keep(self, field: Field, text: str) -> None:
        earlier = self.texts.get(field.key)
        if earlier is None:
            self.texts[field.key] = text
        elif field.takes is Takes.LONG_TEXT:
            # A page break made people repeat the label and go on writing.
            self.texts[field.key] = f"{earlier}\n{text}".strip("\n")
        elif text and not earlier:
            self.texts[field.key] = text
        elif field.key == "uscc":
            raise LabelTwice(field.name)


def _by_place(columns: Sequence[tuple[Column, Cell]], cells: Sequence[Cell]) -> dict[str, str]:
    """Each cell under the column it overlaps most, when a row was split otherwise than its heading."""
    texts: dict[str, str] = {}
    for cell in cells:
        shared = [min(cell.right, head.right) - max(cell.left, head.left) for _, head in columns]
        best = max(range(len(columns)), key=shared.__getitem__)
        if shared[best] > 0 and cell.text:
            key = columns[best][0].key
            texts[key] = f"{texts[key]}{cell.text}" if key in texts else cell.text
    return texts
