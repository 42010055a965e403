"""``linxuan calendar``: which days are worked, why a date is what it is, and a new year's arrangements (D-6)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.chinese import Noun
from cli.options import AsOf, Data, Json
from states.refusals import Refused

if TYPE_CHECKING:
    from datetime import date

    from states.calendar import Calendar

app = Noun("工作日历：查看、解释日期、导入放假安排")
Count = Annotated[
    int | None, typer.Option("--plus", metavar="天数", min=1, max=5000, help="之后第几个工作日")
]
CountBack = Annotated[
    int | None, typer.Option("--minus", metavar="天数", min=1, max=5000, help="之前第几个工作日")
]


@app.command(epilog="linxuan calendar explain 2024-09-26 --plus 5")
def explain(
    day: Annotated[str, typer.Argument(metavar="日期", help="从哪一天算起，该日不计")],
    plus: Count = None, minus: CountBack = None, data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """解释一个日期：是不是工作日，或加减若干工作日是哪一天、逐日数了哪些"""
    from cli.as_of import read_day
    from cli.showing import say, say_json

    start, calendar = read_day(day), _calendar(data)
    if plus is not None and minus is not None:
        raise Refused("--plus 和 --minus 只能写一个。")
    if plus is None and minus is None:
        kind, works = calendar.kind(start), calendar.is_working_day(start)
        provisional = not calendar.is_announced(start.year)
        if as_json:
            say_json(
                {
                    "day": start,
                    "kind": kind,
                    "working": works,
                    "provisional": provisional,
                    "edition": calendar.edition,
                }
            )
        else:
            say(
                f"{start}：{kind}，{'上班' if works else '不上班'}{_provisional(start.year) if provisional else ''}。"
            )
        return
    found = (
        calendar.working_days_after(start, plus)
        if plus is not None
        else calendar.working_days_before(start, minus or 1)
    )
    if as_json:
        say_json({
            "day": found.day, "due": found.due, "counted": list(found.counted), "provisional": found.provisional,
            "edition": found.edition, "explanation": found.explanation(),
        })  # fmt: skip
    else:
        say(f"{found.day}\n{found.explanation()}。\n日历版本：{found.edition}")


@app.command(epilog="linxuan calendar show 2024")
def show(
    year: Annotated[int | None, typer.Argument(metavar="年度", min=2000, max=2099, help="哪一年，不写即列出已有年度")] = None,
    data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """查看一年的放假和补班安排，或列出已有年度"""
    from cli.showing import say, say_json, table

    calendar = _calendar(data)
    if year is None:
        if as_json:
            say_json({"edition": calendar.edition, "years": list(calendar.years)})
        else:
            years = list(calendar.years)
            say(f"日历版本 {calendar.edition}，已有年度：{years[0]}至{years[-1]}。")
            say("此后各年暂按周末推算，公布后用 linxuan calendar import 导入（D-6）。")
        return
    if not calendar.is_announced(year):
        raise Refused(f"{year}年放假安排尚未导入，公布后请用 linxuan calendar import 导入。", clause="D-6")
    plan = calendar.years[year]
    if as_json:
        say_json(
            {
                "year": year,
                "notice": plan.notice,
                "holidays": _days(plan.holidays),
                "makeup_days": _days(plan.makeup_days),
            }
        )
        return
    say(f"{plan.notice}\n")
    festivals = dict.fromkeys([*plan.holidays.values(), *plan.makeup_days.values()])
    rows = []
    for festival in festivals:
        off = [_short(day, year) for day, name in plan.holidays.items() if name == festival]
        worked = [_short(day, year) for day, name in plan.makeup_days.items() if name == festival]
        rows.append((festival, "、".join(off), "、".join(worked)))
    table(("节日", "放假", "补班"), rows)


@app.command("import", epilog="linxuan calendar import 2027.toml")
def import_(
    file: Annotated[Path, typer.Argument(metavar="文件", help="国务院办公厅通知的放假安排（.toml）")],
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """导入一年的放假安排，重算受影响的日期，变动的逐件列出并通知（D-6）

    文件写法：year = 2027，每个节日一段 [[holiday]]，写明 name、from、to 和 makeup（补班日）。"""
    from casework.calendars import import_year
    from casework.rederiving import rederive
    from cli.acting import operator
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import last_day, say, say_json, table
    from states.roles import Role

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        done = import_year(
            here.installation.engine, file, as_of=now, by=operator(Role.OFFICE), rederive=rederive(here.desk)
        )
    if as_json:
        say_json({
            "year": done.year, "notice": done.notice, "edition": done.edition, "new": done.new,
            "looked_at": len(done.looked_at), "moved": [each._asdict() for each in done.moved],
        })  # fmt: skip
        return
    if not done.new:
        say(f"《{done.notice}》已经导入过，没有变动。")
        return
    say(f"已导入《{done.notice}》，核对申报{len(done.looked_at)}件，变动日期{len(done.moved)}处。")
    if done.moved:
        rows = [(each.no, each.what, last_day(each.old_due), last_day(each.new_due)) for each in done.moved]
        table(("编号", "事项", "原为", "现为"), rows)


def _calendar(data: Path | None) -> "Calendar":
    """The calendar of the data folder; the built-in one where nothing was opened yet."""
    from casework.installation import sqlite_file
    from cli.as_of import read_as_of
    from cli.opening import opened, settings_for
    from states.calendar import Calendar

    file = sqlite_file(settings_for(data))
    if file is not None and not file.exists():
        return Calendar.builtin()
    with opened(data, as_of=read_as_of(None)) as here:
        return here.installation.calendar()


def _short(day: "date", year: int) -> str:
    return f"{day:%m-%d}" if day.year == year else str(day)


def _days(days: Any) -> dict[str, str]:
    return {str(day): name for day, name in days.items()}


def _provisional(year: int) -> str:
    return f"（暂定：{year}年放假安排尚未公布，D-6）"
