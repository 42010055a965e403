"""``linxuan post``: send the letters that are owed, once or for as long as it runs."""

import time
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import AsOf, Data, Json

if TYPE_CHECKING:
    from casework.post import PostReport

app = Noun("发送待发的通知")


@app.command(epilog="linxuan post --once")
def post(
    once: Annotated[bool, typer.Option("--once", help="发完现在该发的就结束；不写则一直运行，按 Ctrl-C 结束")] = False,
    every: Annotated[
        int, typer.Option("--every", metavar="秒", min=1, max=3600, help="一直运行时，每隔多少秒看一次")
    ] = 60,
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """发送待发的通知

    默认存入数据文件夹的 outbox；设置 mail 后经邮件服务器发送。可以反复运行，也可以同时在几处运行。"""
    from casework.channels import office_hours, open_channel
    from casework.leases import holder_name
    from casework.post import post as send
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        installation = here.installation
        channel, hours = open_channel(installation), office_hours(installation)
        try:
            while True:
                report = send(
                    installation.engine, channel, as_of=now, working_hours=hours, worker=holder_name()
                )
                while report.more:
                    further = send(
                        installation.engine, channel, as_of=now, working_hours=hours, worker=holder_name()
                    )
                    report = _together(report, further)
                if once or as_of is not None:
                    break
                if report.claimed or report.stopped:
                    say(_said(report))
                time.sleep(every)
                now = read_as_of(None)
        finally:
            channel.close()
    if as_json:
        say_json({field.name: getattr(report, field.name) for field in fields(report)})
    else:
        say(_said(report))
    if report.stopped:
        raise typer.Exit(1)


def _together(first: "PostReport", then: "PostReport") -> "PostReport":
    for name in ("claimed", "sent", "later", "refused", "given_up", "waiting", "recovered"):
        setattr(then, name, getattr(then, name) + getattr(first, name))
    return then


def _said(report: "PostReport") -> str:
    counts = (
        ("已发出", report.sent), ("稍后重发", report.later), ("被对方拒收", report.refused), ("放弃重发", report.given_up),
        ("等到上班时间", report.waiting), ("接着发上次中断的", report.recovered),
    )  # fmt: skip
    said = "、".join(f"{label}{count}封" for label, count in counts if count)
    stopped = f"本次提前结束：{report.stopped}。" if report.stopped else ""
    return f"{said or '没有待发的通知'}。{stopped}"
