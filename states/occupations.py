"""The occupations calls select institutions for."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from types import MappingProxyType

from states.refusals import Refused


@dataclass(frozen=True, slots=True)
class Occupation:
    """One occupation: its stable code (`SJAQ`), short name (数据安全) and the title notices print.

    `directions` are the branches its national standard names, empty where a notice names none (I21-3.1).
    """

    code: str
    name: str
    title: str
    directions: tuple[str, ...] = ()


def _load() -> Mapping[str, Occupation]:
    tables = tomllib.loads(files("states").joinpath("occupations.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            code: Occupation(code, table["name"], table["title"], tuple(table.get("directions", ())))
            for code, table in tables.items()
        }
    )


OCCUPATIONS: Mapping[str, Occupation] = _load()
"""Every occupation known to the package, by code."""


def find_occupation(text: str, among: Iterable[Occupation] = OCCUPATIONS.values()) -> Occupation:
    """The occupation meant by `text`: its code, short name or full title, however spaced or cased.

    Refused, naming the nearest one, when there is none among those given.
    """
    names = {
        _plain(word): occupation
        for occupation in among
        for word in (occupation.code, occupation.name, occupation.title)
    }
    wanted = _plain(text)
    if wanted in names:
        return names[wanted]
    near = get_close_matches(wanted, names, n=1, cutoff=0.5)
    hint = f"，是否为“{names[near[0]].title}”" if near else ""
    raise Refused(f"没有职业“{text.strip()}”{hint}，请按通知所列职业名称填写")


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
