"""A table of many rows: which columns show, sorted by what, filtered how, and where its next page begins.

Pages are kept by key and not by number: the next page asks for what comes after the last row's sort value and id.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from dashboard.visit import Visit

PAGE = 50
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in addresses, its word, its SQL when it sorts (never NULL), and how it aligns (``num``)."""

    name: str
    word: str
    sorts: str = ""
    align: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One look at a table. ``after`` is the key the page begins behind, ``next`` that of its last row."""

    path: str
    columns: tuple[Column, ...]
    shown: tuple[Column, ...]
    sort: Column
    down: bool
    kept: tuple[tuple[str, str], ...]
    filtered: bool
    after: tuple[Any, ...] | None = None
    next: tuple[Any, ...] | None = None

    @property
    def direction(self) -> str:
        """As aria-sort says it."""
        return "descending" if self.down else "ascending"

    def sorted_by(self, column: Column) -> bool:
        """Whether the rows stand in this column's order."""
        return column.name == self.sort.name

    def sort_link(self, column: Column) -> str:
        """To the same rows in this column's order; the other way round when they are."""
        down = self.sorted_by(column) and not self.down
        return self._link(sort=f"-{column.name}" if down else column.name)

    @property
    def first_link(self) -> str:
        """To the first page."""
        return self._link(sort=self._sort)

    @property
    def next_link(self) -> str:
        """To the page after this one."""
        return self._link(sort=self._sort, after=_packed(self.next or ()))

    def beyond(self, id_column: str) -> tuple[str, list[Any]]:
        """SQL (without WHERE) for the rows of this page onwards, and its values."""
        if self.after is None:
            return "1 = 1", []
        sign = "<" if self.down else ">"
        return f"({self.sort.sorts}, {id_column}) {sign} (?, ?)", list(self.after)

    def order(self, id_column: str) -> str:
        """SQL after ORDER BY, and the limit: one row more than the page shows."""
        way = "DESC" if self.down else "ASC"
        return f"{self.sort.sorts} {way}, {id_column} {way} LIMIT {PAGE + 1}"

    def cut(
        self, rows: Sequence[Row], key: Callable[[Row], tuple[Any, ...]]
    ) -> tuple["Table", Sequence[Row]]:
        """The table with its next page known, and the rows to show; ``key(row)`` gives (sort value, id)."""
        if len(rows) <= PAGE:
            return self, rows
        return replace(self, next=key(rows[PAGE - 1])), rows[:PAGE]

    @property
    def _sort(self) -> str:
        return f"-{self.sort.name}" if self.down else self.sort.name

    def _link(self, **extra: str) -> str:
        kept = [pair for pair in self.kept if pair[0] not in extra]
        return f"{self.path}?{urlencode([*kept, *extra.items()])}"


def read_table(
    visit: Visit, columns: Sequence[Column], sort: str, filters: Sequence[str] = (), path: str = ""
) -> Table:
    """The table a request asks for. ``sort`` is the order when none is asked, ``-name`` for downwards.

    ``filters`` are the names of the filter's fields. What makes no sense in an address (an unknown column, a key
    that was changed) is ignored: the reader sees the first page in the usual order.
    """
    query = visit.request.query_params
    known = {column.name: column for column in columns}
    asked = query.get("sort", sort)
    by = known.get(asked.lstrip("-"))
    if by is None or not by.sorts:
        asked, by = sort, known[sort.lstrip("-")]
    wanted = set(query.getlist("show"))
    shown = tuple(each for each in columns if (each.name in wanted if wanted else not each.optional))
    filled = [(name, query[name]) for name in filters if query.get(name)]
    kept = [*filled, *(("show", each.name) for each in shown if wanted)]
    return Table(
        path or visit.request.url.path, tuple(columns), shown, by, asked.startswith("-"), tuple(kept), bool(filled),
        _unpacked(query.get("after", "")),
    )  # fmt: skip


def _packed(key: tuple[Any, ...]) -> str:
    return urlsafe_b64encode(json.dumps(list(key), default=str).encode()).decode()


def _unpacked(text: str) -> tuple[Any, ...] | None:
    try:
        key = json.loads(urlsafe_b64decode(text.encode())) if text else None
    except (Error, ValueError):
        return None
    if not (isinstance(key, list) and len(key) == 2 and all(isinstance(each, str | int) for each in key)):
        return None
    return tuple(key)
