"""``linxuan rehearse``: a call's whole life in simulated time, told on the terminal and on one page."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import Data, Json

if TYPE_CHECKING:
    from casework.rehearsal.report import Report

app = Noun("演练一个批次的全过程，不影响正式数据")

Call = Annotated[str, typer.Argument(metavar="批次", help="批次代码：B3、CQ23，或演练用样例 I21、M24")]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="日期", help="演练到哪一天，如 2030-12-31；不写即首个有效期届满之年的年底"
    ),
]
Institutions = Annotated[int, typer.Option("--institutions", metavar="家数", help="申报单位多少家")]
Seed = Annotated[int, typer.Option("--seed", metavar="种子", help="同一种子每次结果相同")]
Page = Annotated[Path | None, typer.Option("--report", metavar="文件", help="把完整报告写成一个网页文件")]
Keep = Annotated[
    Path | None, typer.Option("--keep", metavar="目录", help="把演练数据留在这个空文件夹里，可用其他命令查看")
]


@app.command(epilog="linxuan rehearse B3 --report report.html")
def rehearse(
    call: Call,
    until: Until = None,
    institutions: Institutions = 60,
    seed: Seed = 1,
    report: Page = None,
    keep: Keep = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """演练一个批次的全过程，不影响正式数据

    在临时数据上按模拟时间走完申报、推荐、初核、抽取专家、评议、复核、公示、在册、续期和退出，说明系统会在何时办理什么、
    给谁发什么通知、拒绝什么。核对有误时退出码为1。数据文件夹里只读取 calls 中的批次规则。"""
    from casework.rehearsal.page import page
    from casework.rehearsal.rehearse import Wanted, refuse_unless_sound
    from casework.rehearsal.rehearse import rehearse as live
    from cli.as_of import read_day
    from cli.opening import settings_for
    from cli.output import refuse_unwritable, write_text
    from cli.showing import say, working

    calls = settings_for(data).data / "calls"
    wanted = Wanted(call, read_day(until) if until else None, institutions, seed, calls)
    refuse_unless_sound(wanted)
    if report is not None:
        refuse_unwritable(report, "报告文件")
    with working(f"演练{wanted.rules.name}（模拟天数）") as tick:
        told = live(wanted, keep=keep, progress=tick)
    if report is not None:
        write_text(report, page(told), "报告文件")
    if as_json:
        say(told.to_json())
    else:
        _tell(told, report, keep)
    if not told.ok:
        raise typer.Exit(1)


def _tell(told: "Report", page: Path | None, keep: Path | None) -> None:
    from casework.rehearsal.telling import summary
    from cli.showing import say, table

    for part in summary(told):
        if part.rows:
            say(f"\n{part.title}")
            table(part.headings, part.rows, right=part.right)
        elif not part.headings:
            say(part.title)
    if page is not None:
        say(f"\n完整报告：{page}")
    if keep is not None:
        if any(each.rounds for each in told.panels):
            say(f"抽取证书：{keep / 'certificates'}（用 linxuan draw verify 核验）")
        say(f"演练数据：{keep}（例如 linxuan check --data {keep}）")
