"""The notice to stamp says what was posted, under one number, in the same bytes every time."""

import io
from datetime import date
from typing import Any

import pytest
from docx import Document

from casework.actors import Actor
from casework.papers.blanks import blank
from casework.publicity.notice import KIND, PAPER, TEMPLATES, notice
from states.calendar import at_time

NOW = at_time(date(2024, 9, 27), 10)


@pytest.mark.clause("M24-7.4")
def test_the_notice_is_numbered_once_and_the_same_every_time(programme: Any, office: Actor) -> None:
    programme.bring(programme.begin(), "publicity")
    first, again = (notice(programme.desk, "B3-GS-01", by=office, as_of=NOW) for _ in range(2))
    assert (first.number, first.file_name) == ("数遴公〔2024〕1号", "公示_B3-GS-01.docx")
    assert first == again
    document = Document(io.BytesIO(first.data))
    said = [each.text for each in document.paragraphs]
    assert said[0] == "第三批评价机构拟入选名单公示"
    assert "按照遴选程序，现将第三批评价机构拟入选名单予以公示。" in said
    rows = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
    assert rows[1:] == [["1", "数据安全工程技术人员", "初级、中级", "示例机构1", "重庆市", "B3-SJAQ-0001"]]


def test_the_built_in_template_is_what_the_words_make() -> None:
    assert (TEMPLATES / f"{KIND}.docx").read_bytes() == blank(PAPER)
