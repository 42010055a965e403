"""``linxuan inspect``: random inspections, failings recommenders must answer, fraud handed to the authorities."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json

if TYPE_CHECKING:
    from datetime import date


app = Noun("监督：随机抽查、违规情形、推荐单位督促、移送")
No = Annotated[str, typer.Argument(metavar="抽查", help="抽查编号，如 CC-2025-01")]
CaseNo = Annotated[str, typer.Argument(metavar="申报", help="申报编号，如 B3-SJAQ-0007")]
Stating = Annotated[str, typer.Option("--stating", metavar="文字", help="检查情况或者处理情况")]


@app.command(epilog="linxuan inspect grounds")
def grounds(as_json: Json = False) -> None:
    """列出违规情形，逐项注明条款、适用类别和处理方式"""
    from cli.showing import record, say_json, table
    from states.grounds import GROUNDS, SEVERITIES
    from states.labels import TRACKS

    if as_json:
        say_json(list(map(record, GROUNDS.values())))
        return
    rows = [
        (
            each.key,
            each.words,
            "、".join(TRACKS[track] for track in each.tracks),
            SEVERITIES[each.severity],
            each.clause,
        )
        for each in GROUNDS.values()
    ]
    table(("代码", "情形", "类别", "处理", "依据"), rows)


@app.command(epilog="linxuan inspect plan --title 2025年抽查 --track 评价 --count 3 --inspectors 人员.csv")
def plan(
    title: Annotated[str, typer.Option("--title", metavar="名称", help="抽查的名称")],
    count: Annotated[int, typer.Option("--count", metavar="家数", min=1, help="抽查几家")],
    inspectors: Annotated[Path, typer.Option("--inspectors", metavar="文件", help="检查人员，每行：姓名,单位")],
    track: Annotated[str, typer.Option("--track", metavar="类别", help="evaluation（评价）或 training（培训）")] = "evaluation",
    province: Annotated[str, typer.Option("--province", metavar="省份", help="两位代码，不写即全国")] = "",
    each: Annotated[int, typer.Option("--each", metavar="人数", min=1, help="每家由几人检查")] = 2,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """冻结抽查对象和检查人员，公布承诺"""
    from casework.supervision.inspections import NewInspection, plan_inspection
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import pairs, say_json
    from states.call_rules import one_of_tracks

    now = read_as_of(as_of)
    people = _people(inspectors)
    with opened(data, as_of=now) as here:
        new = NewInspection(title, one_of_tracks(track), count, people, province, each)
        no, frame, promise = plan_inspection(here.desk, new, by=office_or(here.desk, as_), as_of=now)
    if as_json:
        say_json({"no": no, "frame_sha256": frame, "commitment": promise})
    else:
        pairs(
            {
                "抽查编号": no,
                "名单哈希": frame,
                "承诺": promise,
                "下一步": "公布后由他人用 linxuan inspect draw 抽取",
            }
        )


@app.command(
    epilog="linxuan inspect draw CC-2025-01 --digits 0713223142705 --source 示例彩票 --supervisor li"
)
def draw(
    no: No,
    digits: Annotated[str, typer.Option("--digits", metavar="数字", help="公开数字，6至40位，照录")],
    source: Annotated[str, typer.Option("--source", metavar="来源", help="公开数字从哪里来")],
    supervisor: Annotated[str, typer.Option("--supervisor", metavar="账号", help="监督人的账号，不能是公布承诺的人")],
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """录入公开数字，抽取对象和检查人员"""
    from casework.supervision.inspections import draw as run
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        made = run(
            here.desk,
            no,
            digits=digits,
            source=source,
            supervisor=office_or(here.desk, supervisor),
            as_of=now,
        )
    if as_json:
        say_json(made)
        return
    names = {each["code"]: each["name"] for each in made["frame"]["inspectors"]}
    table(
        ("抽查对象", "检查人员"),
        [(each["object"], "、".join(names[c] for c in each["inspectors"])) for each in made["drawn"]],
    )
    say()
    say(f"证书SHA-256：{made['sha256']}")


@app.command(epilog="linxuan inspect certificate CC-2025-01 -o 证书.json")
def certificate(
    no: No,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="文件", help="写到哪个文件")],
    data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """取出抽查的抽取证书，可脱离系统核验"""
    import json

    from casework.supervision.inspections import certificate_of
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import refused_in_words
    from cli.showing import say
    from records.transaction import reading

    with opened(data, as_of=read_as_of(as_of)) as here, reading(here.desk.engine) as tx:
        made = certificate_of(tx, no)
    with refused_in_words(out, "", "请换一个位置"):
        out.write_text(json.dumps(made, ensure_ascii=False, indent=2), encoding="utf-8")
    say(f"证书已写入{out}。")


@app.command(epilog="linxuan inspect verify 证书.json")
def verify(file: Annotated[Path, typer.Argument(metavar="证书", help="抽取证书文件")]) -> None:
    """核验抽查的抽取证书：只用这个文件，不需要数据和网络"""
    import json

    from cli.showing import say
    from states.draw.inspection import inspection_fault
    from states.refusals import Refused

    try:
        made = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        raise Refused(f"{file}不是可以读取的抽取证书，请检查路径和内容。") from None
    fault = inspection_fault(made)
    say(f"不能通过：{fault}" if fault else "证书完好：名单、承诺和抽取结果均与重新计算的一致。")
    if fault:
        raise typer.Exit(1)


@app.command(epilog="linxuan inspect record CC-2025-01 B3-SJAQ-0007 sound --stating 未发现问题")
def record(
    no: No, case_no: CaseNo,
    result: Annotated[str, typer.Argument(metavar="结果", help="sound、corrected、rectify（限期整改）或 remove（移出目录）")],
    stating: Stating,
    ground: Annotated[str, typer.Option("--ground", metavar="代码", help="违规情形，见 linxuan inspect grounds")] = "",
    due_on: Annotated[str, typer.Option("--due-on", metavar="日期", help="整改期限")] = "",
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """登记一家的检查结果；需要整改或移出的，同时办理"""
    from casework.supervision.inspections import RESULTS, record_result
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now, due = read_as_of(as_of), _day(due_on) if due_on else None
    with opened(data, as_of=now) as here:
        record_result(
            here.desk,
            no,
            case_no,
            result,
            finding=stating,
            ground=ground,
            due_on=due,
            by=office_or(here.desk, as_),
            as_of=now,
        )
    say(f"{case_no}的检查结果已登记：{RESULTS[result]}。")


@app.command(epilog="linxuan inspect publish CC-2025-01")
def publish(no: No, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """公布抽查结果（JSON）；全部登记之前不能公布"""
    from casework.supervision.inspections import publish as make_public
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        say_json(make_public(here.desk, no, by=office_or(here.desk, as_), as_of=now))


@app.command(epilog="linxuan inspect failings --waiting")
def failings(
    waiting: Annotated[bool, typer.Option("--waiting", help="只列未答复的")] = False,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出须由推荐单位督促处理的问题，先到期的在前（M24-3.3）"""
    from casework.supervision.failings import failings as read
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import last_day, say, say_json, table
    from cli.showing import record as fields
    from states.places import OFFICES

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = read(here.desk, as_of=now, actor=reader(here.desk, as_), waiting=waiting)
    if as_json:
        say_json(list(map(fields, found)))
        return
    if not found:
        say("没有须督促处理的问题。")
        return
    rows = [
        (each.id, each.no, each.institution, OFFICES[each.channel].short, each.failing, last_day(each.due_at),
         "超期" if each.overdue else "", each.answer)
        for each in found
    ]  # fmt: skip
    table(("序号", "申报", "机构", "推荐", "问题", "答复期限", "", "答复"), rows, right=(0,))


@app.command(epilog="linxuan inspect answer 3 --stating 已约谈并督促整改 --as chongqing")
def answer(
    id_: Annotated[int, typer.Argument(metavar="序号", help="见 linxuan inspect failings")],
    stating: Stating,
    as_: Annotated[str, typer.Option("--as", metavar="账号", help="推荐单位的账号")],
    data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """推荐单位答复一个问题的处理情况"""
    from casework.supervision.failings import answer_failing
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        answer_failing(here.desk, id_, stating, by=office_or(here.desk, as_), as_of=now)
    say(f"督促事项{id_}已答复。")


@app.command(
    epilog="linxuan inspect refer B3-SJAQ-0007 --to 示例监管部门 --on 2025-03-04 --document 示例函〔2025〕1号"
)
def refer(
    case_no: CaseNo,
    to: Annotated[str, typer.Option("--to", metavar="部门", help="移送给哪个部门")],
    on: Annotated[str, typer.Option("--on", metavar="日期", help="移送日期")],
    document: Annotated[str, typer.Option("--document", metavar="文号", help="移送函文号")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """登记弄虚作假案件的移送（M24-21）"""
    from casework.supervision.referrals import refer as hand_over
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        hand_over(
            here.desk,
            case_no,
            to=to,
            on=_day(on),
            document_no=document,
            by=office_or(here.desk, as_),
            as_of=now,
        )
    say(f"{case_no}的移送已登记：{to}，{document}。")


@app.command(epilog="linxuan inspect referrals")
def referrals(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """列出认定弄虚作假的申报及其移送，未移送的在前"""
    from casework.supervision.referrals import referrals as read
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record as fields
    from cli.showing import say, say_json, table

    with opened(data, as_of=read_as_of(as_of)) as here:
        found = read(here.desk)
    if as_json:
        say_json(list(map(fields, found)))
    elif not found:
        say("没有认定弄虚作假的申报。")
    else:
        rows = [
            (e.no, e.institution, e.referred_to or "尚未移送", e.referred_on, e.document_no) for e in found
        ]
        table(("申报", "机构", "移送", "日期", "文号"), rows)


def _people(file: Path) -> list[tuple[str, str]]:
    import csv

    from states.refusals import Refused

    try:
        rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise Refused(f"检查人员名单{file}无法读取，应为UTF-8文本，每行：姓名,单位。") from None
    found = [row for row in rows if any(cell.strip() for cell in row)]
    for place, row in enumerate(found, 1):
        if len(row) != 2 or not row[0].strip() or not row[1].strip():
            raise Refused(f"检查人员名单{file}第{place}行应为：姓名,单位。")
    return [(row[0], row[1]) for row in found]


def _day(text: str) -> "date":
    from datetime import date

    from states.refusals import Refused

    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"日期“{text}”无法识别，应写成 2024-06-21。") from None
