"""``linxuan sweep``: fire what is due, once; safe to run any time, anywhere, twice."""

from typing import TYPE_CHECKING

from cli.chinese import Noun
from cli.options import AsOf, Data, Json

if TYPE_CHECKING:
    from casework.desk import Desk

app = Noun("到期处理：办理所有到期事项，可反复运行")


@app.command(epilog="linxuan sweep")
def sweep(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """到期处理：办理所有到期事项，可反复运行

    截止到期的批次，办理到期的申报，发出到期的提醒和督办；都以法定时间为准，迟到的补办（D-7）。"""
    from casework.actors import CLOCK
    from casework.calls import close_calls_due
    from casework.duties.sweep import sweep_duties
    from casework.panels.sweep import sweep_panels
    from casework.panels.timers import LABELS
    from casework.sweep import SweepReport
    from casework.sweep import sweep as fire
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json, warn_of_the_future, working

    now = read_as_of(as_of)
    warn_of_the_future(now)
    with opened(data, as_of=now) as here:
        closed = close_calls_due(here.desk, by=CLOCK, as_of=now)
        with working("到期处理") as tick:

            def progress(report: SweepReport) -> None:
                tick(report.fired)

            report = fire(here.desk, as_of=now, progress=progress)
            panels = sweep_panels(here.desk, as_of=now)
            duties = sweep_duties(here.desk, as_of=now)
        labels = _move_labels(here.desk)
    if as_json:
        say_json({
            "closed_calls": closed, "fired": report.fired, **record(report), "panels": record(panels),
            "duties": record(duties),
        })  # fmt: skip
        return
    if closed:
        say(f"批次申报截止：{'、'.join(closed)}。")
    if panels.count:
        fired = "、".join(f"{LABELS[kind]}{count}项" for kind, count in sorted(panels.fired.items()))
        say(f"专家组到期事项：{fired or '无'}，暂缓{panels.held}项，异常{panels.incidents}项。")
    if duties.fired:
        say(f"列入目录后的义务：提醒{duties.reminded}项，逾期{duties.overdue}项。")
    if not report.fired:
        say("没有到期事项。")
        return
    said = "、".join(
        f"{labels.get(name, name)}{count}件" for name, count in sorted(report.moves.items()) if count
    )
    say(
        f"到期事项{report.fired}项：自动办理{report.moved}件{f'（{said}）' if said else ''}，提醒申报单位{report.reminded}项，"
        f"记入工作人员每日汇总{report.noticed}项，已无须提醒{report.skipped}项，暂不能办理{report.held}件，异常{report.incidents}件。"
    )
    if report.held:
        say("暂不能办理的原因见 linxuan stuck。")
    if report.incidents:
        say("异常见 linxuan incident list。")


def _move_labels(desk: "Desk") -> dict[str, str]:
    from records.transaction import reading

    with reading(desk.engine) as tx:
        keys = [row[0] for row in tx.rows("SELECT DISTINCT process FROM cases")]
    labels: dict[str, str] = {}
    for key in keys:
        labels |= desk.processes.process(key).labels
    return labels
