"""How the renewal of one listing is shown."""

from typing import TYPE_CHECKING, Any

from cli.showing import pairs, record, say, table
from states.renewals.report import FIGURES, TEXTS

if TYPE_CHECKING:
    from casework.renewals.reading import ApplicationView, RenewalView


def page(view: "RenewalView") -> None:
    """The window, the activity, and the application with its checks, as text."""
    line, window = view.line, view.line.window
    pairs({
        "申报编号": line.no, "机构": line.institution, "职业": line.occupation_title, "环节": view.stage,
        "有效期": f"第{line.term_no}个，至{window.last_day}止",
        "申请期": f"{window.opens}至{window.closes}（含首尾两日，M24-9.1、D-3）",
        "情形": window.phase.label + (f"，还有{window.days_left}个工作日" if window.phase in ("open", "closing") else ""),
        "活动": f"{'符合' if view.activity.holds else '不符合'}：{view.activity.words}（{view.activity.clause}）",
    })  # fmt: skip
    if view.application is None:
        say("没有续期申请。")
    else:
        _application(view.application, view.track)
    for no, state, at in view.earlier:
        say(f"此前：{no}，{state}{f'，{at.date()}提交' if at else ''}")


def plain(view: "RenewalView") -> dict[str, Any]:
    """The same for programs."""
    made = view.application
    shown = None
    if made is not None:
        shown = record(made) | {
            "consent": record(made.consent),
            "report": {str(year): row for year, row in made.report.figures.items()},
            "contradictions": list(map(record, made.contradictions)),
            "documents": list(map(record, made.documents)),
        }
    return {
        **record(view.line), "window": record(view.line.window), "stage": view.stage, "activity": record(view.activity),
        "application": shown, "earlier": [{"no": no, "state": state, "filed_at": at} for no, state, at in view.earlier],
    }  # fmt: skip


def _application(made: "ApplicationView", track: str) -> None:
    say()
    consent = made.consent
    pairs({
        "续期申请": f"{made.no}，{made.state_label}", "提交": made.filed_at, "退回": made.returned_at,
        "补正期限": made.correction_due, "须补正": made.items, "办结": made.decided_at, "理由": made.reason,
        "同意意见": f"{consent.office}，{consent.number}，{consent.on or ''}" if consent.office else None,
        "所附文件": "、".join(f"{each.name}（{each.size}字节）" for each in made.documents),
    })  # fmt: skip
    years = sorted(made.report.figures)
    if years:
        say()
        rows = [
            (each.label(track), *(made.report.figures[year].get(each.key, "") for year in years))
            for each in FIGURES
            if any(each.key in made.report.figures[year] for year in years)
        ]
        table(("指标", *(f"{year}年" for year in years)), rows, right=tuple(range(1, len(years) + 1)))
    for each in made.contradictions:
        say(f"出入{each.number}：{each.sentence}（{each.clause}）——{each.answer or '尚未说明'}")
    for part in TEXTS:
        if made.texts.get(part.key):
            say(f"\n【{part.label}】\n{made.texts[part.key]}")
