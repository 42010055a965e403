"""The pool: listed, searched, imported as a whole or not at all, suspended for a reason."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from casework.pool.samples import sample_experts
from casework.pool.writing import write_pool_sheet
from states.roles import Role


def codes(text: str) -> list[str]:
    return re.findall(r'href="/experts/(ZJ\d+)"', text)


@pytest.fixture
def sheet(tmp_path: Path, now) -> bytes:
    path = tmp_path / "experts.xlsx"
    write_pool_sheet(path, sample_experts(5, seed=1, occupations=["SJAQ"], day=now().date()))
    return path.read_bytes()


def hand_in(browser, content: bytes, name: str = "experts.xlsx"):
    shown = browser.get("/experts/import").text
    tokens = {key: re.findall(rf'name="{key}" value="([^"]+)"', shown)[-1] for key in ("csrf", "once")}
    return browser.post("/experts/import", data=tokens, files={"file": (name, io.BytesIO(content))})


@pytest.mark.clause("M24-7.3c")
def test_the_pool_is_listed_by_code_and_searched_by_name(panels, as_role) -> None:
    office = as_role(Role.OFFICE)
    assert codes(office.get("/experts").text) == [f"ZJ{n:06d}" for n in range(1, 41)]
    assert codes(office.get("/experts?search=研究院7号").text) == ["ZJ000007"]
    assert codes(office.get("/experts?after=ZJ000038").text) == ["ZJ000039", "ZJ000040"]


def test_the_workbook_holds_what_the_list_shows(panels, as_role) -> None:
    answer = as_role(Role.AUDITOR).get("/experts/list.xlsx?search=研究院7号")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert [row[0] for row in rows] == ["编号", "ZJ000007"]


@pytest.mark.clause("M24-7.3c")
def test_a_sheet_is_imported_as_a_whole(as_role, b3, sheet) -> None:
    office = as_role(Role.OFFICE)
    assert "新增5人。" in hand_in(office, sheet).text
    assert len(codes(office.get("/experts").text)) == 5


def test_one_wrong_row_and_nothing_is_imported(as_role, b3, sheet) -> None:
    book = load_workbook(io.BytesIO(sheet))
    book.worksheets[0].cell(row=book.worksheets[0].max_row, column=1).value = ""
    out = io.BytesIO()
    book.save(out)
    office = as_role(Role.OFFICE)
    answer = hand_in(office, out.getvalue())
    assert (answer.status_code, "整份文件没有导入" in answer.text) == (422, True)
    assert codes(office.get("/experts").text) == []


def test_what_is_no_sheet_is_refused_in_words(as_role, b3) -> None:
    answer = hand_in(as_role(Role.OFFICE), b"<html>", "名册.html")
    assert (answer.status_code, "只能导入 .xlsx 或 .csv 文件" in answer.text) == (422, True)


@pytest.mark.clause("M24-7.3c")
def test_an_expert_is_suspended_for_a_reason_and_brought_back(panels, as_role, send) -> None:
    office, path = as_role(Role.OFFICE), "/experts/ZJ000003"
    wordless = send(office, f"{path}/standing", page=path, step="suspend", reason="")
    assert wordless.status_code == 422
    assert send(office, f"{path}/standing", page=path, step="suspend", reason="出国一年").status_code == 303
    assert "暂停" in office.get(path).text
    assert send(office, f"{path}/standing", page=path, step="reinstate", reason="已回国").status_code == 303


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize("role", [Role.CENTRE, Role.PROVINCE, Role.APPLICANT, Role.RECOMMENDER])
def test_others_do_not_look_into_the_pool(panels, as_role, role) -> None:
    assert as_role(role, "50").get("/experts").status_code == 403
