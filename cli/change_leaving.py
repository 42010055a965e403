"""``linxuan change leave``, ``stay``, ``leavings``: leaving the directory by one's own will (M24-20c)."""

from typing import Annotated

import typer

from cli.options import As, AsOf, Data, Json

Who = Annotated[str, typer.Argument(metavar="机构", help="统一社会信用代码、全称或申报编号")]
Text = "文字"


def leaving(app: typer.Typer) -> None:
    """Add the verbs of leaving."""
    app.command(
        epilog="linxuan change leave B3-SJAQ-0001 --reason 业务调整 --records 示例档案室 --last-day 2025-06-30 --dry-run"
    )(leave)
    app.command(epilog="linxuan change stay TC-2025-0001 --reason 继续开展业务")(stay)
    app.command(epilog="linxuan change leavings")(leavings)


def leave(
    who: Who,
    reason: Annotated[str, typer.Option("--reason", metavar=Text, help="退出理由")],
    records: Annotated[str, typer.Option("--records", metavar=Text, help="过程档案的保存地点和保管单位（I21-4.6.5）")],
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="职业", help="只退出该职业（代码或申报编号），可重复；不写即全部")
    ] = None,
    last_day: Annotated[
        str | None, typer.Option("--last-day", metavar="日期", help="最后服务日，该日过完即退出；不写即立刻退出")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar=Text, help="对外公布的说明")] = "",
    learners: Annotated[int, typer.Option("--learners", metavar="人数", help="在训（在评）人数")] = 0,
    arrangements: Annotated[
        str, typer.Option("--arrangements", metavar=Text, help="在训（在评）人员的安排，有人数时须写")
    ] = "",
    mark: Annotated[str, typer.Option("--mark", metavar="标记", help="试看给出的标记；情况有变动时拒绝办理")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试看，不办理")] = False,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """主动退出目录：一个或全部职业，立刻或在最后服务日过后；要么全部办理，要么一个不办

    先用 --dry-run 试看：哪些职业退出、尚有哪些义务。"""
    from casework.departures.leaving import NewDeparture
    from casework.departures.leaving import leave as go
    from casework.departures.preview import preview
    from cli.as_of import read_as_of, read_day
    from cli.change_actors import institution_actor
    from cli.opening import opened
    from cli.showing import record, say, say_json, table
    from states.labels import TRACKS

    now = read_as_of(as_of)
    last = read_day(last_day) if last_day else None
    with opened(data, as_of=now) as here:
        by = institution_actor(here.desk, as_, who)
        if dry_run:
            shown = preview(here.desk, who, by=by, as_of=now, only=only or (), last_day=last)
        else:
            new = NewDeparture(reason, records, last, note, learners, arrangements)
            made = go(here.desk, who, new, by=by, as_of=now, only=only or (), mark=mark)
    if not dry_run:
        if as_json:
            say_json(record(made))
        elif made.absorbed:
            say(f"该退出此前已登记（{made.no}），不重复办理。")
        elif made.last_day:
            say(
                f"已登记退出{made.no}：{'、'.join(made.cases)}，{made.last_day}过后自动退出；此前可用 change stay 撤销。"
            )
        else:
            say(f"已退出（{made.no}）：{'、'.join(made.cases)}。")
        return
    if as_json:
        say_json({**record(shown), "listings": list(map(record, shown.listings))})
        return
    rows = [
        (each.no, TRACKS[each.track], each.title, each.stage_label, each.last_day, each.why_not or "可以退出")
        for each in shown.listings
    ]
    table(("申报编号", "类别", "职业", "环节", "有效期至", "结果"), rows)
    say()
    for sentence in dict.fromkeys(sentence for each in shown.listings for sentence in each.obligations):
        say(f"须履行：{sentence}。")
    if shown.staying:
        say(f"继续在册：{'、'.join(shown.staying)}。")
    if shown.applying:
        say(f"在办的申报不受影响：{'、'.join(shown.applying)}；需要撤回的请逐件办理。")
    say(f"以上为试看，尚未办理。照此办理请加 --mark {shown.mark} 并去掉 --dry-run。")


def stay(
    no: Annotated[str, typer.Argument(metavar="退出", help="退出登记编号，如 TC-2025-0001")],
    reason: Annotated[str, typer.Option("--reason", metavar=Text, help="撤销理由")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """在最后服务日过完之前撤销预告的退出，整件撤销"""
    from casework.departures.leaving import stay as take_back
    from cli.as_of import read_as_of
    from cli.change_actors import owner_actor
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        made = take_back(here.desk, no, reason=reason, by=owner_actor(here.desk, as_, no), as_of=now)
    say(f"退出登记{made.no}已撤销，继续在册：{'、'.join(made.cases)}。")


def leavings(as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """列出主动退出，新的在前"""
    from casework.departures.reading import departures
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json, table

    with opened(data, as_of=read_as_of(as_of)) as here:
        found = departures(here.desk, actor=reader(here.desk, as_))
    if as_json:
        say_json(list(map(record, found)))
        return
    if not found:
        say("没有主动退出的登记。")
        return
    rows = [
        (
            each.no,
            each.institution,
            "、".join(each.cases),
            each.at,
            each.last_day,
            each.state,
            each.learners,
            each.note,
        )
        for each in found
    ]
    table(
        ("编号", "机构", "申报编号", "登记", "最后服务日", "状态", "在训（在评）", "公告说明"),
        rows,
        right=(6,),
    )
