"""How things stand, in words, told calmly: counts and instants, nothing that names a case or a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from casework.beats import LastRun, Outcome
from casework.calls import CallState
from casework.incident_kinds import INCIDENT_KINDS
from casework.overview import Clock, Overview, StageCount
from dashboard.labels import CALL_STATES, LINES, PREFECT
from dashboard.times import ago, spoken, spoken_due
from states.calendar import SHANGHAI, Calendar, day_of

COMING = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the health table. ``tone``: good, watch, bad, or empty for neither."""

    label: str
    says: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class CallCard:
    """One call: where it stands, and its cases stage by stage."""

    code: str
    name: str
    state: str
    tone: str
    says: str
    stages: tuple[StageCount, ...]
    cases: int
    overdue: int


@dataclass(frozen=True, slots=True)
class ComingRow:
    """What falls due at one instant."""

    at: str
    says: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """The last run of one line of the timetable."""

    label: str
    at: str
    says: str
    by: str
    tone: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole page."""

    as_of: str
    verdict: Row
    calls: tuple[CallCard, ...]
    coming: tuple[ComingRow, ...]
    health: tuple[Row, ...]
    lines: tuple[LineRow, ...]


def standing(view: Overview, calendar: Calendar) -> Standing:
    """The page for an overview, on the calendar in use."""
    local = view.as_of.astimezone(SHANGHAI)
    return Standing(
        f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}",
        _verdict(view),
        tuple(_call(call, view, calendar) for call in reversed(view.calls)),
        _coming(view),
        (_runner(view), _post(view), _prefect(view), _incidents(view), _invariants(view)),
        tuple(_line(view.runs.get(name), label, view.as_of) for name, label in LINES.items()),
    )


def _verdict(view: Overview) -> Row:
    swept = view.runs.get("sweep")
    behind = f"最早一项应于{spoken_due(view.oldest_due)}办理" if view.oldest_due else "没有积压"
    match view.clock:
        case Clock.WELL if swept:
            return Row(
                "时钟正常", f"最近一次到期处理在{spoken(swept.started_at, view.as_of)}，没有积压。", "good"
            )
        case Clock.LATE:
            return Row("时钟有延迟", f"{behind}，时钟正在补办；各事项仍按法定时点生效。", "watch")
        case Clock.FAILING if swept:
            return Row("到期处理失败", f"{swept.says.rstrip('。')}。下一次会自动重试。", "bad")
    return Row(
        "时钟未运行", f"{behind}。请用 linxuan up 启动；启动后自动补办，各事项仍按法定时点生效。", "bad"
    )


def _call(call: CallState, view: Overview, calendar: Calendar) -> CallCard:
    stages = tuple(stage for stage in view.stages if stage.call == call.code)
    return CallCard(
        call.code, call.name, CALL_STATES[call.state], "good" if call.state == "open" else "",
        _days_left(call, view.as_of, calendar), stages,
        sum(stage.cases for stage in stages), sum(stage.overdue for stage in stages),
    )  # fmt: skip


def _days_left(call: CallState, as_of: datetime, calendar: Calendar) -> str:
    today, last = day_of(as_of), day_of(call.closes_at - timedelta(microseconds=1))
    if call.closes_at <= as_of:
        return f"申报已于{spoken_due(call.closes_at)}截止"
    left, working = (last - today).days, calendar.count(today + timedelta(days=1), last)
    remaining = f"还有{left}天（{working}个工作日）" if left else "今天是最后一天"
    return f"申报截至{spoken_due(call.closes_at)}，{remaining}"


def _coming(view: Overview) -> tuple[ComingRow, ...]:
    rows = []
    for at, group in groupby(view.coming, key=lambda each: each.at):
        rows.append(ComingRow(spoken_due(at), "，".join(f"{each.label} {each.cases}件" for each in group)))
    return tuple(rows[:COMING])


def _runner(view: Overview) -> Row:
    if view.runner is None or not view.runner_alive:
        return Row("调度进程", "没有运行", "bad")
    host, pid = (*view.runner.holder.split(":"), "")[:2]
    return Row("调度进程", f"主机{host}，进程{pid}，{ago(view.runner.beat_at, view.as_of)}报到", "good")


def _post(view: Overview) -> Row:
    box = view.mailbox
    parts = [f"待发{box.queued}封" if box.queued else "没有待发通知"]
    if box.oldest:
        parts.append(f"最早一封自{spoken(box.oldest, view.as_of)}起待发")
    if box.failed:
        parts.append(f"未能送达{box.failed}封")
    return Row("发件", "，".join(parts), "bad" if box.failed else "good")


def _prefect(view: Overview) -> Row:
    beat = view.runs.get("prefect")
    outcome = str(Outcome.DOWN) if beat is None or not view.runner_alive else beat.outcome
    if not view.runner_alive:
        return Row("Prefect", "没有运行", "watch")
    return Row("Prefect", PREFECT[outcome], "good" if outcome == Outcome.READY else "watch")


def _incidents(view: Overview) -> Row:
    if not view.incidents:
        return Row("未办结异常", "没有", "good")
    return Row("未办结异常", "，".join(_counted(view.incidents)), "bad")


def _counted(incidents: Mapping[str, int]) -> list[str]:
    counts: dict[str, int] = {}
    for kind, count in incidents.items():
        label = INCIDENT_KINDS.get(kind, "其他")
        counts[label] = counts.get(label, 0) + count
    return [f"{label}{count}件" for label, count in sorted(counts.items())]


def _invariants(view: Overview) -> Row:
    last = view.runs.get("invariants")
    if last is None or last.finished_at is None:
        return Row("一致性检查", "尚未检查", "watch")
    sound = last.outcome == Outcome.DONE and not last.counts.get("faults")
    return Row(
        "一致性检查", f"{spoken(last.started_at, view.as_of)}：{last.says}", "good" if sound else "bad"
    )


def _line(last: LastRun | None, label: str, as_of: datetime) -> LineRow:
    if last is None:
        return LineRow(label, "尚未运行", "", "", "")
    by = {"prefect": "Prefect", "plain": "本机时钟"}.get(last.by, "")
    tone = "bad" if last.outcome == Outcome.FAILED else ""
    says = "正在运行" if last.outcome == Outcome.RUNNING else last.says
    return LineRow(label, spoken(last.started_at, as_of), says, by, tone)
