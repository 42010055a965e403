"""A process in words: the page docs/process.md is made from it, and a test keeps it current."""

import sys
from collections.abc import Iterator

from states.checked import Process, clock_moves
from states.declaration import Move, Stage
from states.process import build
from states.roles import Role
from states.rulebook import call_rules


def describe(process: Process) -> str:
    """The process as one Markdown chapter: a diagram, then every stage with its moves, limits and clauses."""
    rules = process.rules
    lines = [f"## {process.key} · {rules.name}", "", "```mermaid", *diagram(process), "```", ""]
    for stage in process.stages.values():
        lines += _stage(process, stage)
    return "\n".join(lines) + "\n"


def diagram(process: Process) -> Iterator[str]:
    """A Mermaid state diagram: solid moves by people, ``⏱`` moves by the clock."""
    yield "stateDiagram-v2"
    yield "    direction LR"
    for stage in process.stages.values():
        yield f'    state "{stage.label}" as {stage.key}'
    yield f"    [*] --> {next(iter(process.stages))}"
    for stage in process.stages.values():
        ways: dict[str, list[str]] = {}
        for move in stage.moves:
            for branch in move.branches:
                if branch.to and branch.to != "disqualified":
                    ways.setdefault(branch.to, []).append(move.label)
        for move in clock_moves(stage):
            for branch in move.branches:
                ways.setdefault(branch.to, []).append(f"⏱{move.label}")
        for to, labels in ways.items():
            yield f"    {stage.key} --> {to}: {'／'.join(labels)}"
        if stage.end:
            yield f"    {stage.key} --> [*]"


def _stage(process: Process, stage: Stage) -> Iterator[str]:
    yield f"### {stage.label} `{stage.key}`（{stage.clause}）"
    yield ""
    if stage.end:
        yield "办结。"
        yield ""
        return
    holder = stage.holder
    if holder is not None:
        limit = f"，{holder.limit.label}（{holder.limit.clause}）" if holder.limit else ""
        yield f"承办方：{holder.role.label}{limit}。"
        yield ""
    yield "| 办理 | 由谁 | 去向 | 条件 | 须填写 | 通知 | 依据 |"
    yield "|---|---|---|---|---|---|---|"
    for move in stage.moves:
        yield _row(process, move, "、".join(role.label for role in sorted(move.by)))
    for clock in stage.clock:
        when = clock.when_due.label if clock.when_due else "期限届满"
        yield _row(process, clock.move, f"⏱ {when}")
    yield ""
    notes = [
        *(
            f"提醒{each.role.label}：{each.of.label if each.of else '期限'}前"
            f"{'、'.join(span.text() for span in each.before)}（{each.clause}）"
            for each in stage.reminders
        ),
        *(
            f"逾期{each.after.text()}报{each.role.label}"
            f"{f'，此后每{each.every.text()}一次' if each.every else ''}（{each.clause}）"
            for each in stage.escalations
        ),
        *(f"每年{each.month}月{each.day}日前：{each.label}（{each.clause}）" for each in stage.duties),
    ]
    yield from (f"- {note}" for note in notes)
    if notes:
        yield ""


def _row(process: Process, move: Move, by: str) -> str:
    to = "；".join((process.stages[branch.to].label if branch.to else "（不变）") for branch in move.branches)
    conditions = "；".join(
        dict.fromkeys(
            f"{c.name}（{c.clause_under(process.rules)}）"
            for branch in move.branches
            for c in branch.provided
        )
    )
    asks = "、".join(ask.label if ask.required else f"{ask.label}（可选）" for ask in move.asks)
    tells = f"{move.letter} → {'、'.join(Role(role).label for role in move.tells)}" if move.letter else ""
    return f"| {move.label} `{move.name}` | {by} | {to} | {conditions} | {asks} | {tells} | {move.clause} |"


def page() -> str:
    """The whole of docs/process.md."""
    chapters = [
        describe(build(call_rules(call).track(track)))
        for call, track in (("B3", "evaluation"), ("CQ23", "evaluation"), ("CQ23", "training"))
    ]
    head = (
        "# 流程\n\n本页由 `states/process.py` 生成（`python -m states.description > docs/process.md`），"
        "测试保证其与代码一致。\n\n"
    )
    return head + "\n".join(chapters)


if __name__ == "__main__":
    sys.stdout.write(page())
