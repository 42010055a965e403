"""What staff read of each clause: the moves it carries, the limits it sets, the letters and the refusals that cite it."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from docs.clause_map import ROOT, RULE_ROOMS, ruled
from states.checked import Process, clock_moves
from states.process import build
from states.rulebook import call_rules

TRACKS_OF_CALLS = (
    ("I21", "evaluation"), ("I21", "training"), ("CQ23", "evaluation"), ("CQ23", "training"), ("B3", "evaluation"),
    ("M24", "evaluation"), ("M24", "training"),
)  # fmt: skip


@cache
def seen() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Clause id → kind of thing (办理, 期限, 提醒, 通知, 不予办理) → what is read, in a stable order."""
    found: dict[str, dict[str, set[str]]] = {}
    for clause_id, kind, words in (*_of_processes(), *_of_letters(), *_of_refusals()):
        found.setdefault(clause_id, {}).setdefault(kind, set()).add(words)
    return MappingProxyType(
        {
            clause_id: {kind: tuple(sorted(kinds[kind])) for kind in KINDS if kind in kinds}
            for clause_id, kinds in found.items()
        }
    )


KINDS = ("办理", "期限", "提醒", "通知", "不予办理")


def _of_processes() -> Iterator[tuple[str, str, str]]:
    for call, track in TRACKS_OF_CALLS:
        yield from _of(build(call_rules(call).track(track)))


def _of(process: Process) -> Iterator[tuple[str, str, str]]:
    for stage in process.stages.values():
        if stage.holder and stage.holder.limit:
            yield stage.holder.limit.clause, "期限", f"{stage.label}：{stage.holder.limit.label}"
        for move in (*stage.moves, *clock_moves(stage)):
            yield move.clause, "办理", move.label
            for branch in move.branches:
                for condition in branch.provided:
                    yield condition.clause_under(process.rules), "不予办理", condition.refusal
        for reminder in stage.reminders:
            yield reminder.clause, "提醒", f"{stage.label}：提醒{reminder.role.label}"
        for escalation in stage.escalations:
            yield escalation.clause, "提醒", f"{stage.label}：逾期报{escalation.role.label}"
        for duty in stage.duties:
            yield duty.clause, "期限", f"每年{duty.month}月{duty.day}日前：{duty.label}"


def _of_letters() -> Iterator[tuple[str, str, str]]:
    for clause_id, places in ruled().items():
        for place in places:
            if place.file.startswith("notifications/letters/"):
                letter, reader = place.file.split("/")[2:4]
                yield clause_id, "通知", f"{letter}（{reader.partition('.')[0]}）"


def _of_refusals() -> Iterator[tuple[str, str, str]]:
    """Sentences refused with a clause of their own; what is filled in is shown as …."""
    for room in RULE_ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="Refused"), args=[sentence], keywords=[
                        ast.keyword(arg="clause", value=ast.Constant(value=str(clause_id)))
                    ]) if words := _said(sentence):  # fmt: skip
                        yield clause_id, "不予办理", words


def _said(sentence: ast.expr) -> str:
    match sentence:
        case ast.Constant(value=str(words)):
            return words
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
    return ""
