"""The table of what the law asks and where it is done: written by hand in law.toml, and refused where it is not true."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docs.clause_map import CLAUSE_ID, ROOT, listed, proved

SOURCE = "docs/law.toml"


class Untrue(Exception):
    """The table says something that the repository does not bear out."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the law in a few words, and one file, one test and one command that stand for how it is done."""

    clauses: tuple[str, ...]
    law: str
    en: str
    zh: str
    rule: str
    test: str
    command: str


def sections() -> tuple[Section, ...]:
    """The sections in the order of the file; Untrue, saying what, when one of them is not borne out."""
    tables = tomllib.loads((ROOT / SOURCE).read_text(encoding="utf-8"))["section"]
    share = _shared_out([list(table["clauses"]) for table in tables])
    found = tuple(_section(table, ids) for table, ids in zip(tables, share, strict=True))
    for each in found:
        if fault := _fault(each):
            raise Untrue(f"{SOURCE}: {each.law}: {fault}")
    return found


def _section(table: dict[str, Any], clauses: Sequence[str]) -> Section:
    return Section(
        tuple(clauses), *(str(table[key]) for key in ("law", "en", "zh", "rule", "test", "command"))
    )


def _shared_out(beginnings: list[list[str]]) -> list[list[str]]:
    """Every listed clause to the section with its longest beginning."""
    share: list[list[str]] = [[] for _ in beginnings]
    for clause_id in listed():
        fits = [
            (len(begin), number)
            for number, begins in enumerate(beginnings)
            for begin in begins
            if _begins(clause_id, begin)
        ]
        longest = max((length for length, _ in fits), default=0)
        best = [number for length, number in fits if length == longest]
        if len(best) != 1:
            raise Untrue(f"{SOURCE}: {clause_id} stands in {len(best)} sections")
        share[best[0]].append(clause_id)
    return share


def _begins(clause_id: str, begin: str) -> bool:
    rest = clause_id.removeprefix(begin)
    return clause_id.startswith(begin) and (
        not rest or rest[0] == "." or rest[0].isalpha() or begin[-1].isalpha()
    )


def _fault(each: Section) -> str:
    wanted = set(each.clauses)
    if not wanted:
        return "no clause is left for it"
    if wanted.isdisjoint(CLAUSE_ID.findall((ROOT / each.rule).read_text(encoding="utf-8"))):
        return f"{each.rule} names none of its clauses"
    if each.test not in {place.file for clause_id in wanted for place in proved().get(clause_id, ())}:
        return f"{each.test} proves none of its clauses"
    if f"| `{each.command}` |" not in (ROOT / "docs/commands.md").read_text(encoding="utf-8"):
        return f"docs/commands.md has no {each.command}"
    return ""
