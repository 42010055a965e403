"""``linxuan case``: list cases, read one, its history, and make one move."""

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
    Limit,
    Occupation,
    Province,
    Setting,
    Stage,
    Stating,
    Track,
)

if TYPE_CHECKING:
    from casework.history import CaseView
    from casework.possible import Possible

app = Noun("申报：列出、查看、经过、办理")
No = Annotated[str, typer.Argument(metavar="编号", help="申报编号，如 B3-SJAQ-0007")]
MoveName = Annotated[
    str, typer.Argument(metavar="办理", help="办理动作，如 recommend；用 case show 查看现在能办什么")
]


@app.command("list", epilog="linxuan case list --call B3 --stage 初核 --province 重庆")
def list_(
    call: Call = None, track: Track = None, stage: Stage = None, province: Province = None, channel: Channel = None,
    occupation: Occupation = None, institution: Institution = None, limit: Limit = 50, as_: As = None,
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出申报，按编号排列"""
    from casework.listing import listing
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.choosing import choose
    from cli.opening import opened
    from cli.showing import last_day, record, say, say_json, table
    from states.places import OFFICES
    from states.roles import Role

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        chosen = choose(
            here.desk, call=call, track=track, stage=stage, province=province, channel=channel,
            occupation=occupation, institution=institution,
        )  # fmt: skip
        found = listing(here.desk, chosen, as_of=now, actor=reader(here.desk, as_), limit=limit)
    if as_json:
        say_json({"total": found.total, "cases": list(map(record, found.lines))})
        return
    rows = [
        (each.no, each.institution, OFFICES[each.channel].short, each.stage_label,
         Role(each.held_by).label if each.held_by else "", last_day(each.due_at), "超期" if each.overdue else "")
        for each in found.lines
    ]  # fmt: skip
    if rows:
        table(("编号", "申报单位", "推荐", "环节", "承办方", "期限", ""), rows)
        say()
    more = f"，以上列出{len(rows)}件，其余用 --limit 或筛选条件查看" if found.total > len(rows) else ""
    say(f"共{found.total}件{more}。")


@app.command(epilog="linxuan case show B3-SJAQ-0007")
def show(no: No, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """查看一件申报：在哪个环节、等谁、期限怎么来的、现在能办什么、其余为什么不能"""
    from casework.duties.listing import duties
    from casework.history import show as read
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.case_page import show_case
    from cli.duty import show_duties
    from cli.opening import opened
    from cli.showing import say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = read(here.desk, no, as_of=now, actor=reader(here.desk, as_))
        owed = duties(here.desk, as_of=now, no=found.no)
    if as_json:
        say_json(case_json(found))
        return
    show_case(found)
    if owed:
        say("\n待履行的义务")
        show_duties(owed)


@app.command(epilog="linxuan case history B3-SJAQ-0007")
def history(no: No, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """一件申报的全部经过、通知，和将要发生的事"""
    from casework.history import history as read
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.case_page import show_history
    from cli.opening import opened
    from cli.showing import record, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = read(here.desk, no, as_of=now, actor=reader(here.desk, as_))
    if as_json:
        parts: dict[str, Any] = {
            "happened": found.happened,
            "letters": found.letters,
            "to_come": found.to_come,
        }
        lists = {part: list(map(record, lines)) for part, lines in parts.items()}
        say_json({"no": found.case.no, "stage": found.case.stage, **lists})
    else:
        show_history(found)


@app.command(
    epilog="linxuan case move B3-SJAQ-0007 recommend --set letter_no=渝人社函〔2024〕12号 --set letter_date=2024-06-18\n"
    "linxuan case move B3-SJAQ-0007 decline --stating 不符合本市遴选条件 --as chongqing"
)
def move(
    no: No, name: MoveName, stating: Stating = None, setting: Setting = None, as_: As = None, data: Data = None,
    as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """办理一件申报；不能办理时说明原因和条款，什么也不改变"""
    from casework.gate import BatchRefused, Wanted, advance
    from casework.history import find_case
    from casework.possible import by_whom
    from cli.acting import Place, who_acts
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json
    from cli.stating import stated_inputs
    from records.transaction import reading
    from states.refusals import Refused

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        desk = here.desk
        with reading(desk.engine) as tx:
            facts = find_case(tx, no)[0].facts
        process = desk.processes.process(facts.process)
        stage, wanted = process.stages[facts.stage], process.move(facts.stage, name)
        place = Place(facts.channel, facts.province, facts.institution_id)
        actor = who_acts(desk, as_, wanted.label, by_whom(stage, wanted), [place], wanted.clause)
        inputs = stated_inputs(wanted, stating, setting)
        seen = Wanted(facts.id, facts.version)
        try:
            outcome = advance(desk, name, [seen], by=actor, as_of=now, inputs=inputs)
        except BatchRefused as refused:
            only = refused.turned[0]
            raise Refused(only.sentence, clause=only.clause) from None
    to = next(iter(outcome.to))
    if as_json:
        say_json({
            "no": facts.no, "move": name, "from": stage.key, "to": to, "version": facts.version + 1,
            "letters": outcome.letters, "by": actor.signature,
        })  # fmt: skip
        return
    went = f"{stage.label} → {process.stages[to].label}" if to != stage.key else f"{stage.label}（环节不变）"
    letters = f"，应发通知{outcome.letters}封" if outcome.letters else ""
    say(f"{facts.no} 已办理“{wanted.label}”：{went}{letters}。")


def case_json(case: "CaseView") -> dict[str, Any]:
    """A case for programs: exactly these keys, a contract."""
    keys = (
        "no", "call", "track", "occupation", "institution", "uscc", "province", "channel", "stage", "stage_label",
        "entered_at", "due_at", "held_by", "days_in_stage", "stuck", "version",
    )  # fmt: skip
    moves = [_move_json(each) for each in case.moves]
    return {**{key: getattr(case, key) for key in keys}, "moves": moves, "why_not": dict(case.why_not)}


def _move_json(each: "Possible") -> dict[str, Any]:
    asks = [
        {
            "key": ask.key,
            "label": ask.label,
            "kind": ask.kind.__name__,
            "required": ask.required,
            "choices": dict(ask.choices),
        }
        for ask in each.asks
    ]
    return {
        "name": each.move.name, "label": each.move.label, "by": list(each.by), "to": each.to.key,
        "clause": each.move.clause, "asks": asks, "unless_stated": each.unless_stated,
    }  # fmt: skip
