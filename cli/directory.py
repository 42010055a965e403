"""``linxuan directory``: the public directory of any day, for people, for Excel, for programs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.default_verb import DefaultVerb
from cli.directory_history import history
from cli.options import As, AsOf, Data, Json, Track
from cli.recommended import recommended
from cli.training_register import register
from states.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casework.directory import Entry
    from casework.duties.fees import Schedule

    Fees = Mapping[str, Schedule]

app = Noun("目录：任何一天在册的机构", cls=DefaultVerb)
_WIDTHS = (9, 24, 16, 32, 22, 14, 28, 8, 9, 12, 12, 12, 16, 36, 16, 24, 40)
app.add_typer(register)
app.add_typer(recommended)
FEES = "收费标准"


@app.command("show", epilog="linxuan directory --as-of 2025-01-01 --track 评价 --format csv -o 目录.csv")
def directory(
    track: Track = None,
    form: Annotated[
        str, typer.Option("--format", metavar="格式", help="table（表格）、csv（可用 Excel 打开）、json 或 xlsx")
    ] = "table",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="写入文件，不写则输出到屏幕")] = None,
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """目录：任何一天在册的机构

    有效期最后一天仍在册；按时申请续期而尚未审结的保留在册，状态注明“续期审核中”（D-5）。"""
    from casework.directory import HEADINGS, entries
    from casework.duties.fees import public_fees
    from casework.spreadsheets import Sheet, csv_bytes, workbook
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import write_bytes
    from cli.showing import record, say, say_json, table
    from states.calendar import day_of
    from states.call_rules import one_of_tracks

    form = "json" if as_json else form.strip().lower()
    if form not in ("table", "csv", "json", "xlsx"):
        raise Refused(f"没有格式“{form}”，可用的有：table、csv、json、xlsx。")
    now = read_as_of(as_of)
    on = day_of(now)
    with opened(data, as_of=now) as here:
        found = entries(
            here.desk.engine,
            on=on,
            track=one_of_tracks(track) if track else None,
            processes=here.desk.processes,
        )
        fees = public_fees(here.desk.engine, on)
    if form == "csv":
        write_bytes(csv_bytes((*HEADINGS, FEES), _rows(found, fees)), output)
    elif form == "xlsx":
        if output is None and sys.stdout.isatty():
            raise Refused("xlsx 不能输出到屏幕，请用 -o 指定文件名。")
        content = workbook(Sheet(f"目录 {on}", (*HEADINGS, FEES), _rows(found, fees), _WIDTHS))
        write_bytes(content, output)
    elif form == "json":
        listed = [
            {
                **record(each),
                "occupation": each.occupation.code,
                "occupation_title": each.occupation.title,
                "fees": fees[each.no].record() if each.no in fees else None,
            }
            for each in found
        ]
        if output is None:
            say_json({"on": on, "entries": listed})
        else:
            import json

            write_bytes(
                json.dumps({"on": on, "entries": listed}, ensure_ascii=False, indent=2, default=str).encode(),
                output,
            )
    elif output is not None:
        raise Refused("写入文件请同时用 --format 指定 csv、json 或 xlsx。")
    else:
        if found:
            headings = (
                "类别",
                "职业",
                "等级",
                "机构",
                "所在省份",
                "有效期自",
                "有效期至",
                "状态",
                "申报编号",
            )
            rows = [each.row() for each in found]
            table(headings, [(*row[:4], row[5], *row[9:13]) for row in rows])
            say()
        say(f"{on}在册{len(found)}家次。")
    if output is not None:
        say(f"{on}在册{len(found)}家次，已写入{output}。")


@app.command(epilog="linxuan directory conflicts --as-of 2025-01-01")
def conflicts(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """两个目录的冲突：评价机构或其分支机构、技术支持单位同时培训同一职业（M24-18）"""
    from casework.conflicts import TIES, directory_conflicts
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json, table
    from states.calendar import day_of

    now = read_as_of(as_of)
    on = day_of(now)
    with opened(data, as_of=now) as here:
        found = directory_conflicts(here.desk, on=on)
    if as_json:
        say_json({
            "on": on,
            "conflicts": [
                {
                    "occupation": each.evaluation.occupation.code, "tie": each.tie, "sentence": each.sentence,
                    "evaluation": _who(each.evaluation), "training": _who(each.training),
                }
                for each in found
            ],
        })  # fmt: skip
        return
    if found:
        headings = ("职业", "评价机构", "编号", "培训机构", "编号", "关系")
        table(headings, [
            (
                each.evaluation.occupation.title, each.evaluation.institution, each.evaluation.no,
                each.training.institution, each.training.no, TIES[each.tie],
            )
            for each in found
        ])  # fmt: skip
        say()
    say(f"{on}两个目录冲突{len(found)}处，请逐一核实（M24-18）。" if found else f"{on}两个目录没有冲突。")


@app.command(
    epilog="linxuan directory tie 911299995835665660 91159999621419541F --kind branch --source 营业执照"
)
def tie(
    institution: Annotated[str, typer.Argument(metavar="机构", help="评价机构的统一社会信用代码")],
    other: Annotated[str, typer.Argument(metavar="另一方", help="分支机构或技术支持单位的统一社会信用代码")],
    kind: Annotated[str, typer.Option("--kind", metavar="关系", help="branch（分支机构）或 supporter（技术支持单位）")],
    source: Annotated[str, typer.Option("--source", metavar="依据", help="从何得知，如营业执照、本单位申明")],
    login: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """登记评价机构的分支机构或技术支持单位，供核对两个目录（M24-18）"""
    from casework.conflicts import TIES, declare_tie
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = office_or(here.desk, login)
        declare_tie(here.desk, institution, other, kind, source=source, by=by, as_of=now)
    say(f"已登记：{other}是{institution}的{TIES[kind]}。")


app.command(epilog="linxuan directory history 911299995835665660 --format xlsx -o 变动.xlsx")(history)


def _who(entry: "Entry") -> dict[str, str]:
    return {"no": entry.no, "institution": entry.institution, "uscc": entry.uscc}


def _rows(found: "list[Entry]", fees: "Fees") -> list[tuple[str, ...]]:
    """The entries, each with what it charges (M24-12)."""
    return [(*each.row(), fees[each.no].words if each.no in fees else "") for each in found]
