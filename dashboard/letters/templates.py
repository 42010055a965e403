"""What every letter says, and to whom: the wordings that stand, by reader, each with an invented example."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casework.calls import kept_calls
from casework.desk import Desk
from notifications.rendering import Rendered, Renderer
from notifications.vocabulary import ALWAYS
from notifications.wordings import NOTICE_FOLDER, read_wording, shipped, words_for
from states.declaration import Stage
from states.roles import Role

OTHERS: Mapping[str, str] = {
    "expert": "专家",
    "objector": "异议人",
    "staff": "工作人员",
    "registrant": "注册人",
}

SAMPLE: Mapping[str, str] = {
    "no": "B3-SJAQ-0007", "kind": "评价机构", "institution": "示例（重庆）数据安全技术有限公司",
    "occupation": "数据安全工程技术人员",
    "levels": "初级、中级", "call": "第三批", "recommender": "重庆市人力资源和社会保障局", "signer": "工程实施工作办公室",
    "done_on": "2024年6月21日", "today": "2024年6月21日", "clause": "B3-5.4", "due": "2024年7月5日", "days_left": "10",
    "stage": "推荐", "reader": "示例经办人", "office": "示例办公室",
}  # fmt: skip
"""Invented throughout; a word that is not here is shown by its name in brackets."""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter: who reads it, and what in the process owes it. ``notice`` is a line in a digest of staff."""

    letter: str
    readers: tuple[str, ...]
    notice: bool
    owed_by: tuple[str, ...]


def matrix(desk: Desk) -> list[LetterRow]:
    """Every wording that stands, with its readers, and the moves and limits of the processes on record that owe it."""
    owed: dict[str, dict[str, None]] = {}
    readers: dict[str, set[str]] = {}
    for process in (
        desk.processes.process(desk.processes.key_for(call.code, track))
        for call in kept_calls(desk)
        for track in call.rules.tracks
    ):
        for stage in process.stages.values():
            for letter, told, why in _told(stage):
                owed.setdefault(letter, {})[f"{stage.label}：{why}"] = None
                readers.setdefault(letter, set()).update(told)
    notices = set()
    for folder, role in shipped():
        name = role if folder == NOTICE_FOLDER else folder
        if folder == NOTICE_FOLDER:
            notices.add(name)
        else:
            readers.setdefault(name, set()).add(role)
    return [
        LetterRow(name, tuple(sorted(readers.get(name, set()))), name in notices, tuple(owed.get(name, ())))
        for name in sorted({*readers, *notices})
    ]


def example(renderer: Renderer, letter: str, role: str) -> Rendered:
    """A letter as a reader gets it, or the line of a notice (``notices``). KeyError when there is no such wording."""
    if (letter, role) not in set(shipped()):
        raise KeyError(letter)
    names = {*ALWAYS, *words_for(read_wording(letter, role))}
    return renderer.render(letter, role, {name: SAMPLE.get(name, f"〔{name}〕") for name in names})


def called(reader: str) -> str:
    """Who reads, in words."""
    return Role(reader).label if reader in set(Role) else OTHERS.get(reader, reader)


def _told(stage: Stage) -> Iterator[tuple[str, set[str], str]]:
    for move in (*stage.moves, *(clock.move for clock in stage.clock)):
        if move.letter:
            yield move.letter, {str(role) for role in move.tells}, move.label
    for reminder in stage.reminders:
        yield reminder.letter, {str(reminder.role)}, "到期前提醒"
    for escalation in stage.escalations:
        yield escalation.letter, {str(escalation.role)}, "逾期督办"
