"""From a letter, a role and its context to a subject and a body. On the hot path of every batch."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from jinja2.utils import missing

from notifications.vocabulary import MAY_BE_ABSENT, NOTICES, TOLD_OUTSIDE_THE_PROCESS, is_notice
from notifications.wordings import (
    NOTICE_FOLDER,
    environment,
    faults_of,
    office_wordings,
    read_wording,
    shipped,
)
from states.roles import Role

Context = Mapping[str, str]

# Stands between subject and body while both are rendered in one go. No wording contains it; should a value of
# the context, it is taken out first.
_SEAM = "\x1e"


class Rendered(NamedTuple):
    """A letter in words. The subject is one line of visible characters, whatever the context held."""

    subject: str
    body: str


class Renderer:
    """Words letters; each wording is compiled once, on first use.

    ``overrides`` is the folder of an office's own wordings, all read and checked here (see
    ``notifications.wordings``). Raises Refused, naming the file, for one that cannot be used.
    """

    def __init__(self, overrides: Path | None = None) -> None:
        self._environment = environment()
        self._own = office_wordings(overrides) if overrides else {}
        self._compiled: dict[tuple[str, str], tuple[_Write, Context]] = {}

    def render(self, letter: str, role: str, context: Context) -> Rendered:
        """The letter as that role reads it.

        Raises KeyError when there is no such letter for that role, and jinja2.UndefinedError when the context
        lacks a name the wording uses (``notifications.vocabulary`` says which must be there).
        """
        try:
            write, absent = self._compiled[letter, role]
        except KeyError:
            write, absent = self._compile(letter, role)
        subject, _, body = "".join(write(_Names(absent, context))).partition(_SEAM)
        if _SEAM in body:
            return self.render(
                letter, role, {name: str(context[name]).replace(_SEAM, "") for name in context}
            )
        return Rendered(subject if subject.isprintable() else one_line(subject), body)

    def line(self, notice: str, context: Context) -> str:
        """The one line of a notice in a digest. Raises as ``render`` does."""
        return self.render(NOTICE_FOLDER, notice, context).subject

    def _compile(self, letter: str, role: str) -> "tuple[_Write, Context]":
        wording = self._own.get((letter, role)) or read_wording(letter, role)
        template = self._environment.from_string(f"{wording.subject}{_SEAM}{wording.body}")
        absent = dict.fromkeys(MAY_BE_ABSENT.get(letter, ()), "")
        self._compiled[letter, role] = template.root_render_func, absent
        return template.root_render_func, absent


_Write = Callable[[Any], Iterator[str]]


class _Given(dict[str, str]):
    """A context in which a name that is not there is jinja2's own mark for that."""

    __slots__ = ()

    def __missing__(self, _: str) -> Any:
        return missing


class _Names:
    """All a compiled wording ever asks of its context: the value of a name.

    A wording holds names and conditions only (``wordings.faults_of``), so a whole jinja2 context, which costs
    as much as the rendering itself, is not needed.
    """

    __slots__ = ("resolve_or_missing",)

    def __init__(self, absent: Context, context: Context) -> None:
        given = _Given(absent)
        given.update(context)
        self.resolve_or_missing = given.__getitem__


def one_line(text: str) -> str:
    """The text on one line without invisible characters, so that no header can be smuggled into a mail."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def check_templates(letters: Mapping[str, frozenset[Role]]) -> None:
    """Check that wordings and declared letters fit each other, to be called with all letters of all processes.

    Raises ValueError naming every declared letter without a wording for a role it tells, every wording that
    no process declares, and every fault of a wording, a word outside the vocabulary among them.
    """
    expected: set[tuple[str, str]] = set()
    faults: list[str] = []
    for letter, roles in {**letters, **TOLD_OUTSIDE_THE_PROCESS}.items():
        for role in map(str, roles):
            if letter in NOTICES and not is_notice(letter, role):
                faults.append(f"{letter} is a notice for staff, but tells {role}")
            expected.add((NOTICE_FOLDER, letter) if letter in NOTICES else (letter, role))
    present = set(shipped())
    faults += [f"no wording {letter}/{role}" for letter, role in sorted(expected - present)]
    faults += [f"orphan wording {letter}/{role}" for letter, role in sorted(present - expected)]
    for letter, role in sorted(present):
        faults += [f"{letter}/{role}: {fault}" for fault in faults_of(read_wording(letter, role))]
    if faults:
        raise ValueError("; ".join(faults))
