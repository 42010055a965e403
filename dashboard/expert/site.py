"""The area of experts, and what its pages have in common."""

from casework.access.seat_visits import SeatHeld
from dashboard.area import Area
from dashboard.refusing import NotThere
from dashboard.visit import Visit

area = Area("/expert")
RESUME = "linxuan-resume"
"""The cookie of the resume code: drafts open with it, and the server keeps it nowhere."""


def held(visit: Visit, purpose: str) -> SeatHeld:
    """The seat of this visit. Raises NotThere when its link was for something else."""
    if visit.seat is None or visit.seat.purpose != purpose:
        raise NotThere("这个链接不能办理这一项，请使用最近一封邮件中的链接。")
    return visit.seat
