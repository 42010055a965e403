"""``linxuan emergency``: emergencies reported at once and followed up until they are closed (M24-11.6b)."""

from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json

app = Noun("突发事件：报告、列出、确认收到、续报、办结")
Own = Annotated[str, typer.Argument(metavar="编号", help="突发事件的编号，如 TF-2025-001")]
Stating = Annotated[str, typer.Option("--stating", metavar="文字", help="处理进展或者办结结论")]


@app.command(
    epilog="linxuan emergency report B3-SJAQ-0007 --kind data --at 2025-03-03T09:30 --scope 考生报名信息 --measures 已断网排查"
)
def report(
    no: Annotated[str, typer.Argument(metavar="申报", help="申报编号，如 B3-SJAQ-0007")],
    kind: Annotated[str, typer.Option("--kind", metavar="类型", help="network（网络）、data（数据）或 examination（考试）")],
    at: Annotated[str, typer.Option("--at", metavar="时间", help="何时发生（北京时间）")],
    scope: Annotated[str, typer.Option("--scope", metavar="文字", help="影响范围")],
    measures: Annotated[str, typer.Option("--measures", metavar="文字", help="处置措施")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """报告突发事件，立即告知省级部门、行业主管部门和协调小组（M24-11.6b）"""
    from casework.duties.emergencies import NewEmergency, report_emergency
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf
    from cli.opening import opened
    from cli.showing import say

    now, happened = read_as_of(as_of), read_as_of(at)
    with opened(data, as_of=now) as here:
        new = NewEmergency(kind, happened, scope, measures)
        own = report_emergency(here.desk, no, new, by=on_behalf(here.desk, as_, no), as_of=now)
    say(f"突发事件已报告，编号{own}。")


@app.command("list", epilog="linxuan emergency list --waiting")
def list_(
    waiting: Annotated[bool, typer.Option("--waiting", help="只列未办结的")] = False,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出突发事件，最近的在前"""
    from casework.duties.emergencies import emergencies
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import last_day, record, say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = emergencies(here.desk, actor=reader(here.desk, as_), waiting=waiting)
    if as_json:
        say_json([{**record(each), "follow_ups": list(map(record, each.follow_ups))} for each in found])
    elif not found:
        say("没有突发事件。")
    else:
        rows = [
            (each.no, each.case_no, each.institution, each.kind, each.happened_at, each.scope, len(each.follow_ups),
             "已办结" if each.closed_at else "已确认" if each.acknowledged_at else "待确认",
             "" if each.closed_at else last_day(each.due_at))
            for each in found
        ]  # fmt: skip
        table(
            ("编号", "申报", "机构", "类型", "发生", "影响范围", "续报", "状态", "续报期限"), rows, right=(6,)
        )


@app.command(epilog="linxuan emergency acknowledge TF-2025-001 --as chongqing")
def acknowledge(own: Own, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """确认收到突发事件报告"""
    from casework.duties.emergencies import acknowledge as confirm
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        confirm(here.desk, own, by=on_behalf_of(here.desk, as_, "emergency", own), as_of=now)
    say(f"{own}已确认收到。")


@app.command(epilog="linxuan emergency follow TF-2025-001 --stating 系统已恢复，正在通知考生")
def follow(own: Own, stating: Stating, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """续报处理进展"""
    from casework.duties.emergencies import follow_up
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = on_behalf_of(here.desk, as_, "emergency", own)
        due = follow_up(here.desk, own, stating, by=by, as_of=now)
    say(f"{own}已续报，下次续报期限{due.last_day}。")


@app.command(epilog="linxuan emergency close TF-2025-001 --stating 已整改并通过复测")
def close(own: Own, stating: Stating, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """办结突发事件，不再续报"""
    from casework.duties.emergencies import close_emergency
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        close_emergency(here.desk, own, stating, by=on_behalf_of(here.desk, as_, "emergency", own), as_of=now)
    say(f"{own}已办结。")
