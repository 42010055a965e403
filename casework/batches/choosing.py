"""What a batch is begun with: the moves a role may make, what each asks, and the cases chosen by filter or by hand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.actors import Actor
from casework.calls import CallState, kept_calls
from casework.desk import Desk
from casework.history import case_number
from casework.selection import Selection
from records.transaction import reading
from states.declaration import Ask, Move
from states.occupations import OCCUPATIONS
from states.places import OFFICES
from states.refusals import Refused

MOST = 50_000
"""So many cases one batch takes: more are done in several."""

ELSEWHERE = frozenset(
    {
        "publicise", "not_select",  # staged and released together (casework.recheck)
        "record_result", "conclude_review",  # follow from the tally
        "object", "dismiss_objection", "uphold_objection",  # each objection has a file of its own
        "apply_renewal", "correct_renewal",  # each application has papers of its own
    }
)  # fmt: skip
"""Moves with pages of their own: what they rest on differs from case to case."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A move a batch can make: its words, from which stages, what is stated with it."""

    name: str
    label: str
    clause: str
    stages: tuple[str, ...]
    asks: tuple[Ask, ...]
    move: Move


@dataclass(slots=True)
class Offered:
    """What the page of choosing offers: pairs of value and label."""

    calls: list[tuple[str, str]] = field(default_factory=list)
    stages: dict[str, str] = field(default_factory=dict)
    occupations: dict[str, str] = field(default_factory=dict)
    provinces: dict[str, str] = field(default_factory=dict)
    moves: dict[str, Choice] = field(default_factory=dict)


def offered(desk: Desk, actor: Actor, call: str = "") -> Offered:
    """Everything there is to choose from, in the order of the process; ``call`` narrows moves and stages."""
    kept = kept_calls(desk)
    found = Offered(calls=[(each.code, each.name) for each in kept])
    for each in kept:
        found.occupations |= {code: OCCUPATIONS[code].title if code in OCCUPATIONS else code
                              for code in (one.code for one in each.rules.occupations.value)}  # fmt: skip
        if call in ("", each.code):
            _add_moves(desk, each, actor, found)
    found.provinces = {office.region: office.name for office in OFFICES.values() if office.region}
    return found


def stage_labels(desk: Desk) -> Mapping[str, str]:
    """Stage → its Chinese name, over all calls kept here."""
    labels: dict[str, str] = {}
    for call in kept_calls(desk):
        for track in call.rules.tracks:
            process = desk.processes.process(desk.processes.key_for(call.code, track))
            labels |= {key: stage.label for key, stage in process.stages.items()}
    return labels


def chosen(filters: Mapping[str, str], numbers: str) -> Selection:
    """A selection from the fields of the page; ``numbers`` are case numbers between anything but letters and digits."""
    nos = tuple(dict.fromkeys(case_number(each) for each in re.split(r"[\s,;，；、]+", numbers) if each))
    if len(nos) > MOST:
        raise Refused(f"一次最多办理{MOST}件，您填写了{len(nos)}个编号，请分几次办理。")
    return Selection(
        call=filters.get("call") or None,
        track=filters.get("track") or None,
        stage=filters.get("stage") or None,
        province=filters.get("province") or None,
        channel=filters.get("channel") or None,
        occupation=filters.get("occupation") or None,
        institution=filters.get("institution") or None,
        nos=nos,
    )


def count_chosen(desk: Desk, selection: Selection, actor: Actor) -> int:
    """How many cases that chooses of what the actor may see, counted to just above ``MOST``."""
    if selection.is_empty:
        return 0
    where, values = selection.where(actor)
    with reading(desk.engine) as tx:
        row = tx.one(
            f"SELECT count(*) FROM (SELECT 1 FROM cases c WHERE {where} LIMIT {MOST + 1}) AS some", values
        )
    return int(row[0]) if row else 0


def _add_moves(desk: Desk, call: CallState, actor: Actor, found: Offered) -> None:
    for track in call.rules.tracks:
        process = desk.processes.process(desk.processes.key_for(call.code, track))
        for stage in process.stages.values():
            found.stages.setdefault(stage.key, stage.label)
            for move in stage.moves:
                if actor.role in move.by and move.name not in ELSEWHERE:
                    found.moves[move.name] = _with(found.moves.get(move.name), move, stage.label)


def _with(known: Choice | None, move: Move, stage: str) -> Choice:
    if known is None:
        return Choice(move.name, move.label, move.clause, (stage,), move.asks, move)
    stages = known.stages if stage in known.stages else (*known.stages, stage)
    more = tuple(ask for ask in move.asks if ask.key not in {each.key for each in known.asks})
    return Choice(known.name, known.label, known.clause, stages, (*known.asks, *more), known.move)
