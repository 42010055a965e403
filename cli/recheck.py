"""``linxuan recheck``: decisions staged case by case, then released together."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json, Occupation, Province, Track

if TYPE_CHECKING:
    from casework.actors import Actor
    from casework.desk import Desk
    from records.transaction import Transaction

app = Noun("复核：查看排名、逐件拟定、一并发布")
CallCode = Annotated[str, typer.Argument(metavar="批次", help="批次代码，如 B3")]


@app.command("list", epilog="linxuan recheck list B3 --occupation 数据安全")
def list_(
    call: CallCode, track: Track = None, occupation: Occupation = None, province: Province = None, as_: As = None,
    data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """按专家组结果排名，并列出已拟定、尚未发布的决定"""
    from casework.panels.access import Matter, refuse_unless_sees
    from casework.ranked import candidates, rankings
    from casework.recheck import CHOICES, staged
    from cli.as_of import read_as_of
    from cli.choosing import call_code
    from cli.opening import opened
    from cli.showing import say, say_json, table
    from records.transaction import reading

    call = call_code(call)
    with opened(data, as_of=read_as_of(None)) as here:
        chosen = _scope(here.desk, call, track, occupation, province)
        actor = _actor(here.desk, as_, call, chosen)
        refuse_unless_sees(actor, Matter.MEMBERS, actor.scope)
        chosen["province"] = actor.scope or chosen["province"]
        with reading(here.desk.engine) as tx:
            cases = candidates(tx, call, **chosen)
            ranked, standing = rankings(tx, here.desk, cases), staged(tx, cases)
    by_no = {facts.no: facts for facts in cases}
    rows = []
    for ranking in ranked:
        for place in ranking.places:
            facts, decision = by_no[place.case], standing.get(place.case)
            rows.append((
                f"{place.place}{'（并列）' if place.tied else ''}", place.case, facts.votes_for, facts.votes_cast,
                facts.score, bool(facts.panel_recommends), CHOICES[decision.choice] if decision else "",
                decision.words if decision else "",
            ))  # fmt: skip
    headings = ("名次", "申报", "推荐票", "投票人数", "评分", "达到比例", "拟定", "理由")
    if as_json:
        keys = ("place", "no", "votes_for", "votes_cast", "score", "recommended", "choice", "words")
        say_json({
            "candidates": [dict(zip(keys, row, strict=True)) for row in rows],
            "undecided": [ranking.sentence for ranking in ranked if ranking.sentence],
        })  # fmt: skip
        return
    if not rows:
        say("没有待复核决定的申报。")
        return
    table(headings, rows, right=(2, 3, 4))
    for ranking in ranked:
        if ranking.sentence:
            say(ranking.sentence)


@app.command(epilog="linxuan recheck stage B3-SJAQ-0007 publicise --as group.zhou")
def stage(
    no: Annotated[str, typer.Argument(metavar="编号", help="申报编号，如 B3-SJAQ-0007")],
    choice: Annotated[
        str,
        typer.Argument(metavar="决定", help="publicise（列入拟公示名单）、not_select（不予列入）或 reserve（留作候补）"),
    ],
    words: Annotated[str, typer.Option("--words", metavar="理由", help="与专家意见不一致、并列取舍或不予列入的理由")] = "",
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """拟定一件申报的复核决定；发布前再次拟定即取代前次，不通知任何人"""
    from casework.recheck import CHOICES
    from casework.recheck import stage as put
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say
    from records.transaction import transaction

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here, transaction(here.desk.engine) as tx:
        by = _actor(here.desk, as_, *_of_case(tx, no))
        made = put(tx, here.desk, no, choice, words=words, by=by, as_of=now)
    say(f"申报{made.no}第{made.number}次拟定：{CHOICES[made.choice]}，尚未发布。")


@app.command(epilog="linxuan recheck release B3 --as group.zhou")
def release(
    call: CallCode, track: Track = None, occupation: Occupation = None, province: Province = None, as_: As = None,
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """发布全部复核决定：一次办理，通知此时才发出；计票人不得发布"""
    from casework.recheck import release as publish
    from cli.as_of import read_as_of
    from cli.choosing import call_code
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now, call = read_as_of(as_of), call_code(call)
    with opened(data, as_of=now) as here:
        chosen = _scope(here.desk, call, track, occupation, province)
        made = publish(here.desk, call, by=_actor(here.desk, as_, call, chosen), as_of=now, **chosen)
    if as_json:
        say_json(record(made))
    else:
        kept = f"留作候补{len(made.reserved)}件，" if made.reserved else ""
        say(
            f"已发布：列入拟公示名单{len(made.publicised)}件，不予列入{len(made.not_selected)}件，"
            f"{kept}应发通知{made.letters}封。"
        )


def _of_case(tx: "Transaction", no: str) -> tuple[str, dict[str, Any]]:
    from casework.loading import case_id, load
    from states.refusals import Refused

    found = case_id(tx, no.strip())
    if found is None:
        raise Refused(f"没有编号为“{no}”的申报，请核对编号。")
    facts = load(tx, [found])[0].facts
    return facts.call, {"track": facts.track, "province": facts.province}


def _scope(
    desk: "Desk", call: str, track: str | None, occupation: str | None, province: str | None
) -> dict[str, Any]:
    from cli.choosing import choose

    chosen = choose(desk, call=call, track=track, occupation=occupation, province=province)
    return {
        "track": chosen.track or "evaluation",
        "occupation": chosen.occupation,
        "province": chosen.province,
    }


def _actor(desk: "Desk", login: str | None, call: str, chosen: dict[str, Any]) -> "Actor":
    """The account, or the operator in the role that decides this track."""
    from cli.acting import account, operator
    from states.roles import Role

    if login:
        return account(desk, login)
    track = chosen.get("track") or "evaluation"
    rules = desk.processes.process(desk.processes.key_for(call, track)).rules
    return operator(Role(rules.decided_by.value), chosen.get("province") or "")
