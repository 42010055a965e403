"""``linxuan directory register``: the training directory of a province for its 两目录一系统 (M24-16a)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import AsOf, Data

if TYPE_CHECKING:
    from casework.training_register import Register

register = Noun("")


@register.command(
    "register",
    epilog="linxuan directory register --province 重庆 --as-of 2026-01-15 -o 重庆培训机构目录.xlsx",
)
def register_(
    province: Annotated[str, typer.Option("--province", metavar="省份", help="哪个省份，如 重庆 或 50")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件", help="写入哪个文件，以 .xlsx 或 .json 结尾")
    ],
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="日期", help="变更从哪天算起；不写则从本省上次报送名单之日算起"),
    ] = None,
    data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """导出一个省份的培训机构目录，供纳入“两目录一系统”，并列出上次报送以来的变更（M24-16a）"""
    import json

    from casework.training_register import training_register
    from cli.as_of import read_as_of
    from cli.choosing import province_code
    from cli.opening import opened
    from cli.output import refuse_unwritable
    from cli.showing import say
    from states.calendar import day_of
    from states.refusals import Refused

    form = output.suffix.lower()
    if form not in (".xlsx", ".json"):
        raise Refused(f"文件{output}应以 .xlsx 或 .json 结尾，请改文件名。", clause="M24-16a")
    refuse_unwritable(output, "文件")
    now = read_as_of(as_of)
    start = day_of(read_as_of(since)) if since else None
    with opened(data, as_of=now) as here:
        made = training_register(here.desk, province_code(province), on=day_of(now), since=start)
    text = json.dumps(made.record(), ensure_ascii=False, indent=2).encode()
    output.write_bytes(text if form == ".json" else workbook_of(made))
    counted = (
        f"自{made.since}以来变更{len(made.changes)}处" if made.since else "此前未报送过名单，全部列为新增"
    )
    say(f"{made.on}在册培训机构{len(made.entries)}家次，{counted}，已写入{output}。")


def workbook_of(made: "Register") -> bytes:
    """The register as a workbook of two sheets: who stands in it, and what changed."""
    from casework.directory import HEADINGS
    from casework.spreadsheets import Sheet, workbook
    from casework.training_register import KINDS

    changes = [
        (KINDS[each.kind], each.entry.occupation.title, each.entry.institution, each.entry.uscc, each.entry.no, each.words)
        for each in made.changes
    ]  # fmt: skip
    return workbook(
        Sheet("培训机构目录", HEADINGS, [each.row() for each in made.entries]),
        Sheet("变更", ("变更", "职业", "机构名称", "统一社会信用代码", "申报编号", "内容"), changes),
    )
