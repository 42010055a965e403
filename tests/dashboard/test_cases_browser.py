"""In a real browser: from the board to a case, moved by keyboard; the map drawn; nothing asked from outside."""

from datetime import timedelta

from casework.actors import Actor
from casework.gate import Wanted, advance
from records.transaction import reading
from states.roles import Role

NO = "B3-SJAQ-0001"


def stage(desk) -> str:
    with reading(desk.engine) as tx:
        return tx.one("SELECT stage FROM cases WHERE no = ?", (NO,))[0]


def test_a_recommender_declines_a_case_by_keyboard_and_comes_to_the_next(
    signed_in, heard, filed, desk, now, serious
) -> None:
    filed(2)
    page = signed_in(Role.RECOMMENDER, "P50")
    page.goto("/cases")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="不予推荐").press("Enter")
    page.locator("main textarea").first.focus()
    page.keyboard.type("不符合本市遴选条件")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="将发出1封通知").wait_for()
    assert serious(page) == []
    page.get_by_role("button", name="确认办理，看下一件").press("Enter")
    page.wait_for_url("**/cases/B3-SJAQ-0002")
    assert (stage(desk), serious(page), heard) == ("declined", [], [])


def test_the_map_is_drawn_with_its_counts_and_leads_to_the_cases(signed_in, heard, filed, serious) -> None:
    filed(3)
    page = signed_in(Role.OFFICE)
    page.goto("/map/B3/evaluation")
    page.locator(".map-count", has_text="待推荐 3").wait_for()
    assert serious(page) == []
    page.locator(".map-count").click()
    page.wait_for_url("**/cases?call=B3&track=evaluation&stage=submitted")
    page.goto(f"/cases/{NO}/path")
    page.locator(".here").first.wait_for()
    assert (serious(page), heard) == ([], [])


def test_the_board_urges_with_one_click(signed_in, heard, filed, now, serious) -> None:
    filed(1)
    now.at += timedelta(days=26)
    page = signed_in(Role.HEAD)
    page.goto("/stuck")
    assert serious(page) == []
    page.get_by_role("button", name=f"催办 {NO}").press("Enter")
    page.get_by_text("催办").first.wait_for()
    page.locator(".flash.good").wait_for()
    assert heard == []


def test_a_case_fits_a_telephone(signed_in, heard, filed, desk, now) -> None:
    filed(1)
    advance(
        desk, "return_for_correction", [Wanted(1)], by=Actor("示例", Role.RECOMMENDER, "P50"), as_of=now(),
        inputs={"items": "补充盖章"},
    )  # fmt: skip
    page = signed_in(Role.APPLICANT, "1")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/cases/{NO}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert heard == []
