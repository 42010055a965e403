"""``linxuan expert``: the pool of experts, imported, listed, suspended and retired."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json, Limit, Province

if TYPE_CHECKING:
    from casework.pool.listing import ExpertView, ListedExpert
    from casework.pool.report import PoolLine

app = Noun("专家库：导入、列出、查看、暂停、退出、恢复")
Code = Annotated[str, typer.Argument(metavar="编号", help="专家编号，如 ZJ000001；用 expert list 查看")]
Reason = Annotated[str, typer.Option("--reason", metavar="理由", help="理由，记入审计日志")]
Field = Annotated[str | None, typer.Option("--field", metavar="职业", help="评议职业，如 SJAQ 或 数据安全")]
State = Annotated[str | None, typer.Option("--state", metavar="状态", help="在库、暂停 或 离库")]


@app.command("import", epilog="linxuan expert import 专家.xlsx\nlinxuan expert import 专家.csv --partial")
def import_(
    file: Annotated[Path, typer.Argument(metavar="文件", help=".xlsx 或 .csv，栏目见 linxuan expert template")],
    partial: Annotated[bool, typer.Option("--partial", help="有误的行不导入，其余照常导入")] = False,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """导入专家名册；有一行有误就整份不导入，除非用 --partial

    按身份证号识别同一人：再次导入即更新，空白单元格保留原有内容，暂停和退出的仍为暂停和退出。"""
    from casework.pool.importing import import_pool
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json, working
    from states.refusals import Refused

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here, working("读取") as tick:

        def progress(done: int, total: int) -> None:
            tick(done, total)

        report = import_pool(
            here.desk, file, by=office_or(here.desk, as_), as_of=now, partial=partial, progress=progress
        )
    if as_json:
        say_json(report.record())
    else:
        for line in report.lines:
            _show_line(line)
        say(f"{report.file}：{report.summary()}")
    if not report.ok:
        refused = sum(1 for line in report.lines if line.problems)
        left = "其余已导入" if partial else "整份文件没有导入"
        raise Refused(f"有{refused}行有误，{left}；请按上列原因改正后再次导入。", clause="M24-7.3c")


@app.command(epilog="linxuan expert template 专家样表.xlsx")
def template(
    file: Annotated[Path, typer.Argument(metavar="文件", help="要生成的 .xlsx 文件")],
) -> None:
    """生成空白样表，第二页说明每一栏怎样填写"""
    from casework.pool.writing import write_pool_template
    from cli.showing import say

    write_pool_template(file)
    say(f"已生成{file}；填写方法见第二页“填写说明”。")


@app.command("list", epilog="linxuan expert list --field 数据安全 --province 重庆 --state 在库")
def list_(
    field: Field = None, province: Province = None, state: State = None, limit: Limit = 50, as_: As = None,
    data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出专家，按编号排列；不显示身份证号和电话"""
    from casework.pool.listing import list_experts
    from casework.pool.standing import standing_named
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.choosing import province_code
    from cli.opening import opened
    from cli.showing import say, say_json, table
    from states.occupations import find_occupation

    with opened(data, as_of=read_as_of(None)) as here:
        found = list_experts(
            here.desk, by=office_or(here.desk, as_), limit=limit,
            field=find_occupation(field).code if field is not None else None,
            province=province_code(province) if province is not None else None,
            state=standing_named(state) if state is not None else None,
        )  # fmt: skip
    if as_json:
        say_json({"total": found.total, "experts": list(map(_record, found.lines))})
        return
    if found.lines:
        rows = [
            (each.code, each.name, each.employer, _province(each.province), each.title, "、".join(each.fields),
             each.state.label)
            for each in found.lines
        ]  # fmt: skip
        table(("编号", "姓名", "工作单位", "省份", "职称", "评议职业", "状态"), rows)
        say()
    more = (
        f"，以上列出{len(found.lines)}人，其余用 --limit 或筛选条件查看"
        if found.total > len(found.lines)
        else ""
    )
    say(f"共{found.total}人{more}。")


@app.command(epilog="linxuan expert show ZJ000001")
def show(code: Code, as_: As = None, data: Data = None, as_json: Json = False) -> None:
    """查看一名专家：单位、职业、经历和申报的关系，以及哪些情况不明"""
    from casework.pool.listing import show_expert
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say_json

    with opened(data, as_of=read_as_of(None)) as here:
        found = show_expert(here.desk, code, by=office_or(here.desk, as_))
    if as_json:
        say_json(_view_record(found))
    else:
        _show(found)


@app.command(epilog="linxuan expert suspend ZJ000001 --reason 出国一年")
def suspend(code: Code, reason: Reason, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """暂停：不再参加抽取，直到恢复"""
    _step("suspend", code, reason, as_, data, as_of)


@app.command(epilog="linxuan expert retire ZJ000001 --reason 本人申请")
def retire(code: Code, reason: Reason, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """退出专家库；记录保留"""
    _step("retire", code, reason, as_, data, as_of)


@app.command(epilog="linxuan expert reinstate ZJ000001 --reason 已回国")
def reinstate(code: Code, reason: Reason, as_: As = None, data: Data = None, as_of: AsOf = None) -> None:
    """恢复：重新参加抽取"""
    _step("reinstate", code, reason, as_, data, as_of)


def _step(name: str, code: str, reason: str, login: str | None, data: Path | None, as_of: str | None) -> None:
    from casework.pool import standing
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        done = getattr(standing, name)(
            here.desk, code, reason=reason, by=office_or(here.desk, login), as_of=now
        )
    say(f"专家{standing.expert_code(code)}的状态已改为“{done.label}”。")


def _show_line(line: "PoolLine") -> None:
    from cli.showing import say

    if line.problems:
        for sentence in line.problems:
            say(f"{line.status.label}  {sentence}")
    elif line.changed:
        say(f"{line.status.label}  {line.where} {line.code} {line.name}：{'、'.join(line.changed)}")


def _record(each: "ListedExpert") -> dict[str, Any]:
    return {
        "code": each.code, "name": each.name, "employer": each.employer, "uscc": each.uscc,
        "province": each.province, "title": each.title, "fields": list(each.fields), "state": str(each.state),
    }  # fmt: skip


def _view_record(found: "ExpertView") -> dict[str, Any]:
    import json

    return {
        **_record(found.listed), "mail": found.mail, "profile": json.loads(found.profile.to_json()),
        "unknown": list(found.unknown), "added_at": found.added_at, "updated_at": found.updated_at,
    }  # fmt: skip


def _show(found: "ExpertView") -> None:
    from casework.pool.columns import BY_KEY
    from casework.pool.wording import profile_texts
    from cli.showing import pairs

    each = found.listed
    unknown = "、".join(BY_KEY[key].heading for key in found.unknown)
    pairs({
        "编号": each.code, "姓名": each.name, "工作单位": f"{each.employer}（{each.uscc}）",
        "省份": _province(each.province), "职称": each.title, "评议职业": "、".join(each.fields),
        "状态": each.state.label, "电子邮箱": found.mail,
        **{BY_KEY[key].heading: text for key, text in profile_texts(found.profile).items()},
        "情况不明": unknown, "入库": found.added_at, "更新": found.updated_at,
    })  # fmt: skip


def _province(region: str) -> str:
    from states.places import province_of

    return province_of(region).short
