"""``linxuan exam``: examinations and courses, from the announcement to the certificates."""

from pathlib import Path
from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json

app = Noun("考试和培训：预告、报告、证书数据、取消")
ExamNo = Annotated[str, typer.Argument(metavar="编号", help="考试或者培训的编号，如 KS-2025-0001")]
Reason = Annotated[str, typer.Option("--reason", metavar="文字", help="更正的理由")]


@app.command(
    epilog="linxuan exam announce B3-SJAQ-0007 --level 初级 --from 2025-03-01 --to 2025-03-02 --place 示例考点 --expected 80"
)
def announce(
    no: Annotated[str, typer.Argument(metavar="申报", help="申报编号，如 B3-SJAQ-0007")],
    level: Annotated[str, typer.Option("--level", metavar="等级", help="初级、中级或高级")],
    first: Annotated[str, typer.Option("--from", metavar="日期", help="第一天")],
    last: Annotated[str, typer.Option("--to", metavar="日期", help="最后一天")],
    place: Annotated[str, typer.Option("--place", metavar="地点", help="考试点名称或者培训地点")],
    expected: Annotated[int, typer.Option("--expected", metavar="人次", help="预计多少人次")],
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """预告一场考试（评价）或者培训；没有当年计划的会注明，考试点未报备的须先报备"""
    from casework.duties.examinations import NewExamination
    from casework.duties.examinations import announce as enter
    from cli.as_of import read_as_of, read_day
    from cli.on_behalf import on_behalf
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now = read_as_of(as_of)
    new = NewExamination(level, read_day(first), read_day(last), place, expected)
    with opened(data, as_of=now) as here:
        done = enter(here.desk, no, new, by=on_behalf(here.desk, as_, no), as_of=now)
    if as_json:
        say_json(record(done))
        return
    say(f"已登记{done.no}。统计和证书数据的报送期限：{done.due}。")
    if done.unplanned:
        say(f"注意：{new.ends_on.year}年度计划尚未报送，应在开展活动之前报送（M24-14）。")
    if done.site_missing:
        say(f"注意：“{place}”尚未报备，请在使用前用 linxuan site add 报备（M24-11.1）。")


@app.command(epilog="linxuan exam report KS-2025-0001 --people 78 --passed 60")
def report(
    exam_no: ExamNo,
    people: Annotated[int, typer.Option("--people", metavar="人次", help="实际多少人次")],
    passed: Annotated[int, typer.Option("--passed", metavar="人数", help="合格多少人")],
    reason: Reason = "", as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """报告一场考试或者培训的人次和合格人数，同时计入活动人次；再次报告即为更正"""
    from casework.duties.examinations import report as enter
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = on_behalf_of(here.desk, as_, "examination", exam_no)
        change = enter(
            here.desk, exam_no, person_times=people, passed=passed, by=by, as_of=now, reason=reason
        )
    say(f"{exam_no}已报告：{people}人次，合格{passed}；活动人次{change:+d}。")


@app.command(epilog="linxuan exam certificates KS-2025-0001 证书.xlsx")
def certificates(
    exam_no: ExamNo,
    file: Annotated[Path, typer.Argument(metavar="文件", help="证书数据（.xlsx、.csv），空表见 linxuan exam blank")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """报送一场的证书数据，个数须与合格人数相同；只保存持证人的校验标记和末4位（I21-4.6.3、M24-11.6a）"""
    from casework.duties.certificates import file_certificates, read_certificates
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf_of
    from cli.opening import opened
    from cli.showing import say

    now, rows = read_as_of(as_of), read_certificates(file)
    with opened(data, as_of=now) as here:
        by = on_behalf_of(here.desk, as_, "examination", exam_no)
        done = file_certificates(here.desk, exam_no, rows, by=by, as_of=now)
    late = f"，逾期{done.days_late}日" if done.days_late else ""
    say(f"{exam_no}的证书数据已报送{done.count}个{late}。")


@app.command(epilog="linxuan exam blank KS-2025-0001 -o 证书.xlsx")
def blank(
    exam_no: ExamNo, out: Annotated[Path, typer.Option("-o", "--out", metavar="文件", help="写到哪个文件")]
) -> None:
    """证书数据的空表（.xlsx）"""
    from casework.duties.certificates import blank_certificates
    from cli.output import write_bytes
    from cli.showing import say

    write_bytes(blank_certificates(exam_no.strip().upper()), out)
    say(f"空表已写入{out}。")


@app.command(epilog="linxuan exam cancel KS-2025-0001 --stating 报名不足")
def cancel(
    exam_no: ExamNo, stating: Annotated[str, typer.Option("--stating", metavar="文字", help="取消的原因")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """取消预告的考试或者培训，不再有报送义务"""
    from casework.duties.examinations import cancel as call_off
    from cli.as_of import read_as_of
    from cli.on_behalf import on_behalf_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = on_behalf_of(here.desk, as_, "examination", exam_no)
        call_off(here.desk, exam_no, stating, by=by, as_of=now)
    say(f"{exam_no}已取消。")


@app.command("list", epilog="linxuan exam list --year 2025")
def list_(
    no: Annotated[str | None, typer.Option("--no", metavar="申报", help="只列这件申报的")] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="年度", help="只列这一年的")] = None,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出考试和培训，以及各场报到了哪一步"""
    from casework.duties.examinations import examinations
    from casework.history import case_number
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import last_day, record, say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = examinations(
            here.desk, actor=reader(here.desk, as_), no=case_number(no) if no else None, year=year
        )
    if as_json:
        say_json([record(each) for each in found])
    elif not found:
        say("没有登记的考试或者培训。")
    else:
        rows = [
            (each.no, each.case_no, each.institution, each.level, each.ends_on, each.place, each.person_times, each.passed,
             each.certificates, each.state, last_day(each.due_at),
             "、".join([*(["无年度计划"] if each.unplanned else []), *(["考试点未报备"] if each.site_missing else [])]))
            for each in found
        ]  # fmt: skip
        headings = (
            "编号",
            "申报",
            "机构",
            "等级",
            "结束",
            "地点",
            "人次",
            "合格",
            "证书",
            "状态",
            "报送期限",
            "注意",
        )
        table(headings, rows, right=(6, 7, 8))


@app.command(epilog="linxuan exam genuine SZ2025-0001 --ends 007X")
def genuine(
    number: Annotated[str, typer.Argument(metavar="证书编号", help="证书上的编号")],
    ends: Annotated[str, typer.Option("--ends", metavar="末四位", help="持证人证件号码的最后4位")],
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """查询一个证书是否属实；编号和持证人证件号码末四位都对才能查到（M24-13）"""
    from casework.duties.certificate_query import genuine as ask
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json

    with opened(data, as_of=read_as_of(as_of)) as here:
        found = ask(here.desk.engine, number, ends)
    if as_json:
        say_json(record(found))
        return
    say(
        f"属实：证书{found.number}由{found.institution}于{found.issued_on}颁发，{found.occupation}，{found.level}。"
    )
