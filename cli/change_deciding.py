"""``linxuan change approve`` and its like: what becomes of a request for a change."""

from typing import Annotated

import typer

from cli.options import As, AsOf, Data

No = Annotated[str, typer.Argument(metavar="变更", help="变更申请编号，如 BG-2025-0001")]
Stating = Annotated[str, typer.Option("--stating", metavar="文字", help="理由、补正事项或意见")]


def deciding(app: typer.Typer) -> None:
    """Add the verbs of whoever decides."""
    app.command(epilog="linxuan change approve BG-2025-0001")(approve)
    app.command(epilog="linxuan change refuse BG-2025-0001 --stating 材料与登记信息不符")(refuse)
    app.command("return", epilog="linxuan change return BG-2025-0001 --stating 请附新的营业执照")(return_)
    app.command(epilog="linxuan change opinion BG-2025-0001 --stating 情况属实")(opinion)


def approve(
    no: No,
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="办理意见，可不写")] = "",
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """批准变更，即时生效：全部职业的目录随之更新，过去的日子仍查得到原来的内容"""
    from casework.particulars.deciding import approve_change
    from cli.as_of import read_as_of
    from cli.change_actors import decider_actor
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = decider_actor(here.desk, as_, no)
        labels = approve_change(here.desk, no, by=by, as_of=now, words=stating)
    say(f"变更申请{no.strip().upper()}已批准并生效：{'、'.join(labels)}。")


def refuse(no: No, stating: Stating, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """不予变更，写明理由"""
    from casework.particulars.deciding import refuse_change
    from cli.as_of import read_as_of
    from cli.change_actors import decider_actor
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        refuse_change(here.desk, no, words=stating, by=decider_actor(here.desk, as_, no), as_of=now)
    say(f"变更申请{no.strip().upper()}不予批准，已通知申请单位和推荐单位。")


def return_(no: No, stating: Stating, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """退回补正，写明补正事项；逾期不补正的视为撤回"""
    from casework.particulars.deciding import return_change
    from cli.as_of import read_as_of
    from cli.change_actors import decider_actor
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        last = return_change(here.desk, no, words=stating, by=decider_actor(here.desk, as_, no), as_of=now)
    say(f"变更申请{no.strip().upper()}已退回，应于{last}前补正。")


def opinion(no: No, stating: Stating, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """登记推荐单位对变更的意见（M24-3.3）"""
    from casework.particulars.deciding import give_opinion
    from cli.as_of import read_as_of
    from cli.change_actors import recommender_actor
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        give_opinion(here.desk, no, stating, by=recommender_actor(here.desk, as_, no), as_of=now)
    say(f"推荐单位对变更申请{no.strip().upper()}的意见已登记。")
