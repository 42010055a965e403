"""``linxuan duty``: what is owed after listing and by when, the yearly report, provincial lists, the year in figures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json, Limit, Province

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casework.duties.listing import DutyView

app = Noun("列入目录后的义务：清单、年度总结和计划、省级目录报送、年度汇总")
CaseNo = Annotated[str, typer.Argument(metavar="申报", help="申报编号，如 B3-SJAQ-0007")]
Year = Annotated[int, typer.Option("--year", metavar="年度", help="四位年份，如 2025")]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="文件", help="写到哪个文件")]


@app.command("list", epilog="linxuan duty list --overdue --province 重庆")
def list_(
    overdue: Annotated[bool, typer.Option("--overdue", help="只列逾期的")] = False,
    province: Province = None,
    no: Annotated[str | None, typer.Option("--no", metavar="申报", help="只列这件申报的，如 B3-SJAQ-0007")] = None,
    done: Annotated[bool, typer.Option("--done", help="连同已履行的一起列出")] = False,
    limit: Limit = 200, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出应履行的义务，先到期的在前，逐项说明期限的由来"""
    from casework.duties.listing import duties
    from casework.history import case_number
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now, place = read_as_of(as_of), _province(province) if province else None
    with opened(data, as_of=now) as here:
        found = duties(
            here.desk, as_of=now, actor=reader(here.desk, as_), overdue=overdue, province=place,
            no=case_number(no) if no else None, done=done, limit=limit,
        )  # fmt: skip
    if as_json:
        say_json([{**record(each), "overdue": each.overdue} for each in found])
    elif not found:
        say("没有逾期的义务。" if overdue else "没有待履行的义务。")
    else:
        show_duties(found)


@app.command(epilog="linxuan duty blank B3-SJAQ-0007 --year 2025 -o 年度总结.xlsx")
def blank(
    no: CaseNo, year: Year, out: Annotated[Path, typer.Option("-o", "--out", metavar="文件", help="写到哪个文件")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """年度总结和计划的空表（.xlsx），已填入逐场报告的合计"""
    from casework.duties.yearly_sheet import blank_yearly
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf
    from cli.opening import opened
    from cli.output import write_bytes
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        write_bytes(blank_yearly(here.desk, no, year, by=on_behalf(here.desk, as_, no), as_of=now), out)
    say(f"空表已写入{out}。")


@app.command(epilog="linxuan duty yearly B3-SJAQ-0007 年度总结.xlsx")
def yearly(
    no: CaseNo, file: Annotated[Path, typer.Argument(metavar="文件", help="填好的年度总结（.xlsx、.csv）")],
    reason: Annotated[str, typer.Option("--reason", metavar="文字", help="更正时的理由，填写后以此为准")] = "",
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """报送年度总结和下一年度计划；再次报送即为更正，须写明理由（M24-14）

    数据不得少于已逐场报告的合计；多出的部分计入活动人次，不重复计算。"""
    from dataclasses import replace

    from casework.duties.yearly import file_report
    from casework.duties.yearly_sheet import read_yearly
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now, new = read_as_of(as_of), read_yearly(file)
    new = replace(new, reason=reason) if reason else new
    with opened(data, as_of=now) as here:
        filed = file_report(here.desk, no, new, by=on_behalf(here.desk, as_, no), as_of=now)
    if as_json:
        say_json({**record(filed), "total": record(filed.total)})
        return
    late = f"，逾期{filed.days_late}日" if filed.days_late else ""
    again = f"第{filed.number}次报送，已更正" if filed.number > 1 else "已报送"
    say(
        f"{no}的{new.year}年度总结和{new.year + 1}年度计划{again}（期限{filed.due}{late}）："
        f"{filed.total.person_times}人次，合格{filed.total.passed}，发证{filed.total.certificates}；"
        f"活动人次{filed.activity_change:+d}。"
    )


@app.command(
    epilog="linxuan duty plan B3-SJAQ-0007 --year 2025 --sessions 4 --people 400 --places 重庆 --text 每季度一场"
)
def plan(
    no: CaseNo, year: Year,
    sessions: Annotated[int, typer.Option("--sessions", metavar="场次", help="计划多少场")],
    people: Annotated[int, typer.Option("--people", metavar="人次", help="计划多少人次")],
    places: Annotated[str, typer.Option("--places", metavar="地点", help="在哪些地方开展")],
    text: Annotated[str, typer.Option("--text", metavar="文字", help="计划说明")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """单独报送一个年度的计划；应在开展活动之前报送（M24-14）"""
    from casework.duties.yearly import NewPlan, file_plan
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        new = NewPlan(sessions, people, places, text)
        number = file_plan(here.desk, no, year, new, by=on_behalf(here.desk, as_, no), as_of=now)
    say(f"{no}的{year}年度计划已报送（第{number}次）。")


@app.command("list-report", epilog="linxuan duty list-report 重庆 --document 示例函〔2025〕3号 -o 目录.csv")
def list_report(
    office: Annotated[str, typer.Argument(metavar="省份", help="省份，如 重庆 或 50")],
    document: Annotated[str, typer.Option("--document", metavar="文号", help="报送文号；不写则只生成，不报送")] = "",
    out: Out = None, as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """由目录生成本省培训机构名单（.csv），写明文号的同时报送协调小组（M24-8）"""
    from casework.duties.provincial_list import make_list
    from casework.duties.provincial_list import report_list as report
    from cli.acting import account, operator
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import write_bytes
    from cli.showing import say
    from states.calendar import day_of
    from states.refusals import Refused
    from states.roles import Role

    if not document and out is None:
        raise Refused("请用 -o 指定文件，或用 --document 写明报送文号。", clause="M24-8")
    now, place = read_as_of(as_of), _province(office)
    with opened(data, as_of=now) as here:
        content = make_list(here.desk, f"P{place}", on=day_of(now))
        if document:
            by = account(here.desk, as_) if as_ else operator(Role.PROVINCE, place)
            done = report(here.desk, f"P{place}", document_no=document, by=by, as_of=now)
            say(f"已报送{done.count}家次（{done.on}，{document}），校验值 {done.sha256}。")
    if out is not None:
        write_bytes(content, out)
        say(f"名单已写入{out}。")


@app.command(epilog="linxuan duty summary --year 2025 -o 汇总.xlsx")
def summary(
    year: Year, out: Out = None, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False
) -> None:
    """按省份和职业汇总一个年度：机构、场次、人次、合格、证书、逾期义务（M24-14）"""
    from casework.duties.summary import HEADINGS, summary_workbook
    from casework.duties.summary import summary as read
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import write_bytes
    from cli.showing import record, say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = read(here.desk, year, as_of=now, actor=reader(here.desk, as_))
    if out is not None:
        write_bytes(summary_workbook(found, year), out)
    if as_json:
        say_json([{**record(each), "figures": record(each.figures)} for each in found])
    elif out is not None:
        say(f"{year}年度汇总已写入{out}，共{len(found)}行。")
    elif not found:
        say(f"{year}年度没有在册机构。")
    else:
        table(HEADINGS, [each.row() for each in found], right=tuple(range(3, len(HEADINGS))))


def show_duties(found: "Sequence[DutyView]") -> None:
    """Duties as a table."""
    from cli.showing import last_day, table

    rows = [
        (
            each.no, each.who, f"{each.asks}：{each.label}", last_day(each.due_at),
            f"逾期{each.days_over}日" if each.overdue else "已履行" if each.done_at else "", each.why,
        )
        for each in found
    ]  # fmt: skip
    table(("申报", "由谁", "义务", "期限", "", "期限的由来"), rows)


def _province(text: str) -> str:
    from states.places import find
    from states.refusals import Refused

    office = find(text)
    if office.kind != "province":
        raise Refused(f"“{text}”不是省份，请填写如 重庆 或 50。")
    return office.region
