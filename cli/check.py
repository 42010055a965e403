"""``linxuan check``: prove that the records agree with the rules and with each other."""

import typer

from cli.chinese import Noun
from cli.options import AsOf, Data, Json

app = Noun("一致性检查：核对全部记录")


@app.command(epilog="linxuan check")
def check(data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """一致性检查：核对全部记录

    时限是否与规则一致、版本与审计日志、名额、公示期、有效期、限制申报期、应发通知；只检查，不改动。"""
    from casework.invariants import check as prove
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        report = prove(here.desk, now)
    if as_json:
        say_json({"ok": report.ok, "cases": report.cases, "entries": report.entries, "faults": report.faults})
    elif report.ok:
        say(f"一致：已核对申报{report.cases}件、审计记录{report.entries}条。")
    else:
        say(f"发现{len(report.faults)}处不一致（申报{report.cases}件、审计记录{report.entries}条）：")
        for fault in report.faults:
            say(f"  {fault}")
    if not report.ok:
        raise typer.Exit(1)
