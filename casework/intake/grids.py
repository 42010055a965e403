"""The tables of a Word document as rows of cells, merged cells known for what they are."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from casework.intake.word_text import attribute, child, local, number, pieces_below, text_of


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text and the grid columns it covers, `right` excluded.

    `continued`: it is the lower part of a cell that began in a row above; its text is empty then.
    """

    text: str
    left: int
    right: int
    continued: bool = False


Row = tuple[Cell, ...]


def stories(body: etree._Element) -> Iterator[Row | str]:
    """The document in reading order: a paragraph outside tables as its text, a table as its rows."""
    for block in body:
        name = local(block)
        if name == "tbl":
            yield from rows_of(block)
        elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"):
            yield from stories(block)
        elif name == "p":
            yield text_of(block)


def rows_of(table: etree._Element) -> Iterator[Row]:
    """The rows of a table, without those a tracked change deletes."""
    for row in pieces_below(table, "tr"):
        properties = child(row, "trPr")
        if child(properties, "del") is not None:
            continue
        before = child(properties, "gridBefore")
        yield tuple(_cells(row, number(before, "val")))


def _cells(row: etree._Element, left: int) -> Iterator[Cell]:
    for cell in pieces_below(row, "tc"):
        properties = child(cell, "tcPr")
        span = child(properties, "gridSpan")
        width = max(1, number(span, "val", default=1))
        across = child(properties, "hMerge")
        down = child(properties, "vMerge")
        continued = any(
            merge is not None and attribute(merge, "val") in (None, "continue") for merge in (across, down)
        )
        yield Cell("" if continued else text_of(cell), left, left + width, continued)
        left += width
