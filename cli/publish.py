"""``linxuan publish``: push the directory and what is under publicity to the sites that are set, and see how it went."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json, Limit
from states.refusals import Refused

if TYPE_CHECKING:
    from casework.publication.publish import PublishReport

app = Noun("对外公布：推送目录和公示名单、查看、重推")

Delivery = Annotated[int, typer.Argument(metavar="序号", help="publish list 所列的序号")]


@app.command(epilog="linxuan publish run")
def run(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """推送现在该推送的：有变动的先存为新版，再送到各接收方

    接收方用设置 receivers 指定。可以反复运行，也可以同时在几处运行；运行 linxuan up 时自动进行。"""
    from casework.leases import holder_name
    from casework.publication.publish import publish
    from casework.publication.receivers import receivers_of
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        settings = here.installation.settings
        if not receivers_of(settings):
            raise Refused(
                "还没有设置接收方，请先填写设置 receivers（如 receivers.platform）。", clause="I21-4.5"
            )
        report = publish(here.desk, settings, as_of=now, worker=holder_name())
    if as_json:
        say_json({
            "editions": report.editions, "left_alone": report.left_alone,
            "pushed": {name: record(each) for name, each in report.pushed.items()},
        })  # fmt: skip
    else:
        say(_said(report))
    if report.left_alone or report.total("later") or report.total("refused") or report.total("given_up"):
        raise typer.Exit(1)


@app.command(epilog="linxuan publish status")
def status(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """各接收方：通不通、等着推送的、没有送到的、最近一次送达"""
    from casework.publication.overview import standings
    from casework.publication.receivers import receivers_of
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        settings = here.installation.settings
        found = standings(
            here.installation.reading, receivers_of(settings), allowed=settings.receivers.failures, as_of=now
        )
    if as_json:
        say_json([
            {
                "receiver": each.receiver.name, "site": each.receiver.site, "circuit": each.breaker.circuit,
                "failures": each.breaker.failures, "until": each.breaker.until, "waiting": each.waiting,
                "failed": each.failed, "arrived_at": each.arrived_at,
            }
            for each in found
        ])  # fmt: skip
        return
    if not found:
        say("还没有设置接收方，请填写设置 receivers（如 receivers.platform）。")
        return
    table(
        ("接收方", "网站", "状态", "连续失败", "待推送", "未送达", "最近送达"),
        [
            (
                each.receiver.name, each.receiver.label, each.breaker.circuit.label, each.breaker.failures,
                each.waiting, each.failed, each.arrived_at,
            )
            for each in found
        ],
        right=(3, 4, 5),
    )  # fmt: skip


@app.command("list", epilog="linxuan publish list --state failed")
def list_(
    receiver: Annotated[
        str | None, typer.Option("--receiver", metavar="接收方", help="platform、osta 或 P50 这样的省份代码")
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", metavar="状态", help="queued、sending、sent、failed 或 superseded")
    ] = None,
    limit: Limit = 50, data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """推送记录，最近的在前"""
    from casework.publication.overview import STATES, deliveries
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json, table

    if state is not None and state not in STATES:
        raise Refused(f"没有状态“{state}”，可用的有：{'、'.join(STATES)}。")
    with opened(data, as_of=read_as_of(None)) as here:
        found = deliveries(here.installation.reading, receiver=receiver, state=state, limit=limit)
    if as_json:
        say_json([record(each) for each in found])
    elif not found:
        say("没有推送记录。")
    else:
        headings = ("序号", "接收方", "内容", "版次", "状态", "尝试", "送达", "原因")
        table(headings, [
            (each.id, each.receiver, each.object, each.number, STATES[each.state], each.attempts, each.sent_at, each.error)
            for each in found
        ], right=(0, 3, 5))  # fmt: skip


@app.command(epilog="linxuan publish show 3\nlinxuan publish show 3 -o 内容.json")
def show(
    id_: Delivery,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="把所推送的内容原样写入文件")] = None,
    data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """一次推送：内容的校验值和每次尝试"""
    from casework.publication.overview import STATES, delivery
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import refused_in_words
    from cli.showing import pairs, record, say, say_json, table

    with opened(data, as_of=read_as_of(None)) as here:
        found, attempts, body = delivery(here.installation.reading, id_)
    if output is not None:
        with refused_in_words(output):
            output.write_bytes(body.encode())
    if as_json:
        say_json({**record(found), "attempts_made": [record(each) for each in attempts]})
        return
    pairs({
        "内容": f"{found.title}（{found.object}）第{found.number}版", "校验值": found.sha256, "接收方": found.receiver,
        "状态": STATES[found.state], "送达": found.sent_at, "原因": found.error,
    })  # fmt: skip
    if attempts:
        say()
        rows = [(each.at, each.outcome, each.status, each.milliseconds, each.error) for each in attempts]
        table(("时间", "结果", "HTTP", "毫秒", "原因"), rows, right=(2, 3))


@app.command(epilog="linxuan publish retry 3")
def retry(id_: Delivery, login: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """把没有送到的重新排入推送"""
    from casework.publication.overview import push_again
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = office_or(here.desk, login)
        push_again(here.desk.engine, id_, as_of=now, by=by)
    say(f"推送{id_}已重新排入，下次 linxuan publish run 时推送。")


def _said(report: "PublishReport") -> str:
    counts = (
        ("新版", report.editions, "个"), ("送达", report.total("sent"), "次"), ("稍后再试", report.total("later"), "次"),
        ("被拒收", report.total("refused"), "次"), ("放弃", report.total("given_up"), "次"),
        ("接着推上次中断的", report.total("recovered"), "次"),
    )  # fmt: skip
    said = "、".join(f"{label}{count}{unit}" for label, count, unit in counts if count)
    alone = "".join(f"{name}：{why}。" for name, why in report.left_alone.items())
    return f"{said or '没有要推送的内容'}。{alone}"
