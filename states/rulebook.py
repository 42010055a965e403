"""The rulebook: regimes and calls as data, loaded, checked, and merged into the rules of one call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from states.call_rules import CallRules, TrackRules
from states.occupations import OCCUPATIONS, Occupation
from states.refusals import Refused
from states.rule_files import BadRules, RuleSource, Table, read_table, validated
from states.rule_tables import Regime

__all__ = [
    "BadRules",
    "CallRules",
    "Regime",
    "TrackRules",
    "call_rules",
    "call_text",
    "list_calls",
    "load_call",
    "parse_call",
    "regime",
    "regime_on",
    "regime_rules",
]

REGIMES = ("I21", "M24")
CALLS = ("CQ23", "B3")
SAMPLES = ("I21", "M24")
"""Plain calls to rehearse a regime with: not listed unless asked for, never opened on a live installation."""


def call_rules(code: str, folder: Path | None = None) -> CallRules:
    """The complete rules of a call; `folder` holds further call files of the user's (`<data>/calls`).

    Refused when there is no such call; BadRules when its file is wrong.
    """
    wanted = code.strip().upper()
    if wanted in (*CALLS, *SAMPLES):
        return _builtin_call(wanted)
    for path in _files_in(folder):
        if path.stem.upper() == wanted:
            return load_call(path)
    known = "、".join((*CALLS, *(path.stem for path in _files_in(folder))))
    raise Refused(f"没有批次“{code}”，现有批次：{known}。")


def list_calls(folder: Path | None = None, *, samples: bool = False) -> tuple[CallRules, ...]:
    """Every call, the package's own and those in `folder`, oldest notice first; with `samples`, those too."""
    calls = [
        *map(_builtin_call, (*CALLS, *SAMPLES) if samples else CALLS),
        *map(load_call, _files_in(folder)),
    ]
    return tuple(sorted(calls, key=lambda call: (call.notice, call.code)))


def call_text(code: str, folder: Path | None = None) -> str:
    """The rule file of a call as text: what is kept beside the call when it opens, so that its cases stay
    pinned to the rules they started under. Refused when there is no such call.
    """
    wanted = call_rules(code, folder).code
    source = _builtin_file(wanted) if wanted in (*CALLS, *SAMPLES) else (folder or Path()) / f"{wanted}.toml"
    return source.read_text(encoding="utf-8-sig")


@lru_cache(maxsize=64)
def parse_call(text: str, file: str) -> CallRules:
    """The rules of a call from the text kept when it opened; BadRules names ``file``."""
    return _load(_Kept(file, text))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A rule file that lives in the database."""

    name: str
    text: str

    def read_bytes(self) -> bytes:
        return self.text.encode()


def load_call(path: Path) -> CallRules:
    """The rules of a call that stands in a file of the user's; BadRules names file, key and what is wrong.

    Besides what the package's own calls contain, such a file may bring clauses of its notice
    (`[clauses]`, id = what it asks) and occupations of its own (`[new_occupations.CODE]`, name and title).
    """
    if path.stem.upper() in (*CALLS, *SAMPLES):
        raise BadRules(f"规则文件 {path.name} 与内置批次 {path.stem.upper()} 重名，请换用别的代码。")
    rules = _load(path)
    if rules.code != path.stem:
        raise BadRules(f"规则文件 {path.name} 有误：code（{rules.code}）应与文件名一致。")
    return rules


@cache
def regime(code: str) -> Regime:
    """A regime of the package (`I21`, `M24`); Refused when there is none of that code."""
    if code not in REGIMES:
        raise Refused(f"没有制度“{code}”，现有：{'、'.join(REGIMES)}。")
    source = _package_file("regimes", code)
    return validated(Regime, read_table(source), source.name, {})


def regime_on(day: date) -> Regime:
    """The regime in force on a Shanghai day (M24-23); Refused for a day before the first."""
    for code in reversed(REGIMES):
        found = regime(code)
        if found.in_force_from <= day:
            return found
    raise Refused(f"{day}尚无施行中的制度，最早自{regime(REGIMES[0]).in_force_from}起。")


@cache
def regime_rules(code: str) -> CallRules:
    """A regime by itself, in the shape of a call without occupations, to look at its process.

    Its days are stand-ins: opening and filing fall on the first day in force.
    """
    found = regime(code)
    stand_in = {"value": found.in_force_from, "setting": True, "note": "示意，以批次通知为准"}
    table: Table = {
        "code": code,
        "name": found.name,
        "title": found.name,
        "regime": code,
        "notice": found.in_force_from,
        "opens": stand_in,
        "filing_closes": stand_in,
        "paper_due": stand_in,
        "occupations": {"value": [], "clause": "I21-3.1"},
    }
    return validated(CallRules, _merged(table, code, f"{code}.toml"), f"{code}.toml", {})


@cache
def _builtin_call(code: str) -> CallRules:
    return _load(_builtin_file(code))


def _load(source: RuleSource) -> CallRules:
    table = read_table(source)
    context = {
        "clauses": tuple(_take_table(table, "clauses", source.name)),
        "occupations": {**OCCUPATIONS, **_new_occupations(table, source.name)},
    }
    under = table.get("regime")
    if under not in REGIMES:
        raise BadRules(f"规则文件 {source.name} 有误：regime 应为 {'、'.join(REGIMES)} 之一，现为“{under}”。")
    rules = validated(CallRules, _merged(table, str(under), source.name), source.name, context)
    _refuse_another_day_s_regime(rules, source.name)
    if not rules.occupations.value:
        raise BadRules(f"规则文件 {source.name} 有误：occupations.value 不能为空。")
    if not any(terms.open.value for terms in rules.tracks.values()):
        raise BadRules(f"规则文件 {source.name} 有误：tracks 中至少一类应为 open = true。")
    return rules


def _refuse_another_day_s_regime(rules: CallRules, file: str) -> None:
    """A call is selected under the regime in force on the day of its notice, to the end (M24-23)."""
    try:
        in_force = regime_on(rules.notice).code
    except Refused as refusal:
        raise BadRules(f"规则文件 {file} 有误：notice {refusal.sentence}", clause="M24-23") from None
    if rules.regime != in_force:
        raise BadRules(
            f"规则文件 {file} 有误：regime 应为 {in_force}，现为 {rules.regime}；"
            f"通知日期{rules.notice}施行的是{regime(in_force).name}。",
            clause="M24-23",
        )


def _merged(table: Table, under: str, file: str) -> Table:
    """The call's own values over the regime's selection and the life of the regime that follows (M24-23)."""
    standing = read_table(_package_file("regimes", under))
    life = read_table(_package_file("regimes", regime(under).lives_under.value))["life"]
    selection = dict(standing["selection"])
    if "registered_on_or_before" in table:
        # A notice that names a cut-off date of registration asks for it instead of years of experience.
        selection.pop("experience_years", None)
    own_limits = _take_table(table, "limits", file)
    own_cites = _take_table(table, "cites", file)
    own_tracks = _take_table(table, "tracks", file)
    tracks = {
        name: _merged_track(
            standing["tracks"].get(name, {}), own_tracks.get(name, {}), f"tracks.{name}", file
        )
        for name in (*standing["tracks"], *(name for name in own_tracks if name not in standing["tracks"]))
    }
    if "province" in table and under == "M24":
        selection["channels"] = {"value": ["province"], "clause": "M24-8"}
        if "open" not in _own_track(own_tracks, "evaluation"):
            tracks["evaluation"] = {**tracks["evaluation"], "open": {"value": False, "clause": "M24-3.1"}}
    limits = {**selection.pop("limits"), **own_limits}
    cites = {**selection.pop("cites"), **own_cites}
    return {**selection, **life, **table, "limits": limits, "cites": cites, "tracks": tracks}


def _own_track(tracks: Table, name: str) -> Table:
    own = tracks.get(name, {})
    return own if isinstance(own, dict) else {}


def _merged_track(standing: Table, own: Any, key: str, file: str) -> Table:
    """A track's own values over the regime's; those of its panel likewise, each by itself."""
    merged = {**standing, **_table(own, key, file)}
    if "panel" in standing:
        merged["panel"] = {**standing["panel"], **_table(merged["panel"], f"{key}.panel", file)}
    return merged


def _new_occupations(table: Table, file: str) -> Mapping[str, Occupation]:
    found: dict[str, Occupation] = {}
    for code, entry in _take_table(table, "new_occupations", file).items():
        words = _table(entry, f"new_occupations.{code}", file)
        if code in OCCUPATIONS:
            raise BadRules(
                f"规则文件 {file} 有误：new_occupations.{code} 已是{OCCUPATIONS[code].title}的代码。"
            )
        if not (len(code) == 4 and code.isascii() and code.isupper() and code.isalpha()):
            raise BadRules(f"规则文件 {file} 有误：new_occupations.{code} 的代码应为四个大写字母。")
        if set(words) != {"name", "title"} or not all(isinstance(word, str) for word in words.values()):
            raise BadRules(f"规则文件 {file} 有误：new_occupations.{code} 须写明 name 和 title 两项文字。")
        found[code] = Occupation(code, words["name"], words["title"])
    return found


def _take_table(table: Table, key: str, file: str) -> Table:
    return dict(_table(table.pop(key, {}), key, file))


def _table(value: Any, key: str, file: str) -> Table:
    if not isinstance(value, dict):
        raise BadRules(f"规则文件 {file} 有误：{key} 应为表，现为“{value}”。")
    return value


def _builtin_file(code: str) -> Traversable:
    return _package_file("rehearsals" if code in SAMPLES else "calls", code)


def _package_file(folder: str, code: str) -> Traversable:
    return files("states").joinpath(folder).joinpath(f"{code}.toml")


def _files_in(folder: Path | None) -> Iterator[Path]:
    if folder is not None and folder.is_dir():
        yield from sorted(folder.glob("*.toml"))
