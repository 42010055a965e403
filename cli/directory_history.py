"""``linxuan directory history``: every public change of one institution, for people, for Excel, for programs."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsOf, Data, Json
from states.refusals import Refused

_WIDTHS = (20, 20, 48, 10, 24, 16, 12, 28, 10, 66)


def history(
    who: Annotated[
        str, typer.Argument(metavar="机构", help="统一社会信用代码、现在或从前的全称，或申报编号")
    ],
    form: Annotated[
        str,
        typer.Option("--format", metavar="格式", help="table（表格）、csv（可用 Excel 打开）、json 或 xlsx"),
    ] = "table",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="文件", help="写入文件，不写则输出到屏幕")
    ] = None,
    data: Data = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """一家机构在目录中的全部变动：列入、续期、整改、变更、收费标准、退出

    每项注明生效时间、条款、由谁决定和审计日志中的依据；不公开的内容不列出。"""
    from casework.directory_history import HEADINGS, directory_history
    from casework.spreadsheets import Sheet, csv_bytes, workbook
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import write_bytes
    from cli.showing import record, say, say_json, table

    form = "json" if as_json else form.strip().lower()
    if form not in ("table", "csv", "json", "xlsx"):
        raise Refused(f"没有格式“{form}”，可用的有：table、csv、json、xlsx。")
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise Refused("xlsx 不能输出到屏幕，请用 -o 指定文件名。")
    if form == "table" and output is not None:
        raise Refused("写入文件请同时用 --format 指定 csv、json 或 xlsx。")
    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        past = directory_history(here.desk, who, as_of=now)
    rows = [each.row() for each in past.changes]
    says = {
        "institution": past.institution,
        "uscc": past.uscc,
        "changes": [{**record(each), "at": each.at} for each in past.changes],
    }
    if form == "csv":
        write_bytes(csv_bytes(HEADINGS, rows), output)
    elif form == "xlsx":
        write_bytes(workbook(Sheet("目录变动", HEADINGS, rows, _WIDTHS)), output)
    elif form == "json" and output is None:
        say_json(says)
    elif form == "json":
        from cli.showing import plain

        write_bytes(json.dumps(says, ensure_ascii=False, indent=2, default=plain).encode(), output)
    else:
        if rows:
            table(HEADINGS[:8], [row[:8] for row in rows])
            say()
        say(f"{past.institution}（{past.uscc}）在目录中的变动{len(rows)}项。")
    if output is not None:
        say(f"{past.institution}的变动{len(rows)}项，已写入{output}。")
