"""``linxuan log``: what happened to all cases, for tools of process mining."""

import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import Call, Data

app = Noun("事件日志：导出，供流程挖掘工具分析")


@app.callback()
def _noun() -> None:
    """事件日志：导出，供流程挖掘工具分析"""


@app.command(epilog="linxuan log export --format xes -o 事件日志.xes")
def export(
    form: Annotated[str, typer.Option("--format", metavar="格式", help="xes（IEEE 1849）或 csv")] = "xes",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="写入文件，不写则输出到屏幕")] = None,
    call: Call = None, data: Data = None,
) -> None:  # fmt: skip
    """导出每件申报的每次办理：时间、环节、身份和条款，不含任何个人信息（M24-11.6a）"""
    from casework.event_log import events, write_csv, write_xes
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import refused_in_words
    from cli.showing import say
    from states.refusals import Refused

    writers = {"xes": write_xes, "csv": write_csv}
    wanted = form.strip().lower()
    if wanted not in writers:
        raise Refused(f"没有格式“{form}”，可用的有：xes、csv。")
    with opened(data, as_of=read_as_of(None)) as here:
        found = events(here.desk, call=call.strip().upper() if call else None)
    text = io.StringIO(newline="")
    writers[wanted](found, text)
    if output is None:
        sys.stdout.write(text.getvalue())
        return
    with refused_in_words(output):
        output.write_text(text.getvalue(), encoding="utf-8-sig" if wanted == "csv" else "utf-8", newline="")
    say(f"已导出{len({each.case for each in found})}件申报的{len(found)}次办理，写入{output}。")
