"""In a real browser: five hundred applications chosen, previewed, run with progress to watch, accounted for."""

from collections.abc import Callable
from typing import Any

from casework.actors import Actor
from casework.gate import advance
from records.transaction import reading
from states.roles import Role

RECOMMENDER = Actor("P50经办人", Role.RECOMMENDER, "P50")
LETTER = {"letter_no": "示例函〔2024〕1号", "letter_date": "2024-06-12"}


def test_five_hundred_are_done_from_choice_to_receipt(
    signed_in: Callable[..., Any], heard: list[str], filed: Callable[[int], list[int]], desk: Any, now: Any
) -> None:
    advance(desk, "recommend", filed(500), by=RECOMMENDER, as_of=now(), inputs=LETTER)
    page = signed_in(Role.OFFICE)
    page.goto("/batch")
    page.get_by_role("button", name="新的批量办理").first.click()
    page.get_by_label("办理事项").select_option("begin_review")
    page.get_by_label("批次").select_option("B3")
    page.get_by_role("button", name="下一步").click()
    page.get_by_text("选中500件。").wait_for()
    page.get_by_label("全部能办才办").check()
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name="执行，办理500件").first.click(timeout=60_000)
    page.get_by_role("dialog").get_by_role("button", name="执行，办理500件").click()
    page.get_by_text("已办理500件，应发通知500封；未办理0件。").wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="下载办理结果").click()
    assert download.value.suggested_filename == "batch-1.xlsx"
    with reading(desk.engine) as tx:
        assert tx.rows("SELECT DISTINCT stage FROM cases") == [("initial_review",)]
    assert heard == []
