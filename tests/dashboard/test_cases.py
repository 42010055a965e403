"""Cases: found, shown whole, moved from their page, and what each refuses."""

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from casework.actors import Actor
from casework.gate import Wanted, advance
from casework.handed_in import Paper, keep_papers
from dashboard.cases.papers import kind_of
from records.transaction import reading, transaction
from states.roles import Role

NO = "B3-SJAQ-0001"


def stage_of(desk, no: str = NO) -> str:
    with reading(desk.engine) as tx:
        return tx.one("SELECT stage FROM cases WHERE no = ?", (no,))[0]


def tokens(page: str, *names: str) -> dict[str, str]:
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[-1] for name in names}


def test_cases_are_found_by_name_code_and_number(filed, as_role) -> None:
    filed(3)
    browser = as_role(Role.OFFICE)
    found = {
        text: browser.get("/cases", params={"q": text}).text.count('href="/cases/B3-')
        for text in ("外泄单位1", "b3-sjaq-0002", "B3-SJAQ", "没有这样的单位", "100%_", "'; DROP TABLE cases")
    }
    assert found == {
        "外泄单位1": 1, "b3-sjaq-0002": 1, "B3-SJAQ": 3, "没有这样的单位": 0, "100%_": 0, "'; DROP TABLE cases": 0,
    }  # fmt: skip


def test_pages_are_turned_by_key(filed, as_role) -> None:
    filed(51)
    browser = as_role(Role.OFFICE)
    first = browser.get("/cases").text
    assert first.count('href="/cases/B3-') == 50
    onward = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert browser.get(onward).text.count('href="/cases/B3-') == 1


def test_the_columns_chosen_are_kept_for_whoever_chose_them(filed, as_role, send) -> None:
    filed(1)
    mine = as_role(Role.OFFICE)
    send(mine, "/cases/columns", page="/cases", show=["no", "uscc"], filters="")
    assert mine.get("/cases").text.count('<th scope="col"') == 2
    assert as_role(Role.HEAD).get("/cases").text.count('<th scope="col"') == 7


def test_the_workbook_has_the_columns_chosen(filed, as_role, send) -> None:
    filed(2)
    browser = as_role(Role.OFFICE)
    send(browser, "/cases/columns", page="/cases", show=["no", "stage"], filters="")
    sheet = load_workbook(io.BytesIO(browser.get("/cases.xlsx").content)).active
    assert [[cell.value for cell in row] for row in sheet] == [
        ["编号", "环节"], ["B3-SJAQ-0001", "待推荐"], ["B3-SJAQ-0002", "待推荐"],
    ]  # fmt: skip


def test_a_case_says_where_it_stands_and_why_other_moves_are_not_possible(filed, as_role, desk, now) -> None:
    filed(1)
    shown = as_role(Role.RECOMMENDER, "P50").get(f"/cases/{NO}").text
    assert "为什么是这一天" in shown
    assert f'href="/cases/{NO}/move/recommend"' in shown
    assert "本环节现在不能办理的" in shown
    assert f'href="/cases/{NO}/move/recommend"' not in as_role(Role.AUDITOR).get(f"/cases/{NO}").text


def test_a_move_is_previewed_with_its_letters_and_changes_nothing_until_it_is_done(
    filed, as_role, desk, now
) -> None:
    filed(1)
    browser = as_role(Role.RECOMMENDER, "P50")
    asked = browser.get(f"/cases/{NO}/move/decline").text
    stated = {**tokens(asked, "csrf", "version"), "in-reason": "不符合本市遴选条件"}
    previewed = browser.post(f"/cases/{NO}/move/decline/preview", data=stated)
    assert previewed.status_code == 200
    assert "不符合本市遴选条件" in previewed.text
    assert "将发出1封通知" in previewed.text
    assert stage_of(desk) == "submitted"
    done = browser.post(
        f"/cases/{NO}/move/decline", data={**stated, **tokens(previewed.text, "csrf", "once"), "then": "stay"}
    )
    assert (done.status_code, done.headers["location"]) == (303, f"/cases/{NO}")
    assert stage_of(desk) == "declined"


def test_a_double_click_moves_once_and_leads_to_the_same_place(filed, as_role, desk, now) -> None:
    filed(1)
    browser = as_role(Role.RECOMMENDER, "P50")
    stated = {
        **tokens(browser.get(f"/cases/{NO}/move/decline").text, "csrf", "version"),
        "in-reason": "不符合",
    }
    sure = tokens(browser.post(f"/cases/{NO}/move/decline/preview", data=stated).text, "csrf", "once")
    first, second = (browser.post(f"/cases/{NO}/move/decline", data={**stated, **sure}) for _ in range(2))
    assert (first.headers["location"], second.headers["location"]) == (f"/cases/{NO}", f"/cases/{NO}")


def test_who_comes_second_is_told_who_was_first_and_keeps_what_was_typed(filed, as_role, desk, now) -> None:
    filed(1)
    browser = as_role(Role.RECOMMENDER, "P50")
    stated = {
        **tokens(browser.get(f"/cases/{NO}/move/decline").text, "csrf", "version"),
        "in-reason": "我写的意见",
    }
    other = Actor("chongqing.two", Role.RECOMMENDER, "P50")
    advance(
        desk,
        "decline",
        [Wanted(1)],
        by=other,
        as_of=now() + timedelta(minutes=1),
        inputs={"reason": "另一人"},
    )
    now.at += timedelta(minutes=2)
    answer = browser.post(f"/cases/{NO}/move/decline", data=stated)
    assert answer.status_code == 409
    assert "推荐单位（chongqing.two）已先于6月12日10:01办理“不予推荐”" in answer.text


def test_a_case_that_only_gained_something_keeps_what_was_typed_in_its_form(
    filed, as_role, desk, now
) -> None:
    filed(1)
    browser = as_role(Role.RECOMMENDER, "P50")
    stated = {**tokens(browser.get(f"/cases/{NO}/move/decline").text, "csrf"), "version": "0"}
    answer = browser.post(f"/cases/{NO}/move/decline", data={**stated, "in-reason": "我写的意见"})
    assert (answer.status_code, "我写的意见</textarea>" in answer.text) == (409, True)


def test_what_is_missing_is_said_in_words(filed, as_role, desk, now) -> None:
    filed(1)
    browser = as_role(Role.RECOMMENDER, "P50")
    stated = tokens(browser.get(f"/cases/{NO}/move/decline").text, "csrf", "version")
    answer = browser.post(f"/cases/{NO}/move/decline/preview", data=stated)
    assert (answer.status_code, "“不予推荐”须填写" in answer.text) == (422, True)


def test_done_leads_on_to_the_next_case_that_waits(filed, as_role, desk, now) -> None:
    filed(2)
    browser = as_role(Role.RECOMMENDER, "P50")
    stated = {
        **tokens(browser.get(f"/cases/{NO}/move/decline").text, "csrf", "version"),
        "in-reason": "不符合",
    }
    done = browser.post(f"/cases/{NO}/move/decline", data={**stated, "then": "next"})
    assert done.headers["location"] == "/cases/B3-SJAQ-0002"


def test_notes_stay_in_the_office_that_wrote_them(filed, as_role, send, desk, now) -> None:
    filed(1)
    office, head = as_role(Role.OFFICE), as_role(Role.HEAD)
    send(office, f"/cases/{NO}/notes", page=f"/cases/{NO}", words="电话核实过<b>")
    readers = {
        "office": office, "head": head, "auditor": as_role(Role.AUDITOR),
        "recommender": as_role(Role.RECOMMENDER, "P50"), "applicant": as_role(Role.APPLICANT, "1"),
    }  # fmt: skip
    shown = {
        name: "电话核实过&lt;b&gt;" in browser.get(f"/cases/{NO}").text for name, browser in readers.items()
    }
    assert shown == {"office": True, "head": True, "auditor": True, "recommender": False, "applicant": False}


@pytest.mark.clause("M24-11.6a")
def test_a_note_with_an_identity_number_is_refused(filed, as_role, send) -> None:
    filed(1)
    answer = send(as_role(Role.OFFICE), f"/cases/{NO}/notes", page=f"/cases/{NO}", words="11010519491231002X")
    assert (answer.status_code, "备注中含有居民身份证号" in answer.text) == (422, True)


@pytest.fixture
def paper(filed, installation, now):
    """Hands in a paper of the first case; its address."""
    filed(1)

    def hand_in(name: str, content: bytes) -> str:
        with transaction(installation.engine) as tx:
            keep_papers(
                tx, 1, [Paper("credit_record", name, content)], at=now(), store=installation.store_material
            )
            row = tx.one("SELECT max(id) FROM material")
        return f"/cases/{NO}/materials/{row[0]}"

    return hand_in


@pytest.mark.clause("M24-11.6a")
def test_who_opens_a_paper_is_on_record(paper, as_role, desk) -> None:
    where = paper("信用.txt", "示例内容".encode())
    browser = as_role(Role.OFFICE)
    assert browser.get(where).content.decode() == "示例内容"
    with reading(desk.engine) as tx:
        told = tx.rows("SELECT actor, name, clause FROM audit WHERE kind = 'material'")
    assert told == [("office:office.x", "opened", "M24-11.6a")]
    assert as_role(Role.PROVINCE, "46").get(where).status_code == 404


def test_a_page_named_pdf_is_only_ever_a_file_to_save(paper, as_role) -> None:
    where = paper("../../坏<script>.pdf", b"\x00<html><script>alert(1)</script>")
    answer = as_role(Role.OFFICE).get(f"{where}/view")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''B3-SJAQ-0001-1-")
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 x", "application/pdf"), (b"\x89PNG\r\n\x1a\nx", "image/png"), (b"\xff\xd8\xffx", "image/jpeg"),
        ("文字\n".encode(), "text/plain; charset=utf-8"), ("文字".encode("gb18030"), "text/plain; charset=gb18030"),
        (b"<html>", "text/plain; charset=utf-8"), (b"PK\x03\x04", None), (b"GIF89a\x01", None),
    ],
)  # fmt: skip
def test_a_paper_is_shown_as_what_its_content_is(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


def test_the_map_counts_what_stands_in_each_stage(filed, as_role, desk, now) -> None:
    filed(3)
    shown = as_role(Role.OFFICE).get("/map/B3/evaluation").text
    counted = {key: rest.split('data-cases="')[1].split('"')[0] for key, rest in
               ((each.split('"')[0], each) for each in shown.split('data-stage="')[1:])}  # fmt: skip
    assert {key: count for key, count in counted.items() if count} == {"submitted": "3"}
    assert as_role(Role.OFFICE).get("/map/B3/nothing").status_code == 404


def test_the_path_of_a_case_is_the_stages_it_went_through(filed, as_role, desk, now) -> None:
    filed(1)
    shown = as_role(Role.OFFICE).get(f"/cases/{NO}/path")
    marks = [each.split('"')[0] for each in shown.text.split('data-stage="')[1:]]
    assert marks[-1] == "submitted"
    assert "style-src 'self' 'unsafe-inline'" in shown.headers["content-security-policy"]
    assert as_role(Role.OFFICE).get(f"/cases/{NO}/process.bpmn").text.startswith("<?xml")
