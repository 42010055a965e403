"""``linxuan audit``: prove that the log was not touched, and hand it to somebody who wants to prove it alone."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import Data, Json

if TYPE_CHECKING:
    from casework.audit import VerifyReport

app = Noun("审计日志：校验、导出")


@app.command(epilog="linxuan audit verify\nlinxuan audit verify 审计日志.jsonl")
def verify(
    exported: Annotated[
        Path | None, typer.Argument(metavar="文件", help="校验 audit export 导出的文件；不写则校验数据文件夹中的日志")
    ] = None,
    data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """逐条校验哈希链：有没有记录被改动、删除或插入"""
    from casework.audit import verify as prove
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json

    if exported is not None:
        report = _verify_file(exported)
    else:
        with opened(data, as_of=read_as_of(None)) as here:
            report = prove(here.installation.engine)
    if as_json:
        say_json({
            "ok": report.ok, "entries": report.entries, "head": report.head, "broken_at": report.broken_at,
            "why": report.why,
        })  # fmt: skip
    elif report.ok:
        say(f"审计日志完好：{report.entries}条记录，末条哈希 {report.head}。")
    else:
        say(f"审计日志不连贯：{report.why}；此前{report.entries}条完好。")
    if not report.ok:
        raise typer.Exit(1)


@app.command(epilog="linxuan audit export -o 审计日志.jsonl")
def export(
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="写入文件，不写则输出到屏幕")] = None,
    data: Data = None,
) -> None:  # fmt: skip
    """导出全部记录（每行一个 JSON 数组，末项是哈希），可脱离系统校验"""
    from casework.audit import export as lines
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import refused_in_words
    from cli.showing import say

    with opened(data, as_of=read_as_of(None)) as here:
        if output is None:
            for line in lines(here.installation.engine):
                say(line)
            return
        count = 0
        with refused_in_words(output), output.open("w", encoding="utf-8") as file:
            for line in lines(here.installation.engine):
                file.write(f"{line}\n")
                count += 1
    say(f"已导出{count}条记录到{output}。")


def _verify_file(path: Path) -> "VerifyReport":
    from casework.audit import verify_export
    from casework.faults import os_fault
    from states.refusals import Refused

    try:
        with path.open(encoding="utf-8") as lines:
            report = verify_export(lines)
    except OSError as error:
        raise Refused(f"文件{path}无法读取（{os_fault(error)}），请检查路径和权限。") from None
    except UnicodeDecodeError:
        raise Refused(f"{path}不是导出的审计日志（不是 UTF-8 文本），请核对。") from None
    if report.ok and not report.entries:
        raise Refused(f"{path}中没有审计记录，请核对文件。")
    return report
