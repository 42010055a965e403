"""Sheets of experts, and importing them."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from casework.actors import Actor
from casework.desk import Desk
from casework.pool.columns import BY_KEY, COLUMNS
from casework.pool.importing import import_pool
from casework.pool.report import PoolReport
from casework.pool.samples import sample_experts
from records.transaction import reading

NOON = datetime(2024, 6, 22, 4, tzinfo=UTC)
EXPERTS = sample_experts(6, seed=1, occupations=("SJAQ", "MMGC"))

Row = dict[str, str]
Sheet = Callable[..., Path]
Import = Callable[..., PoolReport]
Stored = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def noon() -> datetime:
    """When these tests happen: 2024-06-22, noon in Shanghai."""
    return NOON


@pytest.fixture
def experts() -> list[Row]:
    """Six sound experts, as texts by column key."""
    return [dict(texts) for texts in EXPERTS]


@pytest.fixture
def row(experts: list[Row]) -> Row:
    """The first of them."""
    return experts[0]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Write rows of texts (by column key) as 专家.csv or 专家.xlsx, without the columns `without`."""

    def written(*rows: Mapping[str, str], name: str = "专家.csv", without: tuple[str, ...] = (),
                encoding: str = "utf-8-sig", headings: Mapping[str, str] | None = None) -> Path:  # fmt: skip
        keys = [column.key for column in COLUMNS if column.key not in without]
        heads = [(headings or {}).get(key, BY_KEY[key].heading) for key in keys]
        lines = [heads, *([each.get(key, "") for key in keys] for each in rows)]
        path = tmp_path / name
        if path.suffix == ".xlsx":
            book = Workbook()
            for line in lines:
                book.worksheets[0].append(line)
            book.save(path)
        else:
            text = io.StringIO(newline="")
            csv.writer(text).writerows(lines)
            path.write_bytes(text.getvalue().encode(encoding))
        return path

    return written


@pytest.fixture
def imported(desk: Desk, office: Actor, sheet: Sheet) -> Import:
    """Import rows of texts as the office, at noon."""

    def done(*rows: Mapping[str, str], partial: bool = False, by: Actor = office, as_of: datetime = NOON,
             **how: Any) -> PoolReport:  # fmt: skip
        return import_pool(desk, sheet(*rows, **how), by=by, as_of=as_of, partial=partial)

    return done


@pytest.fixture
def stored(desk: Desk) -> Stored:
    """The rows of a query, to look at what was written."""

    def found(sql: str) -> list[tuple[Any, ...]]:
        with reading(desk.engine) as tx:
            return tx.rows(sql)

    return found
