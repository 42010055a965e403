"""``linxuan call``: what rounds of selection there are, what each asks for, opening and closing them."""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.chinese import Noun
from cli.options import AsOf, Data, Json

if TYPE_CHECKING:
    from casework.calls import CallState

app = Noun("批次：列出、查看、开放、截止")
Code = Annotated[str, typer.Argument(metavar="批次", help="批次代码，如 B3")]
STATES = {"planned": "未开放", "open": "受理中", "closed": "已截止"}


@app.command("list", epilog="linxuan call list")
def list_(
    samples: Annotated[bool, typer.Option("--samples", help="也列出演练用样例批次")] = False,
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出内置的、数据文件夹 calls 中的和已开放的批次"""
    from cli.showing import last_day, say_json, table

    found = _known(data, as_of, samples=samples)
    if as_json:
        say_json([_header(each) for each in found])
        return
    rows = [
        (each.code, each.name, _state(each), each.rules.opens.value, last_day(each.closes_at),
         "、".join(one.name for one in each.rules.occupations.value))
        for each in found
    ]  # fmt: skip
    table(("批次", "名称", "状态", "受理自", "申报截止", "职业"), rows)


@app.command(epilog="linxuan call show B3")
def show(code: Code, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """查看一个批次的时间、条件、名额和期限，逐项注明条款"""
    from cli.showing import pairs, say, say_json, table
    from states.refusals import Refused

    found = {each.code: each for each in _known(data, as_of, samples=True)}.get(code.strip().upper())
    if found is None:
        raise Refused(f"没有批次“{code}”，可用 linxuan call list 查看。")
    rules = _rules(found)
    if as_json:
        say_json({**_header(found), "rules": rules})
        return
    pairs(
        {"批次": f"{found.code}（{found.name}）", "通知": found.rules.title, "状态": _state(found)}
        | _whose(found)
    )
    say()
    table(("事项", "规定", "条款"), [(each["label"], each["value"], each["clause"]) for each in rules])


@app.command("open", epilog="linxuan call open B3")
def open_(code: Code, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """开放一个批次，固定其规则（M24-7.1）；已开放的不变"""
    from casework.calls import open_call, refuse_to_open
    from casework.installation import sqlite_file
    from cli.acting import operator
    from cli.as_of import read_as_of
    from cli.opening import opened, settings_for
    from cli.showing import last_day, say, say_json
    from states.roles import Role
    from states.rulebook import call_rules

    now = read_as_of(as_of)
    settings = settings_for(data)
    folder, file = settings.data / "calls", sqlite_file(settings)
    if file is not None and not file.exists():  # a refusal must not leave a new data folder behind
        refuse_to_open(call_rules(code, folder), now)
    region = call_rules(code, folder).province
    by = operator(Role.PROVINCE, region) if region else operator(Role.OFFICE)
    with opened(data, as_of=now, creating=True) as here:
        found = open_call(here.desk, code, by=by, as_of=now, folder=folder)
    if as_json:
        say_json(_header(found))
    else:
        say(f"{found.name}（{found.code}）{STATES[found.state]}，申报截止{last_day(found.closes_at)}。")


@app.command(epilog="linxuan call check ./CQ25.toml")
def check(
    file: Annotated[Path, typer.Argument(metavar="文件", help="批次规则文件（.toml），或数据文件夹 calls 中的批次代码")],
    data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """检查一个批次规则文件（如省级批次），逐项列出规定和条款；有误的说明文件、项目和原因"""
    from casework.calls import planned_call
    from cli.opening import settings_for
    from cli.showing import last_day, pairs, say, say_json, table

    if not file.suffix:
        file = settings_for(data).data / "calls" / f"{file.name.upper()}.toml"
    found = planned_call(file)
    rules = _rules(found)
    if as_json:
        say_json({**_header(found), "rules": rules})
        return
    pairs({"批次": f"{found.code}（{found.name}）", "通知": found.rules.title} | _whose(found))
    say()
    table(("事项", "规定", "条款"), [(each["label"], each["value"], each["clause"]) for each in rules])
    say(f"规则文件 {file.name} 可以使用，申报截止{last_day(found.closes_at)}。")


@app.command(epilog="linxuan call close B3")
def close(code: Code, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """截止一个批次的申报；截止日过完之前不能办理，平时由系统自动办理"""
    from casework.calls import close_call
    from cli.acting import operator
    from cli.as_of import read_as_of
    from cli.choosing import call_code
    from cli.opening import opened
    from cli.showing import say, say_json
    from states.roles import Role

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = close_call(here.desk, call_code(code), by=operator(Role.OFFICE), as_of=now)
    if as_json:
        say_json(_header(found))
    else:
        say(f"{found.name}（{found.code}）{STATES[found.state]}。")


def _known(data: Any, as_of: str | None, *, samples: bool) -> "list[CallState]":
    from casework.calls import known_calls, planned_calls
    from casework.installation import sqlite_file
    from cli.as_of import read_as_of
    from cli.opening import opened, settings_for

    settings = settings_for(data)
    folder, file = settings.data / "calls", sqlite_file(settings)
    if file is not None and not file.exists():
        return planned_calls(folder, samples=samples)
    with opened(data, as_of=read_as_of(as_of)) as here:
        return known_calls(here.desk, folder, samples=samples)


def _state(call: "CallState") -> str:
    return "演练用样例" if call.rules.sample else STATES[call.state]


def _whose(call: "CallState") -> dict[str, str]:
    from states.places import OFFICES

    region = call.rules.province
    return {"省级批次": OFFICES[f"P{region}"].name} if region else {}


def _header(call: "CallState") -> dict[str, Any]:
    return {
        "call": call.code, "name": call.name, "title": call.rules.title, "regime": call.rules.regime,
        "state": call.state, "sample": call.rules.sample, "province": call.rules.province,
        "opens_at": call.opens_at, "closes_at": call.closes_at,
        "opened_at": call.opened_at, "closed_at": call.closed_at,
        "occupations": [each.code for each in call.rules.occupations.value],
        "tracks": [name for name, terms in call.rules.tracks.items() if terms.open.value],
    }  # fmt: skip


_LABELS = {
    "opens": "受理自", "filing_closes": "申报截止", "paper_due": "纸质材料截止", "occupations": "职业",
    "levels": "等级", "channels": "推荐渠道", "business_scope": "业务范围含",
    "registered_on_or_before": "成立日期不晚于", "experience_years": "从业年限（年）",
    "min_yearly": "年均人次", "correction": "补正期限", "recommend_ratio": "专家推荐比例", "publicity": "公示期",
    "publication": "公布网站", "term_years": "有效期（年）", "renewal_apply_months": "期满前几个月须申请续期",
    "yearly_report_due": "年度报告截止（月-日）",
}  # fmt: skip
_TRACK_LABELS = {
    "decided_by": "审定", "national_audit": "国家专家审核", "has_site_visit": "考察",
    "publisher": "发布", "review_organiser": "组织评审", "quota": "每个职业名额",
    "closed_occupations": "不再受理的职业", "priority": "优先", "materials": "必备材料",
}  # fmt: skip


def _rules(call: "CallState") -> list[dict[str, str]]:
    from states.labels import LIMITS, TRACKS

    rules = call.rules
    found = [(key, label, getattr(rules, key, None)) for key, label in _LABELS.items()]
    found += [(f"limits.{key}", f"{LIMITS[key]}期限", each) for key, each in rules.limits.items()]
    for track, terms in rules.tracks.items():
        if terms.open.value:
            found += [
                (f"{track}.{key}", f"{TRACKS[track]}：{label}", getattr(terms, key))
                for key, label in _TRACK_LABELS.items()
            ]
    return [
        {"key": key, "label": label, "value": _said(key, each), "clause": each.clause, "note": each.note}
        for key, label, each in found
        if each is not None
    ]


def _said(key: str, ruled: Any) -> str:
    value = _words(ruled.value)
    if key.endswith(".quota"):
        from states.labels import SCOPES

        own = "，".join(f"{code}{most}家" for code, most in ruled.by_occupation.items())
        value = f"{SCOPES[ruled.scope]}{value}家" + (f"（{own}）" if own else "")
    return f"{value}（一般应）" if getattr(ruled, "generally", False) else value


def _words(value: Any) -> str:
    from states import labels
    from states.spans import Span

    if isinstance(value, bool):
        return "有" if value else "无"
    if isinstance(value, tuple):
        return "、".join(map(_words, value))
    if isinstance(value, Span):
        return value.text()
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if hasattr(value, "title") and hasattr(value, "code"):
        return str(value.name)
    for known in (labels.DECIDERS, labels.CHANNELS, labels.MATERIALS, labels.PRIORITIES, labels.SITES):
        if value in known:
            return known[value]
    return str(value)
