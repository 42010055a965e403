"""The notice to stamp says what was posted, under one number, in the same bytes every time."""

import io
from datetime import date
from typing import Any

import pytest
from docx import Document

from casework.actors import Actor
from casework.calls import open_call
from casework.gate import advance
from casework.papers.blanks import blank
from casework.publicity.notice import KIND, PAPER, TEMPLATES, notice
from states.calendar import at_time
from states.roles import Role

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


@pytest.mark.clause("CQ23-1.4", "CQ23-4.4")
def test_each_publisher_has_a_notice_of_its_own_to_stamp(programme: Any, office: Actor) -> None:
    desk, posted = programme.desk, at_time(date(2023, 9, 27), 8)
    open_call(desk, "CQ23", by=office, as_of=at_time(date(2023, 6, 1), 9))
    for track, occupation, by in (
        ("evaluation", "RGZN", Actor("示例", Role.GROUP)),
        ("training", "WLWG", Actor("示例", Role.PROVINCE, "50")),
    ):
        filed = at_time(date(2023, 6, 5), 10)
        (id_,) = programme.begin(call="CQ23", track=track, occupation=occupation, as_of=filed)
        programme.spoil("DELETE FROM timer WHERE case_id = ?", id_)
        programme.spoil("UPDATE cases SET stage = 'decision', panel_recommends = 1 WHERE id = ?", id_)
        advance(desk, "publicise", [id_], by=by, as_of=posted)
    told = []
    for no in ("CQ23-GS-01", "CQ23-GS-02"):
        document = Document(io.BytesIO(notice(desk, no, by=office, as_of=posted).data))
        rows = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
        told.append((document.paragraphs[0].text, rows["发布"], document.paragraphs[-1].text))
    evaluation, training = told
    assert evaluation[1:] == ("工程指导协调小组（CQ23-1.4）", "（工程指导协调小组盖章）　　2023年9月27日")
    assert training[1:] == (
        "重庆市人力资源和社会保障局（CQ23-1.4）", "（重庆市人力资源和社会保障局盖章）　　2023年9月27日",
    )  # fmt: skip
    assert (
        evaluation[0].endswith("评价机构拟入选名单公示"),
        training[0].endswith("培训机构拟入选名单公示"),
    ) == (True, True)


def test_the_built_in_template_is_what_the_words_make() -> None:
    assert (TEMPLATES / f"{KIND}.docx").read_bytes() == blank(PAPER)
