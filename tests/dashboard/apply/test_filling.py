"""The recommendation form online, page by page."""

import re

import pytest

from casework.applying.drafts import draft
from casework.history import show
from states.forms import FormKind, Section, Takes, form_of
from states.roles import Role


@pytest.fixture
def browser(as_role, unit):
    return as_role(Role.APPLICANT, unit.scope, "unit.lin")


def test_every_field_of_the_printed_form_that_is_the_applicants_stands_on_the_page(browser, written) -> None:
    page = browser.get(f"/apply/drafts/{written()}").text
    asked = {
        field.key
        for field in form_of(FormKind.EVALUATION).fields
        if field.section is not Section.RECOMMENDATION
    }
    assert {key for key in asked if f'id="f-{key}"' not in page} == set()


def test_begun_filled_checked_and_filed(browser, unit, send, desk, now, written) -> None:
    begun = send(browser, "/apply/begin", page="/apply", what=unit.what, channel=unit.sample.office.code)
    path = begun.headers["location"]
    assert begun.status_code == 303
    page = browser.get(path).text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    fields: dict[str, str] = {}
    for field in form_of(FormKind.EVALUATION).fields:
        if field.takes is Takes.ROWS:
            for number, row in enumerate(unit.rows[field.key]):
                fields |= {f"r.{field.key}.{number}.{column}": text for column, text in row.items()}
        elif field.key in unit.texts:
            fields[f"f.{field.key}"] = unit.texts[field.key]
    saved = send(browser, path, page=path, version=version, then="check", **fields)
    assert saved.headers["location"] == f"{path}/check"
    found = browser.get(f"{path}/check").text
    assert "还有1项需要改正" in found
    assert "必备材料不齐" in found
    for kind in ("registration_certificate", "credit_record"):
        tokens = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[-1] for name in ("csrf",)}
        kept = browser.post(
            f"{path}/papers",
            data={**tokens, "kind": kind},
            files={"paper": ("证书.pdf", b"%PDF-1.4\n", "application/pdf")},
        )
        assert kept.status_code == 303
    found = browser.get(f"{path}/check").text
    assert "可以提交" in found
    filed = send(browser, f"{path}/submit", page=f"{path}/check", version=str(int(version) + 1))
    assert filed.status_code == 303, filed.text
    case = browser.get(filed.headers["location"])
    assert "待推荐" in case.text
    assert browser.get(path).status_code == 404


@pytest.mark.clause("D-4")
def test_only_marked_fields_of_a_returned_case_can_be_written(
    browser, unit, send, desk, now, written
) -> None:
    from casework.applying.correcting import return_marked

    id_ = written()
    filed = send(browser, f"/apply/drafts/{id_}/submit", page=f"/apply/drafts/{id_}/check", version="2")
    no = filed.headers["location"].rpartition("/")[2]
    return_marked(desk, no, {"profile": "请写明行业地位"}, "", version=None, by=unit.recommender, as_of=now())
    assert "请写明行业地位" in browser.get(f"/apply/cases/{no}").text
    path = send(browser, f"/apply/cases/{no}/correct", page=f"/apply/cases/{no}").headers["location"]
    page = browser.get(path).text
    assert 'name="f.profile"' in page
    assert 'name="f.plan"' not in page
    fields = {"f.profile": "示例单位改写的基本情况。", "f.plan": "偷换的规划"}
    send(browser, path, page=path, version="1", **fields)
    mended = draft(desk, int(path.rpartition("/")[2]), unit.applicant)
    assert mended.cells.texts["profile"] == "示例单位改写的基本情况。"
    assert mended.cells.texts["plan"] != "偷换的规划"
    done = send(browser, f"{path}/submit", page=f"{path}/check", version="2")
    assert done.headers["location"] == f"/apply/cases/{no}", done.text
    assert show(desk, no, as_of=now()).stage == "submitted"


def upload(browser, path: str, name: str, content: bytes, kind: str = "credit_record"):
    token = re.findall(r'name="csrf" value="([^"]+)"', browser.get(path).text)[-1]
    return browser.post(
        f"{path}/papers",
        data={"csrf": token, "kind": kind},
        files={"paper": (name, content, "application/pdf")},
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("信用报告.pdf", b"<html><script>alert(1)</script>", "内容不是可以接收的类型"),
        ("信用报告.pdf", b"\x89PNG\r\n\x1a\n", "与文件名的后缀不符"),
        ("信用报告.pdf", b"", "是空的"),
        ("", b"%PDF-1.4\n", "请先选择文件"),
    ],
)
def test_a_paper_is_told_by_its_content(browser, written, name, content, says) -> None:
    answer = upload(browser, f"/apply/drafts/{written(papers=False)}", name, content)
    assert (answer.status_code, says in answer.text) == (422, True)


def test_a_hostile_file_name_is_made_harmless(browser, written, desk, unit) -> None:
    id_ = written(papers=False)
    assert upload(browser, f"/apply/drafts/{id_}", "../../etc/<b>x.pdf", b"%PDF-1.4\n").status_code == 303
    assert [each.name for each in draft(desk, id_, unit.applicant).papers] == ["bx.pdf"]


def test_who_saves_second_is_told_and_loses_nothing(browser, written, send) -> None:
    path = f"/apply/drafts/{written()}"
    send(browser, path, page=path, version="2", **{"f.profile": "同事先写的"})
    second = send(browser, path, page=path, version="2", **{"f.profile": "<script>后写的</script>"})
    assert second.status_code == 409
    assert "&lt;script&gt;后写的" in second.text
    assert "同事先写的" in second.text
    assert "<script>后写的" not in second.text


def test_another_institution_finds_nothing(written, as_role) -> None:
    path = f"/apply/drafts/{written()}"
    stranger = as_role(Role.APPLICANT, "999", "unit.stranger")
    assert {stranger.get(f"{path}{part}").status_code for part in ("", "/check", "/form.docx")} <= {404, 422}
