"""In a real browser: the draw before everybody's eyes, and an expert's whole vote on a telephone."""

import pyotp

from casework.access.second_factor import preset_second_factor
from records.transaction import reading, transaction
from states.roles import Role

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def refused(heard: list[str]) -> list[str]:
    """What was heard besides a refusal that was meant."""
    return [each for each in heard if "422" not in each]


def test_the_draw_is_promised_signed_and_shown_on_one_screen(
    panels, signed_in, heard, desk, account, now, serious
) -> None:
    no = panels.plan()
    person = account(Role.AUDITOR, "", "auditor.x")
    with transaction(desk.engine) as tx:
        preset_second_factor(tx, person, SECRET, as_of=now())
    page = signed_in(Role.OFFICE)
    page.goto(f"/panels/{no}/ceremony")
    page.get_by_role("button", name="冻结并公布承诺").press("Enter")
    page.get_by_role("heading", name="由监督人录入公开数字").wait_for()
    assert serious(page) == []
    page.get_by_role("textbox", name="公开数字").fill("0713223142705")
    page.get_by_role("textbox", name="数字来源").fill("当场掷骰子")
    page.get_by_role("textbox", name="监督人账号").fill("auditor.x")
    page.locator("#f-password").fill("Sample-12345")
    page.get_by_role("textbox", name="动态码").fill(pyotp.TOTP(SECRET).at(now()))
    page.get_by_role("button", name="抽取", exact=True).press("Enter")
    page.get_by_role("heading", name="可抽40人，抽出3人").wait_for()
    assert page.locator(".seats li").count() == 3
    page.goto(f"/panels/{no}")
    assert (serious(page), heard) == ([], [])


def test_an_expert_reads_marks_and_votes_on_a_telephone(panels, page, heard, desk, serious) -> None:
    one = panels.new_links(panels.voting())[1]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(one["link"])
    page.keyboard.type(one["code"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="评议室").wait_for()
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    assert serious(page) == []
    page.get_by_role("link", name="查阅").first.click()
    page.locator(".watermark").wait_for()
    assert serious(page) == []
    page.goto("/expert/vote")
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    for box in page.locator("input[data-mark]").all():
        box.fill("5")
    for choice in page.locator("table.sheet select").all():
        choice.select_option("recommend")
    assert (page.locator("[data-done]").inner_text(), serious(page)) == ("2 / 2", [])
    page.get_by_role("button", name="密封并投票").click()
    page.get_by_text("签名与您的姓名不符").wait_for()
    page.get_by_label("签署本人姓名").fill(one["name"])
    page.get_by_role("button", name="密封并投票").click()
    page.get_by_role("heading", name="已投票").wait_for()
    assert serious(page) == []
    with reading(desk.engine) as tx:
        assert tx.one("SELECT receipt FROM ballot")[0] == page.locator("#receipt").inner_text()
    page.get_by_role("button", name="离开").click()
    page.get_by_role("heading", name="申请新的链接").wait_for()
    assert (max(widths), refused(heard)) == (390, [])
