"""``linxuan purge``: remove the content of cases whose time of keeping is over, and of no other."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json
from states.refusals import Refused

if TYPE_CHECKING:
    from casework.retention import Due

app = Noun("清除保存期满的申报内容：先试看，再清除")


@app.command(epilog="linxuan purge --before 2020-01-01 --dry-run")
def purge(
    before: Annotated[str, typer.Option("--before", metavar="日期", help="该日之前办结的申报")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出将清除什么、什么须保存到哪天，不作改动")] = False,
    login: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """清除保存期满的申报内容：先试看，再清除

    电子档案自办结之日起保存5年（I21-4.6.5），未满的不予清除并说明保存到哪天。
    清除推荐表、材料、通知正文和个人信息，保留编号、有效期和审计日志；审计日志记下清除了什么，哈希链不断。"""
    from casework.retention import purge as remove
    from cli.acting import office_or
    from cli.as_of import read_as_of, read_day
    from cli.opening import opened
    from cli.showing import say, say_json, table, warn_of_the_future, working

    now = read_as_of(as_of)
    day = read_day(before)
    if not dry_run:
        warn_of_the_future(now)
    with opened(data, as_of=now) as here, working("清除") as tick:
        by = office_or(here.desk, login)
        report = remove(
            here.desk, here.installation.data, before=day, by=by, as_of=now, dry_run=dry_run, progress=tick
        )
    if as_json:
        say_json({
            "dry_run": dry_run, "purged": [_record(each) for each in report.purged],
            "kept": [_record(each) for each in report.kept], "files": report.files, "stuck": report.stuck,
        })  # fmt: skip
    else:
        rows = [
            (each.no, each.institution, each.ended, each.until, each.why or _verb(dry_run))
            for each in (*report.purged, *report.kept)
        ]
        if rows:
            table(("编号", "单位", "办结", "保存至", "处理"), rows)
            say()
        files = f"，移除文件{report.files}个" if report.files else ""
        say(f"{_verb(dry_run)}{len(report.purged)}件{files}；须继续保存{len(report.kept)}件。")
        for each in report.stuck:
            say(f"未能移除文件：{each}，处理后再次运行即可。")
    if report.kept and not report.purged:
        soonest = min(report.kept, key=lambda each: each.until)
        more = f"，另有{len(report.kept) - 1}件" if len(report.kept) > 1 else ""
        raise Refused(f"没有可清除的申报：{soonest.no}{soonest.why}{more}。", clause="I21-4.6.5")
    if report.stuck:
        raise typer.Exit(1)


def _verb(dry_run: bool) -> str:
    return "将清除" if dry_run else "已清除"


def _record(each: "Due") -> dict[str, object]:
    return {
        "no": each.no, "institution": each.institution, "ended": each.ended, "kept_until": each.until, "why": each.why,
        "explained": each.explained,
    }  # fmt: skip
