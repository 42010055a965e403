"""``linxuan ballot``: keys held by several officers, opening together, counting, counting again."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json

if TYPE_CHECKING:
    from casework.ballots.counting import Counted
    from casework.desk import Desk
    from states.tally import CaseTally

app = Noun("表决：准备密钥、共同开票、计票、重新计票、核对回执")
Panel = Annotated[str, typer.Argument(metavar="专家组", help="专家组编号")]
Officers = Annotated[
    list[str] | None, typer.Option("--officer", metavar="账号", help="开启人的账号；每人写一次，依次输入口令")
]
FromStdin = Annotated[
    bool, typer.Option("--passphrases-stdin", help="从标准输入读取口令，每行一个，与开启人顺序相同")
]


@app.command(epilog="linxuan ballot keys B3-SJAQ-Z01 --officer office.li --officer head.qin --needed 2")
def keys(
    panel: Panel, officer: Officers = None,
    needed: Annotated[int, typer.Option("--needed", metavar="人数", min=2, max=16, help="须几名开启人共同到场")] = 2,
    stdin: FromStdin = False, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """准备表决密钥：拆成份额，由各开启人以自己的口令封存

    私钥不保存在任何地方；口令忘记即失去该份额，剩余人数不足时选票永远不能开启。"""
    from casework.ballots.keys import prepare_keys
    from casework.ballots.panel import panel_id_of
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json
    from records.transaction import transaction

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        logins = _named(officer)
        by = office_or(here.desk, as_)
        passphrases = _passphrases(logins, stdin=stdin, twice=True)
        with transaction(here.desk.engine) as tx:
            shown = prepare_keys(tx, panel_id_of(tx, panel), passphrases, needed, by=by, as_of=now)
    if as_json:
        say_json({"panel": panel, "fingerprint": shown, "officers": logins, "needed": needed})
    else:
        say(f"密钥已备好，{len(logins)}名开启人中须{needed}名共同到场。公钥指纹：{shown}")
        say("请各开启人记下指纹，专家投票时看到的应与此相同。")


@app.command("open", epilog="linxuan ballot open B3-SJAQ-Z01 --officer office.li --officer head.qin")
def open_(
    panel: Panel, officer: Officers = None, stdin: FromStdin = False, data: Data = None, as_of: AsOf = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """开票：各开启人依次输入口令，人数足够时开启全部选票；任何一人不能单独开启

    开启前再次核对法定人数和回避；迟到、重复、被改动的选票逐一列出，不予计入。"""
    from casework.ballots.opening import open_ballots
    from casework.ballots.panel import panel_id_of
    from casework.ballots.presenting import SharesInHand, present
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import note, say, say_json
    from records.transaction import reading

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        logins = _named(officer)
        with reading(here.desk.engine) as tx:
            panel_id = panel_id_of(tx, panel)
        hand = SharesInHand()
        for login, passphrase in _passphrases(logins, stdin=stdin).items():
            done = present(here.desk, panel_id, login, passphrase, hand, as_of=now)
            note(f"{login} 已到场（{done.present}/{done.needed}）。")
        made = open_ballots(here.desk, panel_id, hand, as_of=now)
    if as_json:
        turned = [{"ballot": each.ballot, "why": each.why} for each in made.turned]
        say_json({"panel": panel, "counted": made.counted, "turned": turned})
        return
    say(f"已开启并可计入{made.counted}张选票；用 linxuan ballot tally {panel} 计票。")
    for each in made.turned:
        say(each.sentence)


@app.command(epilog="linxuan ballot tally B3-SJAQ-Z01 --as office.ding")
def tally(
    panel: Panel, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """计票：结果登记到各件申报，并转入复核；计票人不得再办理复核和发布"""
    from casework.ballots.counting import count_ballots
    from casework.ballots.panel import panel_id_of
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from records.transaction import reading

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        with reading(here.desk.engine) as tx:
            panel_id = panel_id_of(tx, panel)
        counted = count_ballots(here.desk, panel_id, by=office_or(here.desk, as_), as_of=now)
    _show(panel, counted, as_json)


@app.command(epilog="linxuan ballot recount B3-SJAQ-Z01")
def recount(panel: Panel, as_: As = None, data: Data = None, as_json: Json = False) -> None:
    """从开票结果重新计票，与登记的结果比对，不改变任何记录"""
    from casework.ballots.counting import Counted, kept_tallies
    from casework.ballots.opened_set import opened_set_of
    from casework.ballots.opened_set import recount as count_again
    from casework.ballots.panel import panel_id_of, panel_of, plan_of
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say
    from records.transaction import reading
    from states.refusals import Refused

    with opened(data, as_of=read_as_of(None)) as here, reading(here.desk.engine) as tx:
        _refuse_reader(here.desk, as_)
        found = panel_of(tx, panel_id_of(tx, panel))
        _refuse_reader(here.desk, as_, found.province)
        kept = kept_tallies(tx, found)
        again = count_again(opened_set_of(tx, found), plan_of(here.desk, found))
    _show(panel, Counted(again.tallies, again.counted, again.turned, 0, ()), as_json)
    if again.tallies != kept:
        raise Refused("重新计票的结果与登记的不一致，请停止发布并核查。", clause="M24-7.3d")
    if not as_json:
        say("重新计票的结果与登记的一致。")


@app.command(epilog="linxuan ballot receipt B3-SJAQ-Z01 3f9c…")
def receipt(
    panel: Panel,
    number: Annotated[str, typer.Argument(metavar="回执", help="投票时给出的64位回执")],
    data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """核对回执：这张选票是否在库、是否计入"""
    from casework.ballots.panel import panel_id_of, panel_of
    from casework.ballots.receipts import receipt_says
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json
    from records.transaction import reading

    with opened(data, as_of=read_as_of(None)) as here, reading(here.desk.engine) as tx:
        said = receipt_says(tx, panel_of(tx, panel_id_of(tx, panel)), number)
    if as_json:
        say_json({"panel": panel, "receipt": number, "says": said})
    else:
        say(said)


def _show(panel: str, counted: "Counted", as_json: bool) -> None:
    from cli.showing import say, say_json, table

    if as_json:
        turned = [{"ballot": each.ballot, "why": each.why} for each in counted.turned]
        say_json({
            "panel": panel, "ballots": counted.ballots, "cases": list(map(_record, counted.tallies)), "turned": turned,
            "unsettled": list(counted.unsettled),
        })  # fmt: skip
        return
    rows = [
        (
            each.case,
            each.votes_for,
            each.votes_against,
            each.abstentions,
            each.recused,
            _score(each),
            each.recommended,
        )
        for each in counted.tallies
    ]
    table(("申报", "推荐", "不推荐", "弃权", "回避", "平均分", "达到推荐比例"), rows, right=(1, 2, 3, 4, 5))
    say(f"计入选票{counted.ballots}张。")
    for line in counted.turned:
        say(line.sentence)
    if counted.unsettled:
        say(f"尚无有效结果、留在专家评议环节：{'、'.join(counted.unsettled)}。")


def _record(each: "CaseTally") -> dict[str, Any]:
    return {
        "case": each.case, "votes_for": each.votes_for, "votes_against": each.votes_against,
        "abstentions": each.abstentions, "votes_cast": each.votes_cast, "recused": each.recused,
        "score": _score(each), "recommended": each.recommended,
    }  # fmt: skip


def _score(each: "CaseTally") -> str | None:
    return None if each.score is None else f"{float(each.score):.2f}"


def _refuse_reader(desk: "Desk", login: str | None, province: str | None = None) -> None:
    from casework.panels.access import Matter, refuse_unless_sees
    from cli.acting import office_or

    refuse_unless_sees(office_or(desk, login), Matter.MEMBERS, province)


def _named(officers: list[str] | None) -> list[str]:
    from states.refusals import Refused

    logins = [each.strip().lower() for each in officers or ()]
    if not logins:
        raise Refused("请用 --officer 写明开启人的账号，每人写一次。", clause="M24-7.3d")
    if len(set(logins)) != len(logins):
        raise Refused("同一开启人写了两次，请每人只写一次。", clause="M24-7.3d")
    return logins


def _passphrases(logins: list[str], *, stdin: bool, twice: bool = False) -> dict[str, str]:
    from states.refusals import Refused

    if stdin:
        return {login: sys.stdin.readline().rstrip("\r\n") for login in logins}
    if not sys.stdin.isatty():
        raise Refused("这里不是终端，不能当场输入口令，请改用 --passphrases-stdin。")
    import getpass

    typed = {}
    for login in logins:
        typed[login] = getpass.getpass(f"{login} 的口令：")
        if twice and typed[login] != getpass.getpass(f"{login} 再输入一次："):
            raise Refused(f"{login} 两次输入的口令不一致，请重新运行。")
    return typed
