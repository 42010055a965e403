"""The public pages in a real browser: objecting from a telephone, and checking a draw where it is read."""

import json
import re
from copy import deepcopy
from typing import Any

import pytest

from casework.objections.reading import objections
from states.draw.certificate import Ceremony, certify
from states.draw.frame import Candidate, Constraints, Exclusion, Frame, Pool
from states.draw.lots import attempt
from states.draw.verification import verify

PAGE = "/publicity/B3-GS-01"


def certificate() -> dict[str, Any]:
    names = [f"{n:032x}" for n in range(1, 31)]
    pool = Pool(
        Candidate(name, f"{n % 9:032x}", f"{11 + n % 4}", ("SJAQ",) if n % 3 else ("JQRG",))
        for n, name in enumerate(names)
    )
    out = (Exclusion(names[3], "R-3", "M24-7.3b"),)
    frame = Frame("B3", "SJAQ", 1, 5, Constraints(5), pool, out, ())
    secret, digits = "5e" * 32, "20260117"
    times = Ceremony(
        "2026-01-16T10:00:00+08:00", "2026-01-17T10:00:00+08:00", "示例彩票第2026017期", "audit.fang"
    )
    return certify(frame, secret, digits, attempt(frame, secret, digits), times)


def certificates() -> dict[str, dict[str, Any]]:
    """A good one, and one for each way to cheat."""
    good = certificate()
    found = {"good": good}
    for name, change in {
        "another winner": lambda one: one["seats"].__setitem__(0, one["pool"][-1]["pseudonym"]),
        "other digits": lambda one: one.__setitem__("digits", "20260118"),
        "another key": lambda one: one.__setitem__("secret", "6f" * 32),
        "somebody left out": lambda one: one["pool"].pop(),
        "an exclusion gone": lambda one: one["exclusions"].clear(),
        "no digits": lambda one: one.pop("digits"),
    }.items():
        made = deepcopy(good)
        change(made)
        found[name] = made
    return found


@pytest.mark.clause("M24-7.3c")
def test_the_browser_says_of_every_certificate_what_the_command_says(
    page: Any, heard: list[str], serious: Any
) -> None:
    page.goto("/draws/verify")
    page.wait_for_selector("#f-certificate")
    for name, value in certificates().items():
        text = json.dumps(value, ensure_ascii=False, indent=1)
        page.set_input_files(
            "#f-certificate", {"name": "c.json", "mimeType": "application/json", "buffer": text.encode()}
        )
        page.wait_for_selector("[data-verdict]:not([hidden])")
        proof = verify(json.loads(text))
        assert [each.strip() for each in page.locator("[data-verdict] li").all_text_contents()] == [
            *(f"属实：{each}" for each in proof.proved), *(f"不符：{each}" for each in proof.faults),
        ], name  # fmt: skip
        assert page.get_attribute("[data-verdict]", "data-says") == ("good" if proof.ok else "bad")
    assert (serious(page), heard) == ([], [])


@pytest.mark.clause("M24-7.3c")
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"format": "linxuan draw 1", "a": 1, "\\u0061": 2}', "“a”写了两次"),
        (b"not json", "不是JSON格式的抽取证书"),
        (b"\xff\xfe", "不是JSON格式的抽取证书"),
        (b"[]", "不是抽取证书"),
    ],
)
def test_what_is_no_certificate_is_said_to_be_none(
    page: Any, heard: list[str], content: bytes, says: str
) -> None:
    page.goto("/draws/verify")
    page.wait_for_selector("#f-certificate")
    page.set_input_files(
        "#f-certificate", {"name": "c.json", "mimeType": "application/json", "buffer": content}
    )
    page.get_by_text(says).wait_for()
    assert page.get_attribute("[data-verdict]", "data-says") == "bad"
    assert heard == []


@pytest.mark.clause("D-2")
def test_somebody_objects_from_a_telephone_and_follows_it(
    page: Any, heard: list[str], desk: Any, now: Any, posted: Any, serious: Any
) -> None:
    posted(2)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(PAGE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_text("浏览器已完成校验").wait_for()
    assert serious(page) == []
    page.get_by_label("异议对象").select_option("B3-SJAQ-0002")
    page.get_by_label("异议内容").fill("所列培训规模与事实不符，附件为证。")
    page.get_by_label("证据文件").set_input_files(
        {"name": "线索.txt", "mimeType": "text/plain", "buffer": "示例线索".encode()}
    )
    assert not page.get_by_label("姓名或单位名称").is_visible()
    page.get_by_role("button", name="提交异议").click()
    page.get_by_role("heading", name="异议已收到").wait_for()
    code = re.search(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", page.inner_text("main"))[0]
    (kept,) = objections(desk, as_of=now())
    assert (kept.case_no, kept.named, [each.name for each in kept.evidence]) == (
        "B3-SJAQ-0002",
        False,
        ["线索.txt"],
    )
    page.goto("/publicity/receipt")
    page.get_by_label("异议编号").fill(kept.no)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    page.get_by_text("核查中").wait_for()
    assert (serious(page), heard) == ([], [])


def test_without_scripts_a_question_takes_the_place_of_the_puzzle(
    chromium: Any, site: str, posted: Any
) -> None:
    posted(1)
    context = chromium.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto(PAGE)
    assert page.get_by_label("请回答").is_visible()
    assert page.get_by_label("姓名或单位名称").is_visible()
    page.goto("/draws/verify")
    assert "linxuan draw verify" in page.inner_text("main")
    context.close()


@pytest.mark.parametrize(
    "path",
    ["/publicity", PAGE, "/directory", "/directory/B3-SJAQ-0001", "/directory/verify", "/draws", "/open/B3"],
)
def test_every_public_page_is_sound_and_fits_a_telephone(
    page: Any, heard: list[str], listed: Any, serious: Any, path: str
) -> None:
    listed(2)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert (serious(page), heard) == ([], [])
