"""``linxuan import``: forms, sheets and folders; every file ends as a case or as sentences that say why not."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json
from states.refusals import Refused

if TYPE_CHECKING:
    from casework.actors import Actor
    from casework.desk import Desk
    from casework.import_report import ImportLine
    from states.places import Office

app = Noun("导入推荐表（.docx）、汇总表（.xlsx、.csv）或整个文件夹")


@app.command("import", epilog="linxuan import 重庆/ --call B3 --from 重庆 --dry-run")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="路径", help="文件或文件夹，可写多个")],
    call: Annotated[str, typer.Option("--call", metavar="批次", help="批次代码，如 B3")],
    channel: Annotated[
        str | None, typer.Option("--from", metavar="渠道", help="由哪个推荐单位报来，如 重庆、P50 或 D01；用 --as 时可不写")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="试运行：完整检查，不写入")] = False,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """导入推荐表（.docx）、汇总表（.xlsx、.csv）或整个文件夹

    每个文件或每行一个结果：受理的给出编号，不受理的逐条说明栏目和原因。再次导入不会重复。"""
    from casework.importing import import_paths
    from cli.as_of import read_as_of
    from cli.choosing import call_code
    from cli.opening import opened
    from cli.showing import say, working

    now = read_as_of(as_of)
    for path in paths:
        if not path.exists():
            raise Refused(f"找不到{path}，请检查路径。")
    with opened(data, as_of=now) as here:
        office, by = _office_and_actor(here.desk, channel, as_)
        with working("导入") as tick:

            def progress(done: int, total: int, name: str) -> None:
                tick(done, total)

            report = import_paths(
                here.desk, paths, call=call_code(call), channel=office, by=by, as_of=now,
                store=here.installation.store_material, dry_run=dry_run, progress=progress,
            )  # fmt: skip
    if as_json:
        say(report.to_json())
    else:
        for line in report.lines:
            _show(line)
        say(f"\n{office.name}，{report.summary()}" if report.lines else report.summary())
    if not report.ok:
        failed = sum(1 for line in report.lines if line.problems and line.status in ("refused", "unread"))
        raise Refused(f"有{failed}件没有受理，原因见上；改正后可以再次导入，已受理的不会重复。")


def _office_and_actor(desk: "Desk", channel: str | None, login: str | None) -> "tuple[Office, Actor]":
    from cli.acting import account, operator
    from states.places import OFFICES, find
    from states.roles import Role

    if login is None:
        if channel is None:
            raise Refused("请用 --from 写明由哪个推荐单位报来，如 --from 重庆。")
        office = find(channel)
        return office, operator(Role.RECOMMENDER, office.code)
    by = account(desk, login)
    if by.role is not Role.RECOMMENDER:
        raise Refused(f"推荐表由推荐单位报送，账号“{by.name}”的身份是{by.role.label}。", clause="B3-4.3")
    office = find(channel) if channel is not None else OFFICES[by.scope]
    if office.code != by.scope:
        raise Refused(
            f"账号“{by.name}”属于{OFFICES[by.scope].name}，不能代{office.name}报送。", clause="B3-4.3"
        )
    return office, by


def _show(line: "ImportLine") -> None:
    from cli.showing import say

    where = f"{line.file} 第{line.row}行" if line.row else line.file
    what = " ".join(part for part in (line.no, line.institution, line.occupation) if part)
    paper = "，纸质待补" if line.paper_outstanding else ""
    say(f"{line.status.label}  {f'{what}{paper}（{where}）' if what else where}")
    for kind, sentences in (("", line.problems), ("须说明：", line.warnings), ("注意：", line.notes)):
        for sentence in sentences:
            say(f"    {kind}{sentence}")
