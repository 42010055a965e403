"""``linxuan change``: ask for a change of particulars, see and decide on it; leave the directory by one's own will."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.change_deciding import deciding
from cli.change_leaving import leaving
from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json

if TYPE_CHECKING:
    from casework.objections.evidence import Evidence

app = Noun("变更和退出：名称、地址、联系方式等的变更，主动退出目录")
Who = Annotated[str, typer.Argument(metavar="机构", help="统一社会信用代码、全称或申报编号")]
No = Annotated[str, typer.Argument(metavar="变更", help="变更申请编号，如 BG-2025-0001")]
Values = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="项=值",
        help="新的内容，可重复；项可写 name、address、phone、mailbox、legal_representative 等，或其中文名称",
    ),
]
Files = Annotated[list[Path] | None, typer.Option("--file", metavar="文件", help="证明材料，可重复")]


@app.command(
    epilog="linxuan change request B3-SJAQ-0001 --set name=示例新名称中心 --reason 登记机关核准 --file 通知书.pdf"
)
def request(
    who: Who,
    reason: Annotated[str, typer.Option("--reason", metavar="文字", help="变更理由")],
    values: Values = None, file: Files = None,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """申请变更，附理由和证明材料；批准之时生效，同一项只能有一件未办结的申请"""
    from casework.particulars.requesting import request_change
    from cli.as_of import read_as_of
    from cli.change_actors import institution_actor
    from cli.opening import opened
    from cli.showing import record, say, say_json
    from cli.stating import typed_pairs

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        made = request_change(
            here.desk, who, typed_pairs(values or ()), reason=reason, documents=_read(file),
            by=institution_actor(here.desk, as_, who), as_of=now, store=here.installation.store_material,
        )  # fmt: skip
    if as_json:
        say_json(record(made))
        return
    say(f"已登记变更申请{made.no}，应于{made.last_day}前审定，应发通知{made.letters}封。")
    say(f"期限推算：{made.explained}")


@app.command(epilog="linxuan change resubmit BG-2025-0001 --set name=示例更正名称 --file 营业执照.pdf")
def resubmit(
    no: No, values: Values = None, file: Files = None,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """补正退回的变更申请后重新提交；没有写的项保持原来的申请内容"""
    from casework.particulars.requesting import request_again
    from cli.as_of import read_as_of
    from cli.change_actors import owner_actor
    from cli.opening import opened
    from cli.showing import record, say, say_json
    from cli.stating import typed_pairs

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        made = request_again(
            here.desk, no, typed_pairs(values or ()), documents=_read(file), by=owner_actor(here.desk, as_, no),
            as_of=now, store=here.installation.store_material,
        )  # fmt: skip
    if as_json:
        say_json(record(made))
    else:
        say(f"变更申请{made.no}已重新提交，应于{made.last_day}前审定。")


@app.command(epilog="linxuan change withdraw BG-2025-0001")
def withdraw(no: No, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """撤回没有办结的变更申请"""
    from casework.particulars.requesting import take_back_change
    from cli.as_of import read_as_of
    from cli.change_actors import owner_actor
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        take_back_change(here.desk, no, by=owner_actor(here.desk, as_, no), as_of=now)
    say(f"变更申请{no.strip().upper()}已撤回。")


@app.command("list", epilog="linxuan change list --open")
def list_(
    still_open: Annotated[bool, typer.Option("--open", help="只列没有办结的")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列超过期限的")] = False,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出变更申请，期限最近的在前"""
    from casework.particulars.reading import changes
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import last_day, record, say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = changes(
            here.desk, as_of=now, actor=reader(here.desk, as_), still_open=still_open, overdue=overdue
        )
    if as_json:
        say_json(list(map(record, found)))
        return
    if not found:
        say("没有变更申请。")
        return
    rows = [
        (each.no, each.institution, "、".join(each.labels), each.requested_at, last_day(each.due_at),
         "超期" if each.overdue else "", each.state_label)
        for each in found
    ]  # fmt: skip
    table(("编号", "机构", "变更事项", "申请", "期限", "", "状态"), rows)


@app.command(epilog="linxuan change show BG-2025-0001")
def show(no: No, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """查看一件变更申请：现登记的和申请的内容、期限、意见、须核对的事项"""
    from casework.particulars.reading import change
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import last_day, pairs, record, say, say_json, table

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        view = change(here.desk, no, as_of=now, actor=reader(here.desk, as_))
    if as_json:
        say_json({**record(view), "wanted": list(map(record, view.wanted))})
        return
    pairs({
        "编号": view.no, "机构": f"{view.institution}（{view.uscc}）", "状态": view.state_label,
        "理由": view.reason, "证明材料": f"{view.documents}个", "申请": view.requested_at, "申请人": view.requested_by,
        "期限": f"{last_day(view.due_at)}{'（已超期）' if view.overdue else ''}", "期限推算": view.due_explained,
        "推荐单位意见": view.opinion, "办理意见": view.words, "办理人": view.decided_by, "办结": view.decided_at,
        "请核对": "；".join(view.notes),
    })  # fmt: skip
    say()
    rows = [(each.label, "公开" if each.public else "不公开", each.old, each.value) for each in view.wanted]
    table(("事项", "", "原登记", "申请变更为"), rows)


@app.command(epilog="linxuan change document BG-2025-0001 1 -o 证明材料.pdf")
def document(
    no: No,
    number: Annotated[int, typer.Argument(metavar="序号", help="第几个证明材料，从1起")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="文件", help="写到哪个文件")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """取出一个证明材料"""
    from casework.particulars.reading import read_document
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import write_bytes
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        name, content = read_document(
            here.desk, no, number, read=here.installation.read_material, actor=reader(here.desk, as_)
        )
    write_bytes(content, out)
    say(f"{name}已写入{out}。")


deciding(app)
leaving(app)


def _read(files: "list[Path] | None") -> "list[Evidence]":
    from casework.faults import os_fault
    from casework.objections.evidence import LARGEST, Evidence
    from states.refusals import Refused

    found = []
    for path in files or ():
        try:
            with path.open("rb") as stream:
                found.append(Evidence(path.name, stream.read(LARGEST + 1)))
        except OSError as error:
            raise Refused(f"证明材料{path}无法读取（{os_fault(error)}），请检查路径和权限。") from None
    return found
