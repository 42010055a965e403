"""The report form: prefilled, written, read back the same; what is no such form is refused in words (M24-9.1)."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.renewals.about import About, about
from casework.renewals.form_reading import read_bytes, read_form
from casework.renewals.form_writing import form_bytes
from states.duties.figures import Figures, YearFigures
from states.refusals import Refused
from states.renewals.checking import Asked, problems
from states.renewals.report import TEXTS, Consent, Filled, Term, figures_of
from states.renewals.windows import Phase, Window

ASKED = Asked("evaluation", "初级、中级", Term(1, date(2024, 10, 10), date(2027, 10, 10)), date(2027, 5, 10))
WINDOW = Window(date(2027, 4, 10), date(2027, 7, 10), date(2027, 10, 10), Phase.OPEN, 43)
ABOUT = About(
    "B3-SJAQ-0001", "示例机构", "91110000600037341L", "数据安全工程技术人员", "初级、中级", ASKED, WINDOW,
    {2025: YearFigures(2025, 3, {"初级": Figures(70, 60, 60), "中级": Figures(30, 20, 20)})},
)  # fmt: skip
FULL = Filled(
    {year: {each.key: 0 if not each.money else Decimal(0) for each in figures_of(ASKED.levels)} for year in ABOUT.years},
    {each.key: f"{each.label}的示例。\n第二段。" for each in TEXTS}, "示例负责人", date(2027, 5, 9),
    Consent("示例行业主管部门", "示例函〔2027〕1号", date(2027, 5, 8)),
)  # fmt: skip


@pytest.mark.clause("M24-9.1")
def test_a_filled_form_reads_back_the_same() -> None:
    assert read_bytes(form_bytes(ABOUT, FULL), "报告.docx", ABOUT) == FULL
    assert problems(FULL, ASKED) == ()


numbers = st.integers(0, 10**6)
texts = st.text(st.sampled_from("甲乙丙丁，。 12%（）\n"), min_size=1, max_size=40).map(
    lambda text: "\n".join(line.strip() for line in text.split("\n")).strip("\n") or "示例"
)


@pytest.mark.clause("M24-9.1")
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_written_is_what_is_read(data: Any) -> None:
    figures = {
        year: {
            each.key: Decimal(data.draw(numbers)) / 100 if each.money else data.draw(numbers)
            for each in figures_of(ASKED.levels)
        }
        for year in ABOUT.years
    }
    said = {each.key: data.draw(texts) for each in TEXTS}
    filled = Filled(
        figures, said, "示例负责人", data.draw(st.dates(date(2019, 1, 1), date(2030, 12, 31))), FULL.consent
    )
    found = read_bytes(form_bytes(ABOUT, filled), "报告.docx", ABOUT)
    assert (found.figures, found.signed_on, found.consent) == (
        filled.figures,
        filled.signed_on,
        filled.consent,
    )
    collapsed = {key: [line for line in text.split("\n") if line] for key, text in said.items()}
    assert {
        key: [line for line in text.split("\n") if line] for key, text in found.texts.items()
    } == collapsed


@pytest.mark.clause("M24-9.1", "M24-14")
def test_a_blank_form_has_what_is_known_printed_in_and_the_same_bytes_each_time() -> None:
    blank = form_bytes(ABOUT)
    assert blank == form_bytes(ABOUT)
    assert read_bytes(blank, "空白.docx", ABOUT).figures == {
        2025: {"junior": 70, "middle": 30, "passed": 80, "certificates": 80, "sessions": 3}
    }
    printed = "\n".join(cell.text for row in Document(io.BytesIO(blank)).tables[0].rows for cell in row.cells)
    assert [
        word
        for word in ("示例机构", "91110000600037341L", "第1个，2024年10月10日至2027年10月10日", "2027年")
        if word not in printed
    ] == []


@pytest.mark.clause("M24-9.1")
def test_what_is_no_number_is_kept_as_written_for_the_rules_to_refuse() -> None:
    odd: dict[str, Any] = {"junior": "-5", "middle": "若干", "sessions": "1.5", "passed": 1200}
    figures = {**FULL.figures, 2025: {**FULL.figures[2025], **odd}}
    found = read_bytes(form_bytes(ABOUT, Filled(figures, FULL.texts)), "报告.docx", ABOUT)
    assert {key: found.figures[2025][key] for key in odd} == odd


@pytest.mark.clause("M24-9.1")
def test_numbers_and_days_are_read_as_people_write_them() -> None:
    figures = {
        **FULL.figures,
        2025: {**FULL.figures[2025], "junior": "1,200人次", "fees": "1.2万元", "middle": "一百二十"},
    }
    filled = Filled(figures, FULL.texts, "示例", "2027.5.9")
    found = read_bytes(form_bytes(ABOUT, filled), "报告.docx", ABOUT)
    assert [found.figures[2025][key] for key in ("junior", "middle", "fees")] == [1200, 120, Decimal(12000)]
    assert found.signed_on == date(2027, 5, 9)


def table_edited(edit: Any) -> bytes:
    document = Document(io.BytesIO(form_bytes(ABOUT, FULL)))
    edit(document)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def doubled(document: Any) -> None:
    from copy import deepcopy

    table = document.tables[0]._tbl
    table.addnext(deepcopy(table))


def without_years(document: Any) -> None:
    table = document.tables[0]
    table._tbl.remove(table.rows[3]._tr)


def year_in_words(document: Any) -> None:
    document.tables[0].rows[3].cells[-1].paragraphs[0].runs[0].text = "去年"


def year_twice(document: Any) -> None:
    document.tables[0].rows[3].cells[-1].paragraphs[0].runs[0].text = "2026年"


@pytest.mark.clause("M24-9.1")
@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (doubled, "“报告.docx”里有两份续期报告表，请每个文件只放一份。（M24-9.1）"),
        (
            without_years,
            "“报告.docx”的数据表中“初级评价人次（人次）”有不属于任何年份的数据，请核对。（M24-9.1）",
        ),
        (year_in_words, "“报告.docx”的数据表中年份“去年”无法识别为年份，请填写四位年份，如2023。（M24-9.1）"),
        (year_twice, "“报告.docx”的数据表中有重复的年份，请每年只留一列。（M24-9.1）"),
    ],
)
def test_a_form_that_cannot_be_told_is_refused(edit: Any, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read_bytes(table_edited(edit), "报告.docx", ABOUT)
    assert str(refused.value) == why


@pytest.mark.clause("M24-9.1")
def test_the_report_of_another_listing_is_refused() -> None:
    other = About(
        "B3-SJAQ-0002",
        *(
            getattr(ABOUT, name)
            for name in ("institution", "uscc", "occupation", "levels", "asked", "window", "known")
        ),
    )
    with pytest.raises(Refused, match="是申报B3-SJAQ-0002的报告，不是B3-SJAQ-0001的"):
        read_bytes(form_bytes(other, FULL), "报告.docx", ABOUT)


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * 30_000_000)
    return packed.getvalue()


@pytest.mark.clause("M24-11.6a", "M24-9.1")
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("报告.doc", b"x", "不是 .docx 文件"), ("报告.docx", b"", "是空文件"), ("报告.docx", b"%PDF-1.7", "实际是PDF 文件"),
        ("报告.docx", b"PK\x03\x04", "已损坏"), ("报告.docx", bomb(), "体积异常"),
    ],
)  # fmt: skip
def test_hostile_and_damaged_files_are_refused(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused, match=why):
        read_form(path, ABOUT)


@pytest.mark.clause("M24-9.1")
def test_a_listing_knows_what_is_printed_on_its_form(listed: Any) -> None:
    found = about(listed.desk, listed.no, as_of=listed.at(2027, 5, 4, 10))
    assert (found.case_no, found.years, found.window.closes, found.asked.term.number) == (
        "B3-SJAQ-0001", (2024, 2025, 2026, 2027), date(2027, 7, 10), 1,
    )  # fmt: skip
