"""The timetable: everything that runs by itself, on one page. Both drivers read it, and nothing else says when.

Embedded, APScheduler ticks it (``flows/runner.py``); scaled, it becomes Prefect deployments
(``flows/deployments.py``). Times of day are in Shanghai. Whatever runs means “do what is due by now”, so that a
run that is late, missed or doubled does no harm (laws 5 and 9).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from types import MappingProxyType


class Lane(StrEnum):
    """Lines of one lane wait for each other; lanes do not."""

    CLOCK = "clock"
    POST = "post"
    PUBLICATION = "publication"
    CHECKS = "checks"


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many seconds, counted from midnight in Shanghai: whatever divides a day also falls on midnight."""

    seconds: int


@dataclass(frozen=True, slots=True)
class At:
    """Every day at a time. What concerns working days only asks the calendar itself: make-up days are worked."""

    hour: int
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what runs (``module:function`` of ``flows/errands.py``), when, and on which ground.

    ``worth`` names a quick look at whether there is anything to do, for lines that run often.
    """

    name: str
    label: str
    runs: str
    when: Every | At
    why: str
    lane: Lane = Lane.CLOCK
    worth: str = ""


TIMETABLE = (
    Line("sweep", "到期处理", "flows.errands:sweep", Every(30),
        "B3-4.6 M24-9.4 M24-20b D-7: what the law does by itself when a day has passed, seconds after midnight",
        worth="flows.errands:something_is_due"),
    Line("panels", "专家组到期处理", "flows.errands:panels", Every(30),
        "M24-7.3a M24-7.3c: invitations, answers, replacements and votes of panels, each by its limit",
        worth="flows.errands:a_panel_is_due"),
    Line("calls", "批次启闭", "flows.errands:calls", Every(600),
        "M24-7.1 B3-5.4 CQ23-5.3: a call takes applications from its first day to the end of its last"),
    Line("post", "发件", "flows.errands:post", Every(60),
        "law 4: what is owed is sent", Lane.POST, worth="flows.errands:letters_are_waiting"),
    Line("publication", "对外公布", "flows.errands:publication", Every(60),
        "I21-4.5 CQ23-1.4 M24-7.5: the directory and what is under publicity, on every site that asks for them",
        Lane.PUBLICATION, worth="flows.errands:something_is_unpublished"),
    Line("conflicts", "两目录核对", "flows.errands:conflicts", At(3, 30),
        "M24-18: who evaluates for an occupation does not train for it", Lane.CHECKS),
    Line("publicity", "公示到期预告", "flows.errands:publicity", At(8, 0),
        "B3-4.5 M24-7.4 D-2: what ends tomorrow, and what an objection holds"),
    Line("renewals", "续期预告", "flows.errands:renewals", At(8, 5),
        "M24-9.1 M24-9.4 D-5: who must apply soon, who waits for an answer, who is about to leave"),
    Line("duties", "年度义务预告", "flows.errands:duties", At(9, 0),
        "M24-14 M24-12 M24-8 I21-4.6.3: what is due or overdue after listing, told at nine on its day"),
    Line("digests", "每日汇总", "flows.errands:digests", At(9, 10),
        "law 8: one letter a working day for each of the staff, at the hour the office has set"),
    Line("invariants", "一致性检查", "flows.errands:invariants", At(3, 0),
        "law 3: stored timers equal derived ones, and the rest that must always be true", Lane.CHECKS),
    Line("calendar", "工作日历检查", "flows.errands:calendar", At(7, 30),
        "D-6: a year that is not announced yet leaves its dates provisional", Lane.CHECKS),
)  # fmt: skip


def timetable(digest_at: time = time(9, 10)) -> Mapping[str, Line]:
    """The lines by name, the digests at the office's own hour (a setting)."""
    at = At(digest_at.hour, digest_at.minute)
    lines = (replace(line, when=at) if line.name == "digests" else line for line in TIMETABLE)
    return MappingProxyType({line.name: line for line in lines})
