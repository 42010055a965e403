"""``linxuan batch``: what was previewed is what runs (law 7)."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.chinese import Noun
from cli.options import (
    As,
    AsOf,
    Call,
    Channel,
    Data,
    Institution,
    Json,
    Nos,
    Occupation,
    Province,
    Setting,
    Stage,
    Stating,
    Track,
)

if TYPE_CHECKING:
    from casework.desk import Desk
    from casework.plans import Plan
    from states.declaration import Move

app = Noun("批量办理：先预览，再照预览执行")
MoveName = Annotated[str, typer.Argument(metavar="办理", help="办理动作，如 begin_review")]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="文件", help="办理清单存到哪里，不写即 plan-办理动作.jsonl"),
]
SHOWN = 200


@app.command(epilog="linxuan batch preview begin_review --call B3 --stage 已推荐 -o plan.jsonl")
def preview(
    name: MoveName, call: Call = None, track: Track = None, stage: Stage = None, province: Province = None,
    channel: Channel = None, occupation: Occupation = None, institution: Institution = None, no: Nos = None,
    stating: Stating = None, setting: Setting = None, output: Output = None, as_: As = None, data: Data = None,
    as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """预览：每件会怎样、哪些不能办和原因、要发哪些通知；只写办理清单，不改变任何申报"""
    from casework.plans import preview as foresee
    from casework.plans import save
    from cli.acting import who_acts_in_batch
    from cli.as_of import read_as_of
    from cli.choosing import choose
    from cli.opening import opened
    from cli.showing import say, say_json, working
    from cli.stating import stated_inputs
    from states.refusals import Refused

    now = read_as_of(as_of)
    path = output or Path(f"plan-{name}.jsonl")
    with opened(data, as_of=now) as here:
        desk = here.desk
        chosen = choose(
            desk, call=call, track=track, stage=stage, province=province, channel=channel, occupation=occupation,
            institution=institution, nos=no,
        )  # fmt: skip
        if chosen.is_empty:
            raise Refused(
                "没有选中任何申报：请用 --call、--stage、--province、--occupation 或 --no 选择后再预览。"
            )
        actor = who_acts_in_batch(desk, as_, name, chosen)
        move = _declared(desk, name)
        inputs = stated_inputs(move, stating, setting) if move else {}
        with working("预览") as tick:
            plan = foresee(desk, name, chosen, by=actor, as_of=now, inputs=inputs, progress=tick)
        save(plan, path)
        labels = _stage_labels(desk)
    if as_json:
        say_json(_plan_json(plan, path))
        return
    _show(plan, labels)
    say(f"\n办理清单已存为 {path}，核对后用 linxuan batch run {path} 执行。")


@app.command(epilog="linxuan batch run plan.jsonl")
def run(
    plan_file: Annotated[Path, typer.Argument(metavar="清单", help="batch preview 写下的办理清单")],
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """照办理清单执行：要么全部办理，要么一件不办；预览后有变动的会拒绝"""
    from casework.plans import read
    from casework.plans import run as carry_out
    from cli.acting import account, operator
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json, working

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        plan = read(plan_file)
        actor = account(here.desk, as_) if as_ else operator(plan.actor.role, plan.actor.scope)
        with working("办理") as tick:
            outcome = carry_out(here.desk, plan, by=actor, as_of=now, progress=tick)
        labels = _stage_labels(here.desk)
    if as_json:
        say_json({
            "move": plan.move, "moved": outcome.moved, "to": outcome.to, "letters": outcome.letters,
            "left_out": len(plan.staying), "by": actor.signature,
        })  # fmt: skip
        return
    went = "、".join(f"{labels.get(stage, stage)}{count}件" for stage, count in outcome.to.items())
    say(f"已办理{outcome.moved}件（{went}），应发通知{outcome.letters}封。")
    if plan.staying:
        say(f"清单中不能办理的{len(plan.staying)}件没有变动。")


def _declared(desk: "Desk", name: str) -> "Move | None":
    """The declaration of a move, from the first process kept here that has it."""
    from casework.calls import kept_calls

    for call in kept_calls(desk):
        for track in call.rules.tracks:
            process = desk.processes.process(desk.processes.key_for(call.code, track))
            for stage in process.stages.values():
                for move in stage.moves:
                    if move.name == name:
                        return move
    return None


def _stage_labels(desk: "Desk") -> dict[str, str]:
    from casework.calls import kept_calls

    labels: dict[str, str] = {}
    for call in kept_calls(desk):
        for track in call.rules.tracks:
            process = desk.processes.process(desk.processes.key_for(call.code, track))
            labels |= {key: stage.label for key, stage in process.stages.items()}
    return labels


def _show(plan: "Plan", labels: dict[str, str]) -> None:
    from cli.showing import say, table
    from states.refusals import cited
    from states.roles import Role

    going, staying = plan.going, plan.staying
    who = f"{plan.actor.role.label}（{plan.actor.name}）"
    say(f"由{who}办理：可以办理{len(going)}件，不能办理{len(staying)}件。")
    if going:
        say("\n可以办理")
        table(
            ("编号", "现在", "去向"),
            [
                (each.no, labels.get(each.stage, each.stage), labels.get(each.to or "", each.to))
                for each in going[:SHOWN]
            ],
        )
        _rest(len(going))
    if staying:
        say("\n不能办理")
        table(
            ("编号", "现在", "原因"),
            [
                (
                    each.no,
                    labels.get(each.stage, each.stage),
                    cited(each.why or "", each.clause),
                )
                for each in staying[:SHOWN]
            ],
        )
        _rest(len(staying))
        counted = Counter(each.why for each in staying)
        if len(staying) > SHOWN:
            table(("原因", "件数"), counted.most_common(), right=(1,))
    if plan.owed:
        say("\n将要发出的通知")
        table(
            ("收件", "封数", "标题（其一）"),
            [(Role(each.role).label, each.count, each.subject) for each in plan.owed],
            right=(1,),
        )


def _rest(count: int) -> None:
    from cli.showing import say

    if count > SHOWN:
        say(f"……共{count}件，全部见办理清单")


def _plan_json(plan: "Plan", path: Path) -> dict[str, Any]:
    from cli.showing import record

    return {
        "move": plan.move, "by": plan.actor.signature, "plan": str(path), "going": list(map(record, plan.going)),
        "staying": list(map(record, plan.staying)), "letters": plan.letters, "owed": list(map(record, plan.owed)),
    }  # fmt: skip
