"""``linxuan directory recommended``: what an office recommended and answers for, with a year's figures (M24-15)."""

from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json

recommended = Noun("")


@recommended.command("recommended", epilog="linxuan directory recommended D01 --year 2025")
def recommended_(
    office: Annotated[
        str, typer.Argument(metavar="推荐单位", help="行业主管部门或省级部门，如 D01、工信部、重庆")
    ],
    year: Annotated[int, typer.Option("--year", metavar="年份", min=2021, max=2100, help="哪一年的数据")],
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """一个部门推荐的在册机构：全年场次和人次、逾期义务、尚未答复的督促（M24-15）"""
    from dataclasses import asdict

    from casework.recommended import recommended as found_in
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json, table
    from states.labels import TRACKS
    from states.places import find

    now, of = read_as_of(as_of), find(office)
    with opened(data, as_of=now) as here:
        found = found_in(here.desk, of.code, year, as_of=now, actor=reader(here.desk, as_))
    if as_json:
        say_json(
            {
                "office": of.code,
                "name": of.name,
                "year": year,
                "institutions": [asdict(each) for each in found],
            }
        )
        return
    if found:
        table(
            ("编号", "机构", "类别", "职业", "环节", "场次", "人次", "逾期义务", "未答复督促"),
            [
                (
                    each.no, each.institution, TRACKS[each.track], each.occupation, each.stage, each.sessions,
                    each.figures.person_times, each.overdue, each.unanswered,
                )
                for each in found
            ],
            right=(5, 6, 7, 8),
        )  # fmt: skip
        say()
    total = sum(each.figures.person_times for each in found)
    say(f"{of.name}推荐的机构，{year}年在册{len(found)}家次，共{total}人次。")
