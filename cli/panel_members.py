"""What is typed about a panel that sits: conflicts to decide, seats, its vote, its meetings. Verbs of ``panel``."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.acting import office_or
from cli.chinese import Noun
from cli.draw import Panel
from cli.options import As, AsOf, Data, Json

members = Noun("专家组：成员、表决、会议")


@members.command(epilog="linxuan panel held B3-SJAQ-P01")
def held(panel: Panel, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """列出待人工核定的回避情形"""
    from casework.panels.deciding import held as waiting
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = waiting(here.desk, panel, actor=office_or(here.desk, as_), as_of=now)
    if as_json:
        say_json(list(map(record, found)))
        return
    if not found:
        say("没有待核定的回避情形。")
        return
    table(
        ("专家", "席位", "申报", "规则", "情形", "依据"),
        [(e.expert, e.seat or "", e.case or "（全部）", e.rule, e.rule_label, e.evidence) for e in found],
    )


@members.command(
    epilog="linxuan panel decide B3-SJAQ-P01 E-0007 R-3 released --case B3-SJAQ-0001 --stating 经核系同名"
)
def decide(
    panel: Panel,
    expert: Annotated[str, typer.Argument(metavar="专家", help="专家编号，见 linxuan panel held")],
    rule: Annotated[str, typer.Argument(metavar="规则", help="规则编号，如 R-3")],
    verdict: Annotated[str, typer.Argument(metavar="结果", help="released（无须回避）或 excluded（回避）")],
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="核定的理由")],
    case: Annotated[str, typer.Option("--case", metavar="编号", help="申报编号；不写即专家本人情况不明")] = "",
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """核定一个待定的回避情形，写明理由"""
    from casework.panels.deciding import decide_held
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = office_or(here.desk, as_)
        outcome = decide_held(
            here.desk,
            panel,
            expert=expert,
            case=case,
            rule=rule,
            verdict=verdict,
            reason=stating,
            by=by,
            as_of=now,
        )
    say(outcome)


@members.command(epilog="linxuan panel release B3-SJAQ-P01 3 --stating 因病不能参加")
def release(
    panel: Panel,
    seat: Annotated[int, typer.Argument(metavar="席位", min=1, help="席位号，见 linxuan panel show")],
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="解除的理由")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """解除一个席位，写明理由；空缺由补抽补上"""
    from casework.panels.deciding import release as relieve
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        relieve(here.desk, panel, seat, because=stating, by=office_or(here.desk, as_), as_of=now)
    say(f"专家组{panel}第{seat}席已解除。")


@members.command(
    epilog="linxuan panel extend B3-SJAQ-P01 --until 2024-08-28T17:00 --stating 投票未达法定人数"
)
def extend(
    panel: Panel,
    until: Annotated[str, typer.Option("--until", metavar="时间", help="延长到何时截止")],
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="延长的理由")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """表决截止而投票不足法定人数的，延长投票；已投的票仍然有效，未投的专家收到新的链接"""
    from casework.panels.extending import extend_vote
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, shown

    now, closes = read_as_of(as_of), read_as_of(until)
    with opened(data, as_of=now) as here:
        by = office_or(here.desk, as_)
        kept = extend_vote(here.desk, panel, closes_at=closes, because=stating, by=by, as_of=now)
    say(f"专家组{kept.no}的投票延长至{shown(closes)}。")


@members.command(
    epilog="linxuan panel meeting B3-SJAQ-P01 --held-at 2024-08-20T09:00 --place 示例会议室 --present 1,2,3,4,5"
    " --minutes 会议记录.txt"
)
def meeting(
    panel: Panel,
    held_at: Annotated[str, typer.Option("--held-at", metavar="时间", help="会议何时召开")],
    place: Annotated[str, typer.Option("--place", metavar="地点", help="会议地点")],
    present: Annotated[str, typer.Option("--present", metavar="席位", help="出席的席位号，用逗号分开")],
    minutes: Annotated[Path, typer.Option("--minutes", metavar="文件", help="会议记录的文本文件，UTF-8")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """登记一次专家组会议：时间、地点、出席席位和会议记录（加密保存）"""
    from casework.panels.meeting import record_meeting
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now, held = read_as_of(as_of), read_as_of(held_at)
    with opened(data, as_of=now) as here:
        number = record_meeting(
            here.desk, panel, held_at=held, place=place, present=_seats(present), minutes=_minutes(minutes),
            by=office_or(here.desk, as_), as_of=now,
        )  # fmt: skip
    say(f"已登记专家组{panel}的第{number}次会议。")


@members.command(epilog="linxuan panel meetings B3-SJAQ-P01")
def meetings(
    panel: Panel, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False
) -> None:
    """查看专家组的会议记录"""
    from casework.panels.meeting import meetings as recorded
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json, shown

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = recorded(here.desk, panel, actor=office_or(here.desk, as_))
    if as_json:
        say_json([asdict(each) for each in found])
        return
    if not found:
        say(f"专家组{panel}还没有登记会议。")
    for each in found:
        seats = "、".join(map(str, each.present))
        say(f"第{each.number}次会议，{shown(each.held_at)}，{each.place}，出席席位：{seats}")
        say(each.minutes)


def _seats(text: str) -> list[int]:
    from states.refusals import Refused

    parts = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    if not parts or not all(part.isascii() and part.isdigit() for part in parts):
        raise Refused(f"出席席位应写成用逗号分开的席位号，如 1,2,3，收到的是“{text}”。")
    return [int(part) for part in parts]


def _minutes(path: Path) -> str:
    from states.refusals import Refused

    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"会议记录文件“{path.name}”无法读取，请检查路径，并另存为UTF-8文本。") from None
