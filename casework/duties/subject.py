"""The listing a duty is about, and who may speak for it: the same scopes as everywhere (M24-3.2, M24-14)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.actors import Actor
from casework.desk import Desk
from casework.history import case_number
from casework.loading import case_id, load
from records.transaction import Transaction
from states.calendar import day_of
from states.call_rules import TrackRules
from states.checked import Process
from states.declaration import Stage
from states.facts import Facts, day, instant
from states.forms.identities import identity_fault
from states.refusals import Refused
from states.roles import Role

REPORTS = (Role.APPLICANT, Role.RECOMMENDER, Role.OFFICE, Role.PROVINCE)
"""Who may hand in what an institution owes: itself, who recommended it, and the office that decides."""
OVERSEES = (Role.OFFICE, Role.PROVINCE, Role.GROUP)
LONGEST = 20_000
LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """One case as duties see it."""

    facts: Facts
    process: Process
    institution: str
    levels: tuple[str, ...]

    @property
    def rules(self) -> TrackRules:
        """The rules of its track."""
        return self.process.rules

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return self.process.stages[self.facts.stage]


def subject(
    tx: Transaction, desk: Desk, no: str, *, by: Actor, among: tuple[Role, ...], clause: str
) -> Subject:
    """The case of that number. Raises Refused when there is none, or the actor may not do this, or not here."""
    found = case_id(tx, case_number(no))
    if found is None:
        raise Refused(f"没有编号为“{no}”的申报，请核对编号。", clause=clause)
    return subject_by_id(tx, desk, found, by=by, among=among, clause=clause)


def subject_by_id(
    tx: Transaction, desk: Desk, id_: int, *, by: Actor, among: tuple[Role, ...], clause: str
) -> Subject:
    """The case of that id, likewise."""
    loaded = load(tx, [id_])[0]
    facts = loaded.facts
    refuse_unless(by, among, facts, clause)
    levels = tuple(part for part in loaded.levels.split("、") if part)
    return Subject(facts, desk.processes.process(facts.process), loaded.institution, levels)


def refuse_unless(by: Actor, among: tuple[Role, ...], facts: Facts, clause: str) -> None:
    """Refused, in words, for a role that may not, and for a case outside the actor's scope."""
    if by.role not in among:
        may = "、".join(role.label for role in among)
        raise Refused(f"此项只能由{may}办理，当前身份为{by.role.label}。", clause=clause)
    own = {
        Role.RECOMMENDER: facts.channel,
        Role.PROVINCE: facts.province,
        Role.APPLICANT: str(facts.institution_id),
    }
    if by.role in own and by.scope != own[by.role]:
        raise Refused(f"申报{facts.no}不在{by.name}的办理范围内。", clause=clause)


def refuse_unless_listed(found: Subject, clause: str) -> None:
    """Refused when the case does not stand in the directory."""
    if not found.stage.in_directory:
        raise Refused(
            f"申报{found.facts.no}现处于{found.stage.label}，不在目录中，不能办理此项。", clause=clause
        )


def first_listed(tx: Transaction, id_: int) -> tuple[date, date] | None:
    """The first day of the first term and the last day of the last one."""
    row = tx.one("SELECT min(starts_at), max(last_day) FROM term WHERE case_id = ?", (id_,))
    if row is None or row[0] is None:
        return None

    first, last = instant(row[0]), day(row[1])
    assert first is not None
    assert last is not None
    return day_of(first), last


def told(text: str, what: str, clause: str, *, longest: int = LONGEST, required: bool = True) -> str:
    """A text as it is kept. Refused when it is missing, too long, holds control characters or an identity number."""
    plain = text.strip()
    if not plain and required:
        raise Refused(f"{what}须填写。", clause=clause)
    if len(plain) > longest:
        raise Refused(f"{what}过长（{len(plain)}字），限{longest}字。", clause=clause)
    if any(not char.isprintable() and char not in "\n\t" for char in plain):
        raise Refused(f"{what}中有不可见的控制字符，请删去后重新填写。", clause=clause)
    numbers = re.findall(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])", plain)
    if any(identity_fault(number.upper()) is None for number in numbers):
        raise Refused(f"{what}中含有居民身份证号，个人信息不得写入，请删去后重新填写。", clause="M24-11.6a")
    return plain


def whole(value: Any, what: str, clause: str, most: int = 10_000_000) -> int:
    """A whole number from 0 to ``most``. Refused otherwise."""
    text = str(value).strip()
    if (
        isinstance(value, bool)
        or not text.isascii()
        or not text.isdecimal()
        or len(text) > 12
        or int(text) > most
    ):
        raise Refused(f"{what}应为0至{most}的整数，收到的是“{value}”。", clause=clause)
    return int(text)
