"""``linxuan bpmn``: the process of a call as a BPMN 2.0 file, for any modeler."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import Data

app = Noun("流程图：把一个批次的流程写成BPMN 2.0文件")

Call = Annotated[str, typer.Argument(metavar="批次", help="批次代码，如 B3")]
Track = Annotated[str, typer.Option("--track", metavar="类别", help="evaluation（评价）或 training（培训）")]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="文件", help="写到这个文件；不写即显示")
]
Plain = Annotated[bool, typer.Option("--plain", help="不画提醒和督办")]


@app.command(epilog="linxuan bpmn B3 -o B3.bpmn")
def bpmn(
    call: Call, track: Track = "evaluation", output: Output = None, plain: Plain = False, data: Data = None
) -> None:
    """流程图：把一个批次的流程写成BPMN 2.0文件

    每个承办方一条泳道，每个环节一个任务，期限和提醒是任务上的定时事件，可用通用的流程建模软件打开。"""
    from cli.opening import settings_for
    from cli.output import refuse_unwritable, write_text
    from cli.showing import note
    from states.bpmn import bpmn as drawn
    from states.labels import TRACKS
    from states.process import build
    from states.refusals import Refused
    from states.rulebook import call_rules

    wanted = {name: key for key, label in TRACKS.items() for name in (key, label)}.get(track)
    if wanted is None:
        raise Refused(
            f"没有“{track}”这一类别，可用的有：{'、'.join(f'{k}（{v}）' for k, v in TRACKS.items())}。"
        )
    rules = call_rules(call, settings_for(data).data / "calls")
    if output is not None:
        refuse_unwritable(output, "流程文件")
    text = drawn(build(rules.track(wanted)), notices=not plain)
    if output is None:
        sys.stdout.write(text)
        return
    write_text(output, text, "流程文件")
    note(f"已写入{output}。")
