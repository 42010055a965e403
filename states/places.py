"""Who recommends: the 32 provincial offices and the industry departments, by stable channel code."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from states.refusals import Refused


@dataclass(frozen=True, slots=True)
class Office:
    """A recommending office (B3-4.1).

    `code` is the channel code (`P50`, `D01`), `name` the office's own name, `short` and `full` the names of
    its province or department (重庆 and 重庆市), `region` the two-digit code of GB/T 2260, empty for a
    department; the Production and Construction Corps, which has none there, is 66.
    """

    code: str
    kind: Literal["province", "department"]
    name: str
    short: str
    full: str
    region: str
    also: tuple[str, ...] = ()


def _load() -> Mapping[str, Office]:
    tables = tomllib.loads(files("states").joinpath("places.toml").read_text(encoding="utf-8"))
    offices = [
        Office(
            f"P{region}",
            "province",
            row["office"],
            row["short"],
            row["full"],
            region,
            tuple(row.get("also", ())),
        )
        for region, row in tables["provinces"].items()
    ]
    offices += [
        Office(code, "department", row["office"], row["short"], row["full"], "", tuple(row.get("also", ())))
        for code, row in tables["departments"].items()
    ]
    return MappingProxyType({office.code: office for office in offices})


OFFICES: Mapping[str, Office] = _load()
"""Every recommending office, by channel code."""

PROVINCES: tuple[Office, ...] = tuple(office for office in OFFICES.values() if office.kind == "province")
DEPARTMENTS: tuple[Office, ...] = tuple(office for office in OFFICES.values() if office.kind == "department")


def find(text: str) -> Office:
    """The office meant by a channel code, a region code, or a short, full or office name.

    Refused, with the nearest office as a suggestion, when there is none.
    """
    wanted = _plain(text)
    if wanted in _NAMES:
        return _NAMES[wanted]
    near = get_close_matches(wanted, _NAMES, n=1, cutoff=0.4)
    hint = f"，是否为“{_NAMES[near[0]].name}”（{_NAMES[near[0]].code}）" if near else ""
    raise Refused(f"没有推荐单位“{text.strip()}”{hint}；请填写推荐单位代码或全称", clause="B3-4.1")


def province_of(region: str) -> Office:
    """The provincial office of a region code of GB/T 2260, of which the first two digits count.

    Refused when no province has it.
    """
    found = OFFICES.get(f"P{region[:2]}")
    if found is None:
        raise Refused(f"行政区划代码“{region}”不属于任何省份，请核对")
    return found


def _plain(text: str) -> str:
    """Names as they compare: no spaces, no difference of width or case, 人社 and 人力资源和社会保障 alike."""
    word = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return re.sub("人力资源和?社会保障|人力社保", "人社", word)


def _words(office: Office) -> Iterator[str]:
    yield from (office.code, office.name, office.short, office.full, *office.also)
    if office.kind == "province":
        yield office.region
        for place in (office.short, office.full):
            yield from (f"{place}人社厅", f"{place}人社局")


_NAMES: Mapping[str, Office] = MappingProxyType(
    {_plain(word): office for office in OFFICES.values() for word in _words(office)}
)
