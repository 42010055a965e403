"""What a recommending office does on its pages."""

import re

import pytest

from casework.history import show
from casework.intake.samples import write_samples
from states.roles import Role


@pytest.fixture
def browser(as_role):
    return as_role(Role.RECOMMENDER, "P50")


def picks(page: str) -> list[str]:
    return re.findall(r'name="pick" value="([^"]+)"', page)


@pytest.mark.clause("B3-4.3")
def test_many_are_recommended_under_one_letter(browser, came_in, send, desk, now) -> None:
    filed = came_in(3)
    ready = picks(browser.get("/recommend").text)
    assert sorted(each.partition("@")[0] for each in ready) == sorted(each.no for each in filed)
    sent = send(
        browser,
        "/recommend",
        page="/recommend",
        pick=ready,
        letter_no="渝示例函〔2024〕1号",
        letter_date="2024-06-12",
    )
    assert sent.headers.get("location") == "/recommend", sent.text
    assert {show(desk, each.no, as_of=now()).stage for each in filed} == {"recommended"}
    posted = send(
        browser, "/recommend/posted", page="/recommend?part=recommended",
        pick=[f"{filed[0].no}@2"], posted_on="2024-06-12", carrier="邮寄", parcel_no="SAMPLE-1",
    )  # fmt: skip
    assert posted.status_code == 303
    assert "SAMPLE-1" in browser.get("/recommend?part=recommended").text


def test_a_letter_without_a_number_keeps_what_was_ticked(browser, came_in, send) -> None:
    filed = came_in(2)
    ready = picks(browser.get("/recommend").text)
    answer = send(
        browser, "/recommend", page="/recommend", pick=ready[:1], letter_no="", letter_date="2024-06-12"
    )
    assert answer.status_code == 422
    assert "须填写推荐函文号" in answer.text
    assert answer.text.count("checked") == 1
    assert len(filed) == 2


@pytest.mark.clause("D-4")
def test_a_return_marks_fields_in_words(browser, came_in, send, desk, now) -> None:
    no = came_in(1)[0].no
    page = f"/recommend/cases/{no}"
    version = re.search(r'name="version" value="(\d+)"', browser.get(page).text)[1]
    done = send(
        browser, f"{page}/return/marked", page=page, version=version, mark=["profile", "paper.credit_record"],
        **{"words.profile": "请写明行业地位", "words.paper.credit_record": "未盖章"},
    )  # fmt: skip
    assert done.status_code == 303, done.text
    assert show(desk, no, as_of=now()).stage == "correcting"
    stale = send(browser, f"{page}/return/marked", page=page, version=version, mark=["plan"])
    assert stale.status_code == 409


def test_files_are_gone_through_before_they_are_filed(browser, samples, tmp_path, b3, desk) -> None:
    write_samples(tmp_path / "sent", samples[:2])
    files = [
        ("files", (each.name, each.read_bytes()))
        for each in sorted((tmp_path / "sent").rglob("*"))
        if each.is_file()
    ]
    page = browser.get("/recommend/import").text
    tokens = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[-1] for name in ("csrf", "once")}
    tried = browser.post("/recommend/import", data={**tokens, "call": "B3"}, files=files)
    assert "试运行，未写入：已受理2件" in tried.text, tried.text
    token = re.search(r'name="token" value="([^"]+)"', tried.text)[1]
    tokens = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', tried.text)[-1] for name in ("csrf", "once")
    }
    filed = browser.post("/recommend/import/file", data={**tokens, "call": "B3", "token": token})
    assert "已受理2件。" in filed.text
    assert len(picks(browser.get("/recommend").text)) == 2


def test_parked_files_are_nobody_elses(browser, as_role, samples, tmp_path, b3) -> None:
    write_samples(tmp_path / "sent", samples[:1])
    files = [
        ("files", (each.name, each.read_bytes()))
        for each in sorted((tmp_path / "sent").rglob("*"))
        if each.is_file()
    ]
    page = browser.get("/recommend/import").text
    tokens = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[-1] for name in ("csrf", "once")}
    tried = browser.post("/recommend/import", data={**tokens, "call": "B3"}, files=files)
    token = re.search(r'name="token" value="([^"]+)"', tried.text)[1]
    other = as_role(Role.RECOMMENDER, "P46")
    page = other.get("/recommend/import").text
    tokens = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[-1] for name in ("csrf", "once")}
    taken = other.post("/recommend/import/file", data={**tokens, "call": "B3", "token": token})
    assert (taken.status_code, "请重新上传" in taken.text) == (422, True)


def test_every_part_opens_for_everyone_it_should(as_role, came_in) -> None:
    came_in(1)
    paths = ("/recommend", "/recommend?part=correcting", "/recommend?part=recommended", "/recommend/listed")
    people = [as_role(Role.RECOMMENDER, "P50"), as_role(Role.PROVINCE, "50"), as_role(Role.OFFICE)]
    assert {each.get(path).status_code for each in people for path in paths} == {200}
    assert as_role(Role.PROVINCE, "50").get("/recommend/training-list").status_code == 200
