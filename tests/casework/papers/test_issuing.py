"""Every paper: what it says, its number, its bytes, and whom it names."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from casework.actors import Actor
from casework.papers.blanks import FOLDER, blank, write_blanks
from casework.papers.wording import PAPERS
from casework.recheck import stage
from records.transaction import transaction
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role

GROUP = Actor("group.zhou", Role.GROUP)


def text_of(data: bytes) -> str:
    """Everything a reader sees, line by line."""
    document = Document(io.BytesIO(data))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += ["｜".join(cell.text for cell in row.cells) for row in table.rows]
    return "\n".join(lines)


def decide(papers: Any) -> list[str]:
    """The group decides on the three cases of the panel; their numbers."""
    numbers = list(papers.panel.panel.cases.values())
    words = ("", "未达推荐比例。", "")
    choices = ("publicise", "not_select", "publicise")
    for no, choice, said in zip(numbers, choices, words, strict=True):
        with transaction(papers.panel.desk.engine) as tx:
            stage(
                tx, papers.panel.desk, no, choice, words=said, by=GROUP, as_of=at_time(date(2024, 7, 12), 9)
            )
    return numbers


@pytest.mark.clause("M24-7.3c")
def test_the_draw_record_says_what_was_fixed_drawn_and_seated(papers: Any) -> None:
    papers.draw()
    paper = papers.issue("draw_record")
    assert (paper.number, paper.file_name) == ("数遴抽〔2024〕1号", "专家抽取记录_B3-SJAQ-Z01第1轮.docx")
    text = text_of(paper.data)
    for said in (
        "遴选批次｜", "数据安全", "第1轮，抽取7人", "9人，SHA-256：", "0371529（双色球第2024075期）", "监督员示例",
        "2024年07月01日 09:00", "专家组人数｜7人｜", "R-1｜工作单位即申报单位｜1", "（待人工核定）｜1",
        "1｜示例专家1｜示例研究院", "抽取人（签名）：",
    ):  # fmt: skip
        assert said in text


@pytest.mark.clause("M24-7.3b")
def test_a_declaration_is_made_out_to_one_expert_alone(papers: Any) -> None:
    paper = papers.issue("declaration", 3)
    text = text_of(paper.data)
    assert "专家姓名｜示例专家3" in text
    assert [place for place in (1, 2, 4, 5, 6, 7) if f"示例专家{place}" in text] == []
    assert [no for no in papers.panel.panel.cases.values() if f"{no}｜" not in text] == []
    assert "近3年内在该单位" in text
    assert "示例专家" not in paper.file_name


@pytest.mark.clause("M24-7.3d")
def test_the_summary_of_the_count_gives_every_case_its_votes(papers: Any) -> None:
    text = text_of(papers.issue("ballot_summary").data)
    numbers = list(papers.panel.panel.cases.values())
    assert f"{numbers[0]}｜示例机构1｜5｜2｜0｜0｜" in text
    assert f"{numbers[1]}｜示例机构2｜4｜3｜0｜0｜" in text
    assert f"{numbers[2]}｜示例机构3｜5｜0｜2｜0｜" in text
    for said in (
        "office.jia、office.yi（须2人）",
        "推荐比例：表决人数的2/3，弃权计入表决人数。",
        "计入选票7张",
        "无。",
    ):
        assert said in text


@pytest.mark.clause("M24-7.3d", "M24-7.3b")
def test_the_report_ranks_and_quotes_without_names(voting: Any, papers_of: Any) -> None:
    for place, seat in enumerate(voting.seats):
        voting.vote(seat, comment=f"场地充足，\n经验丰富（{place}）。")
    voting.open()
    voting.count()
    text = text_of(papers_of(voting).issue("review_report").data)
    assert "B3-SJAQ-0001：场地充足， 经验丰富（0）。" in text
    assert text.count("第1位（签名）：") == 1
    assert "第7位（签名）：" in text
    assert "依法登记、制度规范、社会信用｜15｜" in text


@pytest.mark.clause("M24-7.4", "M24-7.3e")
def test_the_submission_lists_who_is_chosen_and_who_not_with_the_words(papers: Any) -> None:
    with pytest.raises(Refused, match="尚无复核决定，不能生成报批表"):
        papers.issue("recheck_submission")
    numbers = decide(papers)
    report = papers.issue("review_report").number
    text = text_of(papers.issue("recheck_submission").data)
    assert f"评审报告｜{report}" in text
    assert f"{numbers[0]}｜示例机构1｜5/7｜" in text
    assert f"{numbers[1]}｜示例机构2｜4/7｜未达推荐比例。" in text
    assert "名额｜2家（B3-1.3）" in text


@pytest.mark.clause("M24-7.3d", "M24-7.3b")
def test_the_minutes_of_a_meeting_tell_seats_and_what_was_said(papers: Any) -> None:
    with pytest.raises(Refused) as refused:
        papers.issue("minutes")
    assert str(refused.value) == (
        f"专家组{papers.panel.no}没有第1次会议的记录，请先用 linxuan panel meeting 登记。（M24-7.3d）"
    )
    papers.meet()
    paper = papers.issue("minutes")
    text = text_of(paper.data)
    assert paper.file_name == f"专家组会议记录_{papers.panel.no}第1次会议.docx"
    for said in (
        "会议｜第1次，2024年07月10日 09:00", "地点｜示例会议室", "出席｜1、2、3、4、5席，共5人（专家组7人，法定人数5人）",
        "B3-SJAQ-0001｜示例机构1", "逐件讨论，交换意见。", "随后投票。", "主持人（签名）：",
    ):  # fmt: skip
        assert said in text


@pytest.mark.clause("M24-7.3b")
def test_only_the_two_papers_meant_to_carry_names_name_an_expert(papers: Any) -> None:
    papers.draw()
    papers.meet()
    decide(papers)
    named = [kind for kind in PAPERS if "示例专家" in text_of(papers.issue(kind).data)]
    assert named == ["draw_record", "declaration"]


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize("role", [Role.APPLICANT, Role.RECOMMENDER, Role.PROVINCE, Role.CENTRE, Role.PANEL])
def test_who_may_not_see_members_gets_no_paper(papers: Any, role: Role) -> None:
    before = papers.panel.rows("SELECT count(*) FROM counter")
    for kind in PAPERS:
        with pytest.raises(Refused, match="专家组成员及评议情况保密"):
            papers.issue(kind, by=Actor("x", role, "50"))
    assert papers.panel.rows("SELECT count(*) FROM counter") == before


@pytest.mark.clause("M24-7.3d")
def test_the_same_paper_again_has_the_same_number_and_the_same_bytes(papers: Any) -> None:
    first = papers.issue("ballot_summary")
    later = papers.issue("ballot_summary", as_of=at_time(date(2025, 3, 3), 9))
    assert later == first
    assert len(papers.panel.noted("numbered")) == 1
    assert len(papers.panel.noted("issued")) == 2


@pytest.mark.clause("M24-7.3b")
def test_numbers_run_by_kind_and_year(papers: Any) -> None:
    numbers = [papers.issue("declaration", place).number for place in (2, 5)]
    numbers.append(papers.issue("declaration", 1, as_of=at_time(date(2025, 1, 1), 0)).number)
    numbers.append(papers.issue("declaration", 5).number)
    assert numbers == ["数遴诺〔2024〕1号", "数遴诺〔2024〕2号", "数遴诺〔2025〕1号", "数遴诺〔2024〕2号"]


def test_what_is_not_there_yet_is_refused_in_words_and_takes_no_number(board: Any, papers_of: Any) -> None:
    papers = papers_of(board)
    for kind, sentence in (
        ("draw_record", "第1轮尚未抽取，没有抽取记录"), ("ballot_summary", "尚未计票"), ("review_report", "尚未计票"),
        ("recheck_submission", "尚未计票"), ("poem", "没有“poem”这种文书，可用的有：draw_record（专家抽取记录）"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=sentence):
            papers.issue(kind)
    with pytest.raises(Refused, match="没有第8席"):
        papers.issue("declaration", 8)
    assert board.noted("numbered") == []


def test_words_of_an_institution_cannot_break_the_paper(papers: Any) -> None:
    papers.panel.spoil("UPDATE institution SET name = '示例<w:p>&{{ number }}机构' WHERE id = 1")
    assert "示例<w:p>&{{ number }}机构" in text_of(papers.issue("ballot_summary").data)


def test_an_offices_own_template_is_used_and_a_broken_one_refused(papers: Any, tmp_path: Path) -> None:
    own = Document()
    own.add_paragraph("本办公室格式 {{ number }}")
    own.save(str(tmp_path / "ballot_summary.docx"))
    assert text_of(papers.issue("ballot_summary", folder=tmp_path).data) == "本办公室格式 数遴票〔2024〕1号"
    for words in ("{{ nothing_like_it }}", "{{ number", "{{ number.__class__.__mro__ }}"):
        wrong = Document()
        wrong.add_paragraph(words)
        wrong.save(str(tmp_path / "ballot_summary.docx"))
        with pytest.raises(Refused, match="^文书模板 ballot_summary.docx 有误"):
            papers.issue("ballot_summary", folder=tmp_path)
    (tmp_path / "ballot_summary.docx").write_bytes(b"not a Word file")
    with pytest.raises(Refused, match="无法读取"):
        papers.issue("ballot_summary", folder=tmp_path)


@pytest.mark.parametrize("kind", PAPERS)
def test_the_built_in_templates_are_those_the_code_writes(kind: str) -> None:
    assert (FOLDER / f"{kind}.docx").read_bytes() == blank(PAPERS[kind])


def test_templates_name_chinese_fonts(tmp_path: Path) -> None:
    for path in write_blanks(tmp_path):
        words = zipfile.ZipFile(path).read("word/document.xml").decode()
        for font in ("宋体", "黑体", "仿宋"):
            assert f'w:eastAsia="{font}"' in words
