"""The closed list of what an institution may be called to account for (I21-6.3, M24-17 to M24-21)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from states.clauses import CLAUSES
from states.labels import TRACKS

RECTIFY, REMOVE = "rectify", "remove"
SEVERITIES: Mapping[str, str] = MappingProxyType({RECTIFY: "责令限期整改", REMOVE: "移出目录"})
REFERRED_CLAUSE = "M24-21"


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground: its words, the clause that forbids it, the tracks it is for, and what it leads to.

    ``severity`` is ``rectify`` (to be mended within a limit) or ``remove`` (out of the directory once verified).
    """

    key: str
    words: str
    clause: str
    tracks: tuple[str, ...]
    severity: str

    @property
    def referred(self) -> bool:
        """Whether the case is handed to the authorities as well (M24-21)."""
        return self.clause == REFERRED_CLAUSE

    @property
    def sentence(self) -> str:
        """The words with their clause, as letters and reports say them."""
        return f"{self.words}（{self.clause}）"


def _load() -> Mapping[str, Ground]:
    tables = tomllib.loads(files("states").joinpath("grounds.toml").read_text(encoding="utf-8"))
    found = {
        key: Ground(key, table["words"], table["clause"], tuple(table["tracks"]), table["severity"])
        for key, table in tables.items()
    }
    for each in found.values():
        if (
            each.clause not in CLAUSES
            or not set(each.tracks) <= set(TRACKS)
            or each.severity not in SEVERITIES
        ):
            raise ValueError(f"grounds.toml: {each.key} names an unknown clause, track or severity")
    return MappingProxyType(found)


GROUNDS: Mapping[str, Ground] = _load()
"""Every ground by its key, in the order of the list."""


def choices(track: str, severity: str) -> tuple[tuple[str, str], ...]:
    """The grounds of a track and severity as a move offers them: key and words."""
    return tuple(
        (each.key, each.words)
        for each in GROUNDS.values()
        if track in each.tracks and each.severity == severity
    )
