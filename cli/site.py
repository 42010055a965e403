"""``linxuan site``: examination sites, reported to the local office before they are used (M24-11.1)."""

from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json, Province

app = Noun("考试点：报备、列出、停用")


@app.command(
    epilog="linxuan site add B3-SJAQ-0007 --name 示例考点 --address 示例路1号 --province 重庆 --capacity 60 --supervisor 李示例"
)
def add(
    no: Annotated[str, typer.Argument(metavar="申报", help="申报编号，如 B3-SJAQ-0007")],
    name: Annotated[str, typer.Option("--name", metavar="名称", help="考试点名称")],
    address: Annotated[str, typer.Option("--address", metavar="地址", help="考试点地址")],
    province: Annotated[str, typer.Option("--province", metavar="省份", help="考试点所在省份，如 重庆 或 50")],
    capacity: Annotated[int, typer.Option("--capacity", metavar="人数", help="可容纳多少人")],
    supervisor: Annotated[str, typer.Option("--supervisor", metavar="姓名", help="现场负责人，加密保存")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """报备一个考试点，并告知当地省级部门（M24-11.1）"""
    from casework.duties.sites import NewSite, report_site
    from cli.as_of import read_as_of
    from cli.choosing import province_code
    from cli.on_behalf import on_behalf
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    new = NewSite(name, address, province_code(province), capacity, supervisor)
    with opened(data, as_of=now) as here:
        id_ = report_site(here.desk, no, new, by=on_behalf(here.desk, as_, no), as_of=now)
    say(f"考试点“{name}”已报备，序号{id_}。")


@app.command("list", epilog="linxuan site list --province 重庆")
def list_(
    province: Province = None, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False
) -> None:
    """列出考试点，按省份排列"""
    from casework.duties.sites import sites
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.choosing import province_code
    from cli.opening import opened
    from cli.showing import record, say, say_json, table
    from states.places import OFFICES

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        where = province_code(province) if province else None
        found = sites(here.desk, actor=reader(here.desk, as_), province=where)
    if as_json:
        say_json([record(each) for each in found])
    elif not found:
        say("没有报备的考试点。")
    else:
        rows = [
            (each.id, OFFICES[f"P{each.province}"].short, each.institution, each.name, each.address, each.capacity,
             each.reported_at, "停用" if each.closed_at else "")
            for each in found
        ]  # fmt: skip
        table(("序号", "省份", "机构", "名称", "地址", "可容纳", "报备", ""), rows, right=(0, 5))


@app.command(epilog="linxuan site close 3")
def close(
    id_: Annotated[int, typer.Argument(metavar="序号", help="见 linxuan site list")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """停用一个考试点"""
    from casework.duties.sites import close_site
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        close_site(here.desk, id_, by=on_behalf_of(here.desk, as_, "exam_site", id_), as_of=now)
    say(f"考试点{id_}已停用。")
