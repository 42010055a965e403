"""One case on the terminal: as it stands, and its history."""

from typing import TYPE_CHECKING, Any

from cli.showing import last_day, pairs, say, shown, table
from states.calendar import day_of
from states.labels import TRACKS
from states.occupations import find_occupation
from states.places import OFFICES
from states.roles import Role

if TYPE_CHECKING:
    from casework.history import CaseView, Happened, History, ToCome, Told
    from casework.possible import Possible
    from states.declaration import Ask


def show_case(case: "CaseView") -> None:
    """Where it stands, whose turn it is and until when, what can be done, and what not and why."""
    _head(case)
    if case.findings:
        say("\n审查提示")
        table(
            ("条款", "提示", "说明"),
            [
                (each.finding.clause, each.finding.sentence, each.answer or ("待说明" if each.waits else ""))
                for each in case.findings
            ],
        )
    say("\n现在可以办理")
    if case.moves:
        table(("办理", "名称", "由谁", "去向", "须填写"), [_move_row(case, each) for each in case.moves])
        for each in case.moves:
            if each.unless_stated:
                say(f"  “{each.move.label}”须另行填写选填项，否则：{each.unless_stated}")
    else:
        say("  无")
    here = {each.name for each in (*case.process.stages[case.stage].moves, *_clock(case))}
    not_now = {name: why for name, why in case.why_not.items() if name in here}
    if not_now:
        say("\n本环节现在不能办理")
        table(("办理", "原因"), list(not_now.items()))


def show_history(found: "History") -> None:
    """Past, letters, future: three tables."""
    _head(found.case)
    say("\n经过")
    table(
        ("时间", "办理", "由谁", "环节", "条款", "内容"),
        [_happened_row(found.case, each) for each in found.happened],
    )
    if found.letters:
        say("\n通知")
        table(("时间", "收件", "邮箱", "标题", "状态"), [_letter_row(each) for each in found.letters])
    if found.to_come:
        say("\n将要发生")
        table(
            ("时间", "事项", "依据", "怎么来的", "暂未办理的原因"),
            [_timer_row(each) for each in found.to_come],
        )


def _head(case: "CaseView") -> None:
    facts = case.facts
    term = f"第{facts.term_no}期，至{facts.term_last_day}" if facts.term_no else ""
    pairs({
        "申报编号": case.no,
        "申报单位": f"{case.institution}（{case.uscc}）",
        "职业": find_occupation(case.occupation, case.process.rules.occupations.value).title,
        "类别": f"{TRACKS[case.track]}机构",
        "推荐单位": OFFICES[case.channel].name,
        "批次": case.process.rules.name,
        "环节": f"{case.stage_label}（{case.stage}），{shown(case.entered_at)}起，已{case.days_in_stage}个工作日",
        "承办方": Role(case.held_by).label if case.held_by else "",
        "期限": _limit(case),
        "有效期": term,
        "退出事由": _ground(facts.exit_ground, facts.cooling_until),
        "纸质材料": "" if facts.paper_at or case.held_by is None or facts.term_no else "纸质待补（D-9）",
        "版本": case.version,
    })  # fmt: skip


def _ground(ground: str | None, cooling_until: Any) -> str:
    from states.effects import EXIT_GROUNDS

    if ground is None:
        return ""
    said, clause = EXIT_GROUNDS[ground]
    cooling = f"，至{cooling_until}不得再次申报该职业（M24-9.5）" if cooling_until else ""
    return f"{said}（{clause}）{cooling}"


def _limit(case: "CaseView") -> str:
    if case.due_at is None:
        return ""
    holder = case.process.stages[case.stage].holder
    assert holder is not None
    assert holder.limit is not None
    words = [f"{holder.limit.label}，{holder.limit.clause}"]
    if case.limit_explained:
        words.append(case.limit_explained)
    stuck = "，已超期" if case.stuck else ""
    return f"{last_day(case.due_at)}{stuck}（{'；'.join(words)}）"


def _clock(case: "CaseView") -> list[Any]:
    return [clock.move for clock in case.process.stages[case.stage].clock]


def _move_row(case: "CaseView", each: "Possible") -> tuple[str, ...]:
    asks = "、".join(map(_ask, each.asks))
    to = "环节不变" if each.to.key == case.stage else each.to.label
    return each.move.name, each.move.label, "、".join(role.label for role in each.by), to, asks


def _ask(ask: "Ask") -> str:
    optional = "" if ask.required else "，选填"
    choices = f"：{'、'.join(f'{key} {words}' for key, words in ask.choices)}" if ask.choices else ""
    return f"{ask.label}（{ask.key}{optional}{choices}）"


def _happened_row(case: "CaseView", each: "Happened") -> tuple[str, ...]:
    went = f"{each.from_stage} → {each.to_stage}" if each.from_stage != each.to_stage else each.to_stage
    late = f"（{shown(each.written_at)}补办）" if day_of(each.written_at) != day_of(each.at) else ""
    stated = "；".join(f"{name}：{value}" for name, value in _stated(case, each) if value not in (None, ""))
    return f"{shown(each.at)}{late}", each.label, each.who, went.removeprefix(" → "), each.clause, stated


def _stated(case: "CaseView", each: "Happened") -> list[tuple[str, Any]]:
    """What was stated, by the printed names of what was asked; of a filing only where it came from."""
    if each.kind == "filing":
        return [("文件", each.stated.get("source"))]
    asked = {
        ask.key: ask.label
        for stage in case.process.stages.values()
        for move in stage.moves
        if move.name == each.name
        for ask in move.asks
    }
    return [(asked[key], value) for key, value in each.stated.items() if key in asked]


def _letter_row(each: "Told") -> tuple[str, ...]:
    from casework.history import LETTER_STATES

    state = LETTER_STATES.get(each.state, each.state) + (f"：{each.error}" if each.error else "")
    return shown(each.at), Role(each.role).label, each.recipient, each.subject, state


def _timer_row(each: "ToCome") -> tuple[str, ...]:
    provisional = "（暂定，D-6）" if each.provisional and "暂定" not in each.explanation else ""
    return shown(each.at), each.label, each.clause, f"{each.explanation}{provisional}", each.held_why or ""
