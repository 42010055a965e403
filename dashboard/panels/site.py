"""The area of panels: what its pages have in common."""

from collections.abc import Callable
from datetime import datetime

from fastapi import Response

from casework.access.throttle import Wait
from casework.panels.access import within_reach
from casework.panels.ceremony import last_hand, version_of
from casework.panels.listing import PanelPage, show_panel
from casework.recheck_board import Overtaken
from dashboard.area import Area
from dashboard.refusing import ConfirmFirst, NotAllowed, NotThere, Stale
from dashboard.visit import Visit
from states.calendar import SHANGHAI
from states.refusals import Refused

area = Area()
Show = Callable[[Visit, str, int, Refused | None], Response]


def panel_page(visit: Visit, no: str) -> PanelPage:
    """The panel of an address. Raises NotThere for one that does not exist, or that is another province's affair."""
    try:
        page = show_panel(visit.desk, no.upper(), actor=visit.actor)
    except Refused:
        raise NotThere from None
    if not within_reach(visit.actor, page.line.province):
        raise NotThere
    return page


def acted(visit: Visit, no: str, show: Show, act: Callable[[str], str], to: str) -> Response:
    """Do something about a panel as it was seen; a refusal is said on the page it came from, what was typed kept."""
    number = panel_page(visit, no).line.no
    try:
        _refuse_stale(visit, number)
        says = act(number)
    except (NotThere, NotAllowed, ConfirmFirst):
        raise
    except Refused as refusal:
        return show(visit, number, status_of(refusal), refusal)
    return visit.go(to.format(no=number), says)


def status_of(refusal: Refused) -> int:
    """The status a refusal on a page is answered with."""
    if isinstance(refusal, Stale | Overtaken):
        return 409
    return 429 if isinstance(refusal, Wait) else 422


def moment_typed(text: str, label: str) -> datetime | None:
    """A ``datetime-local`` field as Shanghai time; None when empty. Raises Refused."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Refused(f"“{label}”的时间写法不对，应如2024-08-20 14:00。") from None


def number_typed(text: str, label: str) -> int | None:
    """A whole number; None when empty. Raises Refused."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise Refused(f"“{label}”应填整数。")
    return int(text)


def _refuse_stale(visit: Visit, no: str) -> None:
    if visit.field("version") != str(version_of(visit.desk, no)):
        by = last_hand(visit.desk, no)
        raise Stale(
            f"专家组{no}在您打开页面之后由{by}办理过，这一步没有执行；以下已是最新情况，请核对后再办理。"
        )
