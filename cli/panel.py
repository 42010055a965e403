"""``linxuan panel``: plan panels, set their times, see how far they have come, decide what is held."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from cli.acting import office_or
from cli.chinese import Noun
from cli.draw import Panel
from cli.options import As, AsOf, Call, Data, Json, Occupation, Province, Track
from cli.panel_members import members
from cli.panel_page import show_page, show_parameters

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
    occupation: Occupation = None, track: Track = None, province: Province = None,
    size: Size = None, quorum: Quorum = None, per_employer: PerEmployer = None, per_province: PerProvince = None,
    of_field: OfField = None, draw_at: DrawAt = None, meets_at: MeetsAt = None, closes_at: ClosesAt = None,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """为待评议的申报设定专家组，一个职业一组；由省级组织的，一省一个职业一组

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
            here.desk, call, by=office_or(here.desk, as_), as_of=now, track=track or "evaluation", occupation=occupation,
            province=_region(province), overrides=given,
        )  # fmt: skip
        told = [(each, published(here.desk, each.no)) for each in made]
    if as_json:
        say_json(
            [
                {"no": each.no, "occupation": each.occupation, "province": each.province, "published": rows}
                for each, rows in told
            ]
        )
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
        by = office_or(here.desk, as_)
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
        found = list_panels(here.desk, actor=office_or(here.desk, as_), call=call)
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

    from casework.panels.listing import show_panel
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say_json

    with opened(data, as_of=read_as_of(as_of)) as here:
        page = show_panel(here.desk, panel, actor=office_or(here.desk, as_))
    if as_json:
        say_json(asdict(page))
    else:
        show_page(page)


def _instant(text: str | None) -> Any:
    from cli.as_of import read_as_of

    return None if text is None else read_as_of(text)


def _region(text: str | None) -> str | None:
    from cli.choosing import province_code

    return None if text is None else province_code(text)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


app.add_typer(members)
