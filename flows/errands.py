"""What each line of the timetable does: one call into casework with ``as_of``, and its result in one sentence."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from casework.actors import CLOCK
from casework.calls import close_calls_due, open_calls_due
from casework.channels import office_hours
from casework.conflicts import watch_conflicts
from casework.digests import queue_digests
from casework.duties.sweep import sweep_duties
from casework.objections.overdue import tell_overdue
from casework.outlook import duty_outlook, publicity_outlook, renewal_outlook
from casework.overview import letters_waiting, oldest_due, panels_due
from casework.panels.sweep import sweep_panels
from casework.particulars.overdue import tell_changes
from casework.post import post as send
from casework.publication.publish import publish, worth_publishing
from casework.robots import queue_robot_letters
from casework.supervision.failings import tell_unanswered
from casework.sweep import sweep as fire
from casework.watch import watch_calendar, watch_invariants
from flows.workplace import Workplace

BATCHES = 40
"""So many batches of letters at most in one run: the next run goes on."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an errand: a sentence for people, numbers for programs."""

    says: str
    counts: Mapping[str, Any] = field(default_factory=dict)


def something_is_due(place: Workplace, as_of: datetime) -> str:
    """Empty when there is something to fire, else why a run is not worth while."""
    return "" if oldest_due(place.desk.engine, as_of=as_of) else "没有到期事项"


def a_panel_is_due(place: Workplace, as_of: datetime) -> str:
    """Empty when a panel has something to fire, else why a run is not worth while."""
    return "" if panels_due(place.desk.engine, as_of=as_of) else "没有到期事项"


def letters_are_waiting(place: Workplace, as_of: datetime) -> str:
    """Empty when there is something to send, else why a run is not worth while."""
    return "" if letters_waiting(place.desk.engine, as_of=as_of) else "没有待发通知"


def something_is_unpublished(place: Workplace, as_of: datetime) -> str:
    """Empty when there is something to publish, else why a run is not worth while."""
    return "" if worth_publishing(place.desk, place.installation.settings, as_of=as_of) else "没有待公布内容"


def sweep(place: Workplace, as_of: datetime) -> Done:
    """Fire what is due."""
    report = fire(place.desk, as_of=as_of, progress=lambda _: place.go_on())
    parts = [
        (report.moved, "到期办理{}件"),
        (report.reminded, "提醒{}封"),
        (report.noticed, "列入汇总{}条"),
        (report.held, "条件不符暂缓{}件"),
        (report.incidents, "异常{}件"),
    ]
    return Done(_joined(parts) or "没有到期事项", asdict(report))


def panels(place: Workplace, as_of: datetime) -> Done:
    """Lead the panels by their timers."""
    report = sweep_panels(place.desk, as_of=as_of, progress=lambda _: place.go_on())
    parts = [
        (sum(report.fired.values()), "专家组到期办理{}项"),
        (report.held, "条件不符暂缓{}项"),
        (report.incidents, "异常{}件"),
    ]
    return Done(_joined(parts) or "没有到期事项", asdict(report))


def calls(place: Workplace, as_of: datetime) -> Done:
    """Close the calls whose last day has passed, open those whose first day has come."""
    closed = close_calls_due(place.desk, by=CLOCK, as_of=as_of)
    folder = place.calls_folder if place.calls_folder.is_dir() else None
    opened = open_calls_due(place.desk, by=CLOCK, as_of=as_of, folder=folder)
    parts = [(f"开放{'、'.join(opened)}" if opened else ""), (f"截止{'、'.join(closed)}" if closed else "")]
    return Done(
        "，".join(part for part in parts if part) or "没有要启闭的批次", {"opened": opened, "closed": closed}
    )


def post(place: Workplace, as_of: datetime) -> Done:
    """Send the letters whose time has come."""
    totals: dict[str, int] = {}
    stopped, hours = "", office_hours(place.installation)
    try:
        for _ in range(BATCHES):
            report = send(
                place.desk.engine, place.channel, as_of=as_of, working_hours=hours, worker=place.worker
            )
            for name, count in asdict(report).items():
                if isinstance(count, int):
                    totals[name] = totals.get(name, 0) + count
            stopped = report.stopped
            if not report.more:
                break
            place.go_on()
    finally:
        place.channel.close()  # a mail server would have hung up long before the next run
    parts = [
        (totals["sent"], "发出{}封"),
        (totals["later"], "稍后再试{}封"),
        (totals["refused"] + totals["given_up"], "未能送达{}封"),
        (totals["waiting"], "等待办公时间{}封"),
    ]
    said = _joined(parts) or "没有待发通知"
    return Done(f"{said}；发件中断：{stopped}" if stopped else said, {**totals, "stopped": stopped})


def publication(place: Workplace, as_of: datetime) -> Done:
    """Write down what is new and push it to the receivers."""
    report = publish(
        place.desk, place.installation.settings, as_of=as_of, worker=place.worker, go_on=place.go_on
    )
    parts = [
        (report.editions, "新版{}个"),
        (report.total("sent"), "送达{}次"),
        (report.total("later"), "稍后再试{}次"),
        (report.total("refused") + report.total("given_up"), "未能送达{}次"),
    ]
    alone = [f"{name}：{why}" for name, why in report.left_alone.items()]
    said = "；".join([_joined(parts), *alone]).strip("；")
    counts = {name: report.total(name) for name in ("sent", "later", "refused", "given_up")}
    return Done(said or "没有待公布内容", {"editions": report.editions, **counts})


def conflicts(place: Workplace, as_of: datetime) -> Done:
    """Compare the two directories."""
    found = watch_conflicts(place.desk, as_of=as_of)
    return Done(f"两个目录冲突{found}处" if found else "两个目录没有冲突", {"conflicts": found})


def publicity(place: Workplace, as_of: datetime) -> Done:
    """Count the publicity that ends tomorrow."""
    found = publicity_outlook(place.desk, as_of=as_of)
    parts = [
        (found.ending, "公示将于下一个工作日内期满{}件"),
        (found.with_objection, "其中有异议未处理{}件"),
    ]
    return Done(_joined(parts) or "没有即将期满的公示", asdict(found))


def renewals(place: Workplace, as_of: datetime) -> Done:
    """Count what is near in renewals."""
    found = renewal_outlook(place.desk, as_of=as_of)
    parts = [
        (found.closing_soon, "10个工作日内申请截止{}家"),
        (found.under_review, "续期审核中{}家"),
        (found.past_term, "其中有效期已满{}家"),
        (found.leaving_soon, "10个工作日内退出{}家"),
    ]
    return Done(_joined(parts) or "没有临近的续期事项", asdict(found))


def duties(place: Workplace, as_of: datetime) -> Done:
    """Tell of the duties whose turn has come; count them, and the yearly reports that are due."""
    told = sweep_duties(place.desk, as_of=as_of)
    found = duty_outlook(place.desk, as_of=as_of)
    parts = [
        (found.due_soon, "10个工作日内应报送{}家"),
        (found.overdue, "逾期未报送{}家"),
        (found.owed_soon, "10个工作日内到期的其他义务{}项"),
        (found.owed_overdue, "逾期的其他义务{}项"),
        (told.fired, "提醒{}项"),
    ]
    counts = {**asdict(found), "reminded": told.reminded, "marked_overdue": told.overdue}
    return Done(_joined(parts) or "没有临近的义务", counts)


def digests(place: Workplace, as_of: datetime) -> Done:
    """Queue the letters of the day to the staff."""
    desk = place.desk
    tell_overdue(desk, as_of=as_of)
    tell_unanswered(desk, as_of=as_of)
    tell_changes(desk, as_of=as_of)
    queued = queue_digests(
        desk.engine, as_of=as_of, calendar=desk.calendar, renderer=desk.renderer, mail_domain=desk.mail_domain
    )
    queued += queue_robot_letters(desk.engine, place.installation.settings, as_of=as_of)
    return Done(f"生成{queued}封" if queued else "没有需要汇总的事项", {"queued": queued})


def invariants(place: Workplace, as_of: datetime) -> Done:
    """Go through every record."""
    report = watch_invariants(place.desk, as_of=as_of)
    found = "无误" if report.ok else f"发现{len(report.faults)}处不符"
    says = f"核对申报{report.cases}件、审计记录{report.entries}条，{found}"
    return Done(says, {"cases": report.cases, "entries": report.entries, "faults": len(report.faults)})


def calendar(place: Workplace, as_of: datetime) -> Done:
    """See whether the working days that should be known by now are."""
    missing = watch_calendar(place.desk, as_of=as_of)
    said = f"{'、'.join(map(str, missing))}年放假安排尚未导入" if missing else "工作日历齐备"
    return Done(said, {"missing": missing})


def _joined(parts: list[tuple[int, str]]) -> str:
    return "，".join(words.format(count) for count, words in parts if count)
