"""``linxuan fee``: fee schedules, public with their history (M24-12, I21-4.6.4)."""

from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json

app = Noun("收费标准：公布、查看")
CaseNo = Annotated[str, typer.Argument(metavar="申报", help="申报编号，如 B3-SJAQ-0007")]


@app.command(
    "set",
    epilog="linxuan fee set B3-SJAQ-0007 --item 初级考试费=300元/人次 --from 2025-01-01 --refund 考前3日可退 --basis 成本核算",
)
def set_(
    no: CaseNo,
    items: Annotated[list[str], typer.Option("--item", metavar="项目=金额/单位", help="如 初级考试费=300元/人次，可写多次")],
    since: Annotated[str, typer.Option("--from", metavar="日期", help="自哪天起施行")],
    refund: Annotated[str, typer.Option("--refund", metavar="文字", help="退费办法")],
    basis: Annotated[str, typer.Option("--basis", metavar="文字", help="收费依据")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """公布收费标准；以后再公布的自其施行之日起代替，以前的仍可查"""
    from casework.duties.fees import set_fees
    from cli.as_of import read_as_of, read_day
    from cli.on_behalf import on_behalf
    from cli.opening import opened
    from cli.showing import say
    from states.duties.fees import fee
    from states.refusals import Refused

    kept = []
    for item in items:
        name, equals, rest = item.partition("=")
        amount, slash, unit = rest.partition("/")
        if not equals or not slash:
            raise Refused(f"收费项目“{item}”应写成 初级考试费=300元/人次。", clause="M24-12")
        kept.append(fee(name, amount, unit))
    now, day = read_as_of(as_of), read_day(since)
    with opened(data, as_of=now) as here:
        by = on_behalf(here.desk, as_, no)
        number = set_fees(here.desk, no, kept, effective_on=day, refund=refund, basis=basis, by=by, as_of=now)
    say(f"{no}的收费标准已公布（第{number}次），自{day}起施行：{'；'.join(each.words for each in kept)}。")


@app.command(epilog="linxuan fee show B3-SJAQ-0007")
def show(no: CaseNo, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """一家机构的收费标准，历次公布的都在，最近的在前"""
    from casework.duties.fees import history_of
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json, table

    with opened(data, as_of=read_as_of(as_of)) as here:
        found = history_of(here.desk, no)[::-1]
    if as_json:
        say_json([{"number": each.number, "filed_at": each.filed_at, **each.record()} for each in found])
    elif not found:
        say(f"{no}尚未公布收费标准。")
    else:
        rows = [(each.effective_on, each.words, each.refund, each.basis, each.filed_at) for each in found]
        table(("施行", "收费标准", "退费办法", "依据", "公布"), rows)
