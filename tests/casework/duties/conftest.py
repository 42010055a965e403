"""What tests of duties share: one institution in the directory since 10 October 2024, and the moments after."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest

from casework.duties.examinations import NewExamination, announce
from casework.duties.yearly import NewPlan, NewReport
from states.calendar import at_time
from states.duties.figures import Figures

Programme = Any  # of casework's conftest
PLAN = NewPlan(4, 400, "重庆", "每季度一场")


def at(*when: int) -> datetime:
    """Ten in the morning in Shanghai on a day: year, month, day."""
    return at_time(date(*when), 10)


EARLY = at(2025, 1, 5)


class Listing:
    """The listing, and the shortest way to hand something in for it."""

    no = "B3-SJAQ-0001"

    def __init__(self, programme: Programme, office: Any) -> None:
        self.programme, self.desk, self.office = programme, programme.desk, office

    @property
    def activity(self) -> int:
        """What counts as its activity."""
        return int(self.programme.case(1).activity)

    def announced(
        self, *ends: int, level: str = "初级", as_of: datetime = EARLY, place: str = "示例考点"
    ) -> str:
        """An examination on one day, announced; its number."""
        day = date(*ends)
        new = NewExamination(level, day, day, place, 80)
        return announce(self.desk, self.no, new, by=self.office, as_of=as_of).no

    def report(self, year: int, by_level: Mapping[str, Figures], reason: str = "") -> NewReport:
        """A yearly report of those figures."""
        return NewReport(year, by_level, "示例总结", PLAN, reason)


@pytest.fixture
def listing(programme: Programme, office: Any) -> Listing:
    """B3-SJAQ-0001, listed on 10 October 2024 until 10 October 2027."""
    programme.bring(programme.begin(), "listed")
    return Listing(programme, office)
