"""The report in short, for a terminal: sentences and small tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casework.rehearsal.report import Report
from states.clauses import CLAUSES

_LONGEST = 34


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, or a table under its title; ``right`` are the columns of numbers."""

    title: str
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    right: Sequence[int] = ()


def summary(report: Report) -> Iterator[Part]:
    """What a terminal shows of a report, in order."""
    yield Part(f"{report.title}")
    yield Part(
        f"演练：{report.begins}至{report.until}，申报单位{report.institutions}家，种子{report.seed}，"
        f"时钟跳转{report.jumps:,}次。"
    )
    numbers = range(1, len(report.funnel_headings) + 1)
    for line in report.lines:
        yield Part(
            f"{line.label}各环节件数", ("职业", *report.funnel_headings),
            [(name, *counts) for name, counts in line.funnel], tuple(numbers),
        )  # fmt: skip
        yield Part("演练结束时：" + "，".join(f"{label}{count}件" for label, count in line.stages) + "。")
    yield from _panels(report)
    yield Part(
        "不予受理和办理",
        ("条款", "次数", "要求"),
        [(clause, len(found), _short(_asks(clause))) for clause, found in report.refusals_by_clause],
        (1,),
    )
    yield Part(
        "列入目录",
        ("编号", "类别", "机构", "有效期", "最迟申请续期"),
        [
            (each.no, each.line, each.institution, f"{each.terms[0].first_day}至{each.terms[0].last_day}",
             each.terms[0].last_day_to_apply)
            for each in report.listings
        ],
    )  # fmt: skip
    yield Part(
        "退出目录",
        ("日期", "编号", "事由", "条款", "限制申报至"),
        [
            (each.exit_day, each.no, each.exit_ground, each.exit_clause, each.cooling_until or "不限制")
            for each in report.exits
        ],
    )
    yield Part(
        "各日目录", ("日期", "在册", "说明"), [(d.day, len(d.entries), d.why) for d in report.directory], (1,)
    )
    yield Part(
        f"通知{len(report.letters)}封，致专家{sum(n for _, n in report.to_experts)}封，"
        f"汇总与督办{len(report.digests)}封"
        + (f"，未送达{report.unsent}封" if report.unsent else "，全部送达")
        + (f"；异常{len(report.incidents)}件。" if report.incidents else "。")
    )
    if report.ok:
        yield Part(f"核对无误：{report.cases}件申报逐件核对一致，审计日志{report.entries}条，哈希链完整。")
    else:
        yield Part(f"核对发现{len(report.faults)}处问题：")
        yield from (Part(f"  {fault}") for fault in report.faults)


def _panels(report: Report) -> Iterator[Part]:
    yield Part(
        "专家组",
        ("编号", "评议", "轮次", "抽取", "在席", "选票", "推荐", "首轮公开数字", "证书指纹"),
        [
            (each.no, each.cases, len(each.rounds), sum(kept.seats for kept in each.rounds if kept.state == "已抽取"),
             sum(seat.state == "已确认" for seat in each.seats), each.ballots,
             sum(votes.recommended for votes in each.votes), each.rounds[0].digits if each.rounds else "",
             each.rounds[-1].certificate_sha256[:16] if each.rounds else "")
            for each in report.panels
        ],
        (1, 2, 3, 4, 5, 6),
    )  # fmt: skip
    yield Part(
        "专家评议中发生的情形",
        ("条款", "次数", "情形"),
        [(each.clause, each.count, each.what) for each in report.happened],
        (1,),
    )


def _asks(clause: str) -> str:
    found = CLAUSES.get(clause)
    return found.asks if found else "文件无法读取，或尚无批次可受理"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
