"""``linxuan incident``: what failed and waits for somebody."""

from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json, Limit

app = Noun("异常：列出、重试、办结")
Id = Annotated[int, typer.Argument(metavar="序号", help="异常的序号，见 linxuan incident list")]


@app.command("list", epilog="linxuan incident list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="连同已办结的")] = False,
    limit: Limit = 50, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出未办结的异常，新的在前"""
    from casework.incident_kinds import INCIDENT_KINDS
    from casework.incidents import incidents
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json, table

    with opened(data, as_of=read_as_of(as_of)) as here:
        found = incidents(here.desk, closed=everything, actor=reader(here.desk, as_), limit=limit)
    if as_json:
        say_json(list(map(record, found)))
        return
    if not found:
        say("没有未办结的异常。" if not everything else "没有异常。")
        return
    rows = [
        (
            each.id,
            each.at,
            INCIDENT_KINDS.get(each.kind, each.kind),
            each.no,
            each.reason,
            each.attempts,
            each.outcome or "未办结",
        )
        for each in found
    ]
    table(("序号", "时间", "种类", "申报", "原因", "次数", "结果"), rows, right=(0, 5))


@app.command(epilog="linxuan incident retry 3")
def retry(id_: Id, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """把失败的事项重新排入：到期办理下次巡检时执行，通知重新发送"""
    from casework.incidents import retry as again
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = office_or(here.desk, as_)
        say(f"异常{id_}：{again(here.desk, id_, by=by, as_of=now)}。")


@app.command(epilog="linxuan incident close 3 --stating 已电话通知该单位")
def close(
    id_: Id,
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="怎样处理的")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """办结一个异常，写明怎样处理的"""
    from casework.incidents import close_incident
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say
    from records.transaction import transaction
    from states.refusals import Refused

    if not stating.strip():
        raise Refused("办结异常须写明怎样处理的，请用 --stating 填写。")
    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = office_or(here.desk, as_)
        with transaction(here.desk.engine) as tx:
            close_incident(tx, id_, by, stating.strip(), now)
    say(f"异常{id_}已办结：{stating.strip()}。")
