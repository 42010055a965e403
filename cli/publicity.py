"""``linxuan publicity``: what was publicised, how long it still runs, the notice, and objections from receipt to reply."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Call, Data, Json

if TYPE_CHECKING:
    from casework.actors import Actor
    from casework.desk import Desk
    from cli.acting import Place
    from states.roles import Role

app = Noun("公示：列出、查看、公示通知，以及异议的登记、核查、办结")
No = Annotated[str, typer.Argument(metavar="公示", help="公示编号，如 B3-GS-01")]
CaseNo = Annotated[str, typer.Argument(metavar="申报", help="申报编号，如 B3-SJAQ-0007")]
ObjectionNo = Annotated[str, typer.Argument(metavar="异议", help="异议编号，如 B3-SJAQ-0007-Y1")]


@app.command("list", epilog="linxuan publicity list --running")
def list_(
    call: Call = None,
    running: Annotated[bool, typer.Option("--running", help="只列公示期未满的")] = False,
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出公示，新的在前"""
    from casework.publicity.reading import publicities
    from cli.as_of import read_as_of
    from cli.choosing import call_code
    from cli.opening import opened
    from cli.showing import record, say, say_json, table
    from states.labels import TRACKS

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = publicities(here.desk, as_of=now, call=call_code(call) if call else "", running=running)
    if as_json:
        say_json(list(map(record, found)))
        return
    if not found:
        say("没有公示。")
        return
    rows = [
        (each.no, TRACKS[each.track], each.publisher, each.posted_at, each.last_day, len(each.content["entries"]),
         f"还有{each.days_left}个工作日" if each.running else "已期满", f"更正{each.corrects}" if each.corrects else "")
        for each in found
    ]  # fmt: skip
    table(("编号", "类别", "发布", "发布时间", "末日", "家次", "进度", ""), rows, right=(5,))


@app.command(epilog="linxuan publicity show B3-GS-01")
def show(no: No, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """查看一次公示：期限怎么来的、还有几个工作日、哪家因异议暂缓"""
    from casework.publicity.reading import publicity
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import pairs, record, say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        view, standings = publicity(here.desk, no, as_of=now, actor=reader(here.desk, as_))
    if as_json:
        say_json({**record(view), "standings": list(map(record, standings))})
        return
    says = view.content
    pairs({
        "公示编号": view.no, "名单": says["title"], "发布": f"{view.publisher}（{says['publisher_clause']}）",
        "发布网站": f"{'、'.join(says['sites'])}（{says['sites_clause']}）", "发布时间": view.posted_at,
        "末日": f"{view.last_day}（{view.clause}）", "期限推算": view.explanation,
        "发布时的末日": view.told_last_day if view.told_last_day != view.last_day else None,
        "进度": f"还有{view.days_left}个工作日（今日不计）" if view.running else "已期满",
        "更正": view.corrects, "更正内容": view.correction, "已被更正": view.corrected_by, "排列": says["order"],
        "SHA-256": f"{view.sha256}{'' if view.sound else '（与内容不符！）'}",
    })  # fmt: skip
    say()
    rows = [
        (each.no, each.occupation, each.levels, each.institution, each.stage, each.objections, each.hold)
        for each in standings
    ]
    table(("编号", "职业", "等级", "机构", "环节", "未办结异议", "暂缓"), rows, right=(5,))


@app.command(epilog="linxuan publicity notice B3-GS-01 -o 公示.docx")
def notice(
    no: No,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="文件", help="写到哪个 .docx 文件")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """生成可以盖章的公示通知（Word），内容与发布时一致"""
    from casework.publicity.notice import notice as write
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import refused_in_words
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = office_or(here.desk, as_)
        own = here.installation.data / "papers"
        made = write(here.desk, no, by=by, as_of=now, folder=own if own.is_dir() else None)
    with refused_in_words(out, "", "请换一个位置"):
        out.write_bytes(made.data)
    say(f"{made.number}已写入{out}。")


@app.command(epilog="linxuan publicity objections --open")
def objections(
    case_no: Annotated[str | None, typer.Option("--no", metavar="编号", help="只看一件申报的")] = None,
    still_open: Annotated[bool, typer.Option("--open", help="只列未办结的")] = False,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出异议，先到期的在前；异议人只有办理的人能看到"""
    from casework.objections.reading import objections as read
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import last_day, record, say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = read(
            here.desk, as_of=now, actor=reader(here.desk, as_), case_no=case_no or "", still_open=still_open
        )
    if as_json:
        say_json([{**record(each), "evidence": list(map(record, each.evidence))} for each in found])
        return
    if not found:
        say("没有异议。")
        return
    rows = [
        (each.no, each.institution, "实名" if each.named else "匿名", each.received_at, last_day(each.due_at),
         "超期" if each.overdue else "", each.outcome_label, len(each.evidence), each.text)
        for each in found
    ]  # fmt: skip
    table(("编号", "被反映单位", "", "收到", "核查期限", "", "结论", "证据", "内容"), rows, right=(7,))


@app.command(
    "object",
    epilog="linxuan publicity object B3-SJAQ-0007 --stating 业绩不实 --name 示例人 --mail a@example.cn",
)
def object_(
    case_no: CaseNo,
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="异议内容")],
    name: Annotated[str, typer.Option("--name", metavar="姓名", help="异议人，不写即匿名")] = "",
    contact: Annotated[str, typer.Option("--contact", metavar="联系方式", help="电话或地址")] = "",
    mail: Annotated[str, typer.Option("--mail", metavar="邮箱", help="答复发到哪里")] = "",
    file: Annotated[list[Path] | None, typer.Option("--file", metavar="文件", help="证据文件，可重复")] = None,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """登记一件异议；公示期满后不再受理，同一人重复提出的并为一件"""
    from casework.objections.evidence import LARGEST, Evidence
    from casework.objections.lodging import NewObjection, lodge
    from cli.acting import who_acts
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now = read_as_of(as_of)
    files = [Evidence(path.name, _read(path, LARGEST + 1)) for path in file or ()]
    with opened(data, as_of=now) as here:
        place, by = _office_of(here.desk, case_no)
        actor = who_acts(here.desk, as_, "登记异议", by, [place])
        made = lodge(
            here.desk, case_no, NewObjection(stating, name, contact, mail, files), by=actor, as_of=now,
            store=here.installation.store_material,
        )  # fmt: skip
    if as_json:
        say_json(record(made))
    elif made.absorbed:
        added = f"；新交的证据{made.added}个已附入" if made.added else ""
        say(f"该异议此前已登记，编号{made.no}，不重复登记{added}。")
    else:
        say(f"已登记异议{made.no}{'，应发回执1封' if made.acknowledged else ''}。")


@app.command(epilog="linxuan publicity investigate B3-SJAQ-0007-Y1 --stating 已调取考核档案")
def investigate(
    no: ObjectionNo,
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="核查情况")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """记录异议的核查情况，逐次附在后面"""
    from casework.objections.deciding import investigate as note
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        note(here.desk, no, stating, by=_decider(here.desk, as_, no, "核查异议"), as_of=now)
    say(f"异议{no}的核查情况已记录。")


@app.command(epilog="linxuan publicity decide B3-SJAQ-0007-Y1 dismiss --stating 查无实据")
def decide(
    no: ObjectionNo,
    verdict: Annotated[str, typer.Argument(metavar="结论", help="uphold（成立）或 dismiss（不成立）")],
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="核查结论")],
    reply: Annotated[str, typer.Option("--reply", metavar="文字", help="对实名异议人的答复，不写即核查结论")] = "",
    changed: Annotated[
        str, typer.Option("--changed", metavar="文字", help="核查改变了公示的哪些内容；办结后重新公示（D-2）")
    ] = "",
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """办结一件异议；全部办结之前该机构暂缓列入"""
    from casework.objections.deciding import decide as settle
    from casework.objections.keeping import OUTCOMES
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = _decider(here.desk, as_, no, "办结异议")
        made = settle(
            here.desk, no, verdict, finding=stating, reply=reply, changed_facts=changed, by=by, as_of=now
        )
    if as_json:
        say_json(record(made))
        return
    then = {"republish": "，已更正并重新公示（D-2）", "uphold_objection": "，该申报不予列入"}.get(
        made.move, ""
    )
    say(
        f"异议{made.no}已办结：{OUTCOMES[made.outcome]}{then}{f'，尚有{made.left}件未办结' if made.left else ''}。"
    )


def _read(path: Path, most: int) -> bytes:
    from casework.faults import os_fault
    from states.refusals import Refused

    try:
        with path.open("rb") as stream:
            return stream.read(most)
    except OSError as error:
        raise Refused(f"证据文件{path}无法读取（{os_fault(error)}），请检查路径和权限。") from None


def _office_of(desk: "Desk", case_no: str) -> "tuple[Place, tuple[Role, ...]]":
    """Where a case belongs, and who may receive objections to it."""
    from casework.history import find_case
    from cli.acting import Place
    from records.transaction import reading

    with reading(desk.engine) as tx:
        facts = find_case(tx, case_no)[0].facts
    publicity = desk.processes.process(facts.process).stages["publicity"]
    by = next(sorted(each.by) for each in publicity.moves if each.name == "object")
    return Place(facts.channel, facts.province, facts.institution_id), tuple(by)


def _decider(desk: "Desk", login: str | None, no: str, what: str) -> "Actor":
    from cli.acting import who_acts

    place, by = _office_of(desk, no.rpartition("-")[0] or no)
    return who_acts(desk, login, what, by, [place])
