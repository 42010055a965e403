"""``linxuan panel``: plan panels, set their times, see how far they have come, decide what is held."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.chinese import Noun
from cli.draw import Panel
from cli.options import As, AsOf, Call, Data, Json, Occupation, Track
from cli.panel_page import show_page, show_parameters

if TYPE_CHECKING:
    from casework.actors import Actor
    from casework.desk import Desk

app = Noun("专家组：设定、列出、查看、核定回避")
Size = Annotated[int | None, typer.Option("--size", metavar="人数", min=1, max=99, help="专家组人数，单数")]
Quorum = Annotated[int | None, typer.Option("--quorum", metavar="人数", min=1, max=99, help="法定人数")]
PerEmployer = Annotated[
    int | None, typer.Option("--per-employer", metavar="人数", min=1, max=99, help="同一单位至多几人")
]
PerProvince = Annotated[
    int | None,
    typer.Option("--per-province", metavar="人数", min=0, max=99, help="同一省份至多几人，0为不限"),
]
OfField = Annotated[
    int | None, typer.Option("--of-field", metavar="人数", min=0, max=99, help="本领域专家至少几人")
]
DrawAt = Annotated[
    str | None, typer.Option("--draw-at", metavar="时间", help="何时抽取，如 2024-08-06T10:00")
]
MeetsAt = Annotated[str | None, typer.Option("--meets-at", metavar="时间", help="何时开会评议、开始表决")]
ClosesAt = Annotated[str | None, typer.Option("--closes-at", metavar="时间", help="表决何时截止")]


@app.command(epilog="linxuan panel plan B3 --occupation SJAQ --draw-at 2024-08-06T10:00")
def plan(
    call: Annotated[str, typer.Argument(metavar="批次", help="批次代码，如 B3")],
    occupation: Occupation = None, track: Track = None,
    size: Size = None, quorum: Quorum = None, per_employer: PerEmployer = None, per_province: PerProvince = None,
    of_field: OfField = None, draw_at: DrawAt = None, meets_at: MeetsAt = None, closes_at: ClosesAt = None,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """为待评议的申报设定专家组，一个职业一组

    不写的参数按规则设定；抽取前公布，公布承诺后不能再改。"""
    from casework.panels.planning import plan_panels, published
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json

    now = read_as_of(as_of)
    given = _given(
        size=size, quorum=quorum, per_employer=per_employer, per_province=per_province, of_field=of_field,
        draw_at=_instant(draw_at), meets_at=_instant(meets_at), closes_at=_instant(closes_at),
    )  # fmt: skip
    with opened(data, as_of=now) as here:
        made = plan_panels(
            here.desk, call, by=_actor(here.desk, as_), as_of=now, track=track or "evaluation", occupation=occupation,
            overrides=given,
        )  # fmt: skip
        told = [(each, published(here.desk, each.no)) for each in made]
    if as_json:
        say_json([{"no": each.no, "occupation": each.occupation, "published": rows} for each, rows in told])
        return
    for each, rows in told:
        say(f"专家组{each.no}（{each.occupation}）")
        show_parameters(rows)


@app.command(
    "set", epilog="linxuan panel set B3-SJAQ-P01 --meets-at 2024-08-15T09:00 --closes-at 2024-08-16T17:00"
)
def set_(
    panel: Panel,
    size: Size = None, quorum: Quorum = None, per_employer: PerEmployer = None, per_province: PerProvince = None,
    of_field: OfField = None, draw_at: DrawAt = None, meets_at: MeetsAt = None, closes_at: ClosesAt = None,
    recusal: Annotated[
        str | None, typer.Option("--recusal", metavar="方式", help="panel（整组回避）或 case（按件回避，须写理由）")
    ] = None,
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="更改的理由")] = "",
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """更改专家组的参数、时间或回避方式

    人员不足时扩大范围（--of-field）或改为按件回避（--recusal case），都须写明理由（D-10）。"""
    from casework.panels.planning import change_panel, published
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say
    from states.refusals import Refused

    if recusal not in (None, "panel", "case"):
        raise Refused(f"回避方式“{recusal}”无效，应写 panel（整组回避）或 case（按件回避）。", clause="D-10")
    now = read_as_of(as_of)
    given = _given(
        size=size, quorum=quorum, per_employer=per_employer, per_province=per_province, of_field=of_field,
        draw_at=_instant(draw_at), meets_at=_instant(meets_at), closes_at=_instant(closes_at), recusal=recusal,
    )  # fmt: skip
    if not given:
        raise Refused("没有写明要更改什么，用法见 linxuan panel set --help。")
    with opened(data, as_of=now) as here:
        by = _actor(here.desk, as_)
        kept = change_panel(here.desk, panel, by=by, as_of=now, because=stating, **given)
        rows = published(here.desk, kept.no)
    say(f"专家组{kept.no}已更改。")
    show_parameters(rows)


@app.command("list", epilog="linxuan panel list --call B3")
def list_(
    call: Call = None, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False
) -> None:
    """列出专家组"""
    from casework.panels.listing import list_panels
    from casework.panels.seat import STATES
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json, table

    with opened(data, as_of=read_as_of(as_of)) as here:
        found = list_panels(here.desk, actor=_actor(here.desk, as_), call=call)
    if as_json:
        say_json(list(map(record, found)))
        return
    if not found:
        say("还没有专家组，用 linxuan panel plan 设定。")
        return
    table(
        ("编号", "职业", "状态", "人数", "申报", "轮次", "席位"),
        [
            (
                each.no, each.occupation, each.state_label, each.size, each.cases, each.rounds,
                "、".join(f"{STATES[state]}{count}" for state, count in (each.seats or {}).items()),
            )
            for each in found
        ],
        right=(3, 4, 5),
    )  # fmt: skip


@app.command(epilog="linxuan panel show B3-SJAQ-P01")
def show(panel: Panel, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """查看一个专家组：参数、各轮抽取、等待事项；成员只有有权的人能看到"""
    from dataclasses import asdict

    from casework.panels.listing import show_panel
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say_json

    with opened(data, as_of=read_as_of(as_of)) as here:
        page = show_panel(here.desk, panel, actor=_actor(here.desk, as_))
    if as_json:
        say_json(asdict(page))
    else:
        show_page(page)


@app.command(epilog="linxuan panel held B3-SJAQ-P01")
def held(panel: Panel, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """列出待人工核定的回避情形"""
    from casework.panels.deciding import held as waiting
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = waiting(here.desk, panel, actor=_actor(here.desk, as_), as_of=now)
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


@app.command(
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
        by = _actor(here.desk, as_)
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


@app.command(epilog="linxuan panel release B3-SJAQ-P01 3 --stating 因病不能参加")
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
        relieve(here.desk, panel, seat, because=stating, by=_actor(here.desk, as_), as_of=now)
    say(f"专家组{panel}第{seat}席已解除。")


@app.command(epilog="linxuan panel extend B3-SJAQ-P01 --until 2024-08-28T17:00 --stating 投票未达法定人数")
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
        by = _actor(here.desk, as_)
        kept = extend_vote(here.desk, panel, closes_at=closes, because=stating, by=by, as_of=now)
    say(f"专家组{kept.no}的投票延长至{shown(closes)}。")


@app.command(
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
            by=_actor(here.desk, as_), as_of=now,
        )  # fmt: skip
    say(f"已登记专家组{panel}的第{number}次会议。")


@app.command(epilog="linxuan panel meetings B3-SJAQ-P01")
def meetings(panel: Panel, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """查看专家组的会议记录"""
    from casework.panels.meeting import meetings as recorded
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json, shown

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = recorded(here.desk, panel, actor=_actor(here.desk, as_))
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


def _actor(desk: "Desk", login: str | None) -> "Actor":
    from cli.acting import account, operator
    from states.roles import Role

    return account(desk, login) if login else operator(Role.OFFICE)


def _instant(text: str | None) -> Any:
    from cli.as_of import read_as_of

    return None if text is None else read_as_of(text)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
