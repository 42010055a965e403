"""What is on record of an expert beyond name and employer, as JSON. What is missing is unknown (M24-7.3b)."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from records.crypt import decrypt, encrypt
from states.recusal import Employment, Group, Organisation, Service, Tie, TieKind


class Span(NamedTuple):
    """Shanghai days on which an expert can sit, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Profile:
    """None is unknown; an empty value says that somebody looked and there is nothing.

    ``legal_representative`` and ``shareholders`` (codes) are those of the employer. ``available`` None: no day
    is ruled out.
    """

    employment: tuple[Employment, ...] | None = None
    ties: tuple[Tie, ...] | None = None
    legal_representative: str | None = None
    shareholders: tuple[str, ...] | None = None
    service: tuple[Service, ...] | None = None
    available: tuple[Span, ...] | None = None

    @property
    def group(self) -> Group | None:
        """What shows the employer's group; None until both marks are known."""
        if self.legal_representative is None or self.shareholders is None:
            return None
        return Group(self.legal_representative, shareholders=frozenset(self.shareholders))

    def to_json(self) -> str:
        """As it is stored: unknown keys are left out, and whom a tie is to, and what was noted of it, are encrypted."""
        values = {key: value for key, value in asdict(self).items() if value is not None}
        if self.ties:
            values["ties"] = [
                (kind, there, _sealed(person), _sealed(note)) for kind, there, person, note in values["ties"]
            ]
        return _ENCODER.encode(values)


def profile_from(text: str) -> Profile:
    """The profile ``to_json`` wrote."""
    if text == "{}":
        return _UNKNOWN
    known: dict[str, Any] = json.loads(text)
    shareholders = known.get("shareholders")
    return Profile(
        _employment(known.get("employment")),
        _ties(known.get("ties")),
        known.get("legal_representative"),
        None if shareholders is None else tuple(shareholders),
        _service(known.get("service")),
        _available(known.get("available")),
    )


def service_in(text: str) -> list[tuple[str, str]]:
    """The past service alone of a stored profile, without reading the rest of it."""
    found = _SERVICE.search(text)
    return [] if found is None else [(uscc, call) for uscc, call in json.loads(found[1])]


def _employment(rows: Iterable[Any] | None) -> tuple[Employment, ...] | None:
    if not rows:
        return None if rows is None else ()
    return tuple(Employment(_organisation(there), _day(since), _day(until)) for there, since, until in rows)


def _ties(rows: Iterable[Any] | None) -> tuple[Tie, ...] | None:
    if not rows:
        return None if rows is None else ()
    return tuple(
        Tie(TieKind(kind), None if there is None else _organisation(there), _opened(person), _opened(note))
        for kind, there, person, note in rows
    )


def _sealed(text: str) -> str:
    return encrypt(text) if text else ""


def _opened(stored: str) -> str:
    return decrypt(stored) if stored else ""


def _organisation(value: dict[str, Any]) -> Organisation:
    return known_organisation(value["name"], value["uscc"])


@lru_cache(maxsize=200_000)
def known_organisation(name: str, uscc: str | None) -> Organisation:
    """One object for one organisation, however many experts of a large pool name it."""
    return Organisation(name, uscc)


def _service(rows: Iterable[Any] | None) -> tuple[Service, ...] | None:
    return None if rows is None else tuple(Service(*row) for row in rows)


def _available(rows: Iterable[Any] | None) -> tuple[Span, ...] | None:
    if rows is None:
        return None
    return tuple(Span(date.fromisoformat(first), date.fromisoformat(last)) for first, last in rows)


@lru_cache(maxsize=20_000)
def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
_UNKNOWN = Profile()
# Codes and calls hold no brackets; a quotation mark inside any other text is escaped, so the key is the key.
_SERVICE = re.compile(r'"service":(\[(?:\[[^\]]*\],?)*\])')
