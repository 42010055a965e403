"""The rules of recusal (M24-7.3b): each asks the pool for the experts who may not judge one applicant."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from states.recusal.applicant import Applicant, Named
from states.recusal.conflict import CLAUSE, Verdict
from states.recusal.expert import Expert, TieKind
from states.recusal.expert_index import ExpertIndex, found, of_organisation
from states.recusal.names import person_key

EXCLUDED, HELD = Verdict.EXCLUDED, Verdict.HELD


class Hit(NamedTuple):
    """An expert a rule speaks of, how surely, and the evidence in Chinese."""

    expert: Expert
    verdict: Verdict
    evidence: str


class Window(NamedTuple):
    """The day recusal is asked for, and the first day (itself included) that counts as recent."""

    on: date
    since: date
    years: int


Find = Callable[[ExpertIndex, Applicant, Window], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of recusal: its id, its Chinese name, its clause, and how it finds its experts."""

    id: str
    label: str
    clause: str
    find: Find


_RULES: dict[str, Rule] = {}
RULES: Mapping[str, Rule] = MappingProxyType(_RULES)
"""Every rule, by its id."""


def rule(id_: str, label: str, clause: str = CLAUSE) -> Callable[[Find], Rule]:
    """Declare a rule."""

    def declare(find: Find) -> Rule:
        if id_ in _RULES:
            raise ValueError(f"two rules are called {id_}")
        _RULES[id_] = Rule(id_, label, clause, find)
        return _RULES[id_]

    return declare


@rule("R-1", "工作单位即申报单位")
def same_employer(pool: ExpertIndex, applicant: Applicant, _: Window) -> Iterator[Hit]:
    """The expert works for the applicant."""
    for expert in of_organisation(pool.by_employer, applicant.institution):
        if expert.employer is not None and expert.employer.same_as(applicant.institution):
            yield Hit(expert, EXCLUDED, f"工作单位“{expert.employer.name}”即申报单位")


@rule("R-2", "工作单位与申报单位属同一集团")
def same_group(pool: ExpertIndex, applicant: Applicant, _: Window) -> Iterator[Hit]:
    """The expert's employer and the applicant share an owner, own each other, or share a legal representative.

    Two legal representatives of one name are held, unless their identities tell whether they are one person.
    """
    for expert, verdict, evidence in _grouped(pool, applicant):
        if expert.employer is None or not expert.employer.same_as(applicant.institution):
            yield Hit(expert, verdict, evidence)


def _grouped(pool: ExpertIndex, applicant: Applicant) -> Iterator[Hit]:
    for uscc in sorted(applicant.group.shareholders):
        for expert in found(pool.by_shareholder, uscc):
            yield Hit(expert, EXCLUDED, f"工作单位与申报单位有共同出资人（{uscc}）")
        for expert in found(pool.by_employer, uscc):
            yield Hit(expert, EXCLUDED, "工作单位是申报单位的出资人")
    for expert in found(pool.by_shareholder, applicant.uscc):
        yield Hit(expert, EXCLUDED, "申报单位是工作单位的出资人")
    head = applicant.group.legal_representative
    for expert in found(pool.by_legal_representative, person_key(head)) if head else ():
        assert expert.group is not None
        same = _one_person(expert.group.identity, applicant.group.identity)
        if same:
            yield Hit(expert, EXCLUDED, f"工作单位与申报单位的法定代表人同为“{head}”")
        elif same is None:
            yield Hit(expert, HELD, f"工作单位与申报单位的法定代表人同名“{head}”，是否同一人待核")


@rule("R-3", "申报表所列人员")
def named_in_form(pool: ExpertIndex, applicant: Applicant, _: Window) -> Iterator[Hit]:
    """The applicant's own form names the expert; somebody of the same name elsewhere is held, not excluded."""
    for named in applicant.named:
        for expert in found(pool.by_name, person_key(named.name)) if named.name.strip() else ():
            where = f"申报表所列{named.role}“{named.name}”"
            same = _one_person(expert.identity, named.identity)
            if same is False:
                continue
            if same:
                yield Hit(expert, EXCLUDED, f"{where}即本人")
            elif named.employer is None:
                yield Hit(expert, HELD, f"{where}与专家同名，表中未写单位，是否同一人待核")
            elif expert.worked_for(named.employer):
                yield Hit(expert, EXCLUDED, f"{where}与专家同名同单位（{named.employer.name}）")
            else:
                unlike = "专家单位不详" if expert.employer is None else "单位不同"
                yield Hit(
                    expert, HELD, f"{where}（{named.employer.name}）与专家同名，{unlike}，是否同一人待核"
                )


@rule("R-4", "与申报单位有亲属、顾问等关系")
def declared_tie(pool: ExpertIndex, applicant: Applicant, _: Window) -> Iterator[Hit]:
    """The expert declared kinship, an advisory post, or something else (held) with the applicant or its people."""
    for expert, tie in of_organisation(pool.by_tie, applicant.institution):
        assert tie.organisation is not None
        if tie.kind is TieKind.DRAFTING or not tie.organisation.same_as(applicant.institution):
            continue
        words = f"申报与申报单位有{tie.kind.label}{_in_brackets(tie.person, tie.note)}"
        yield Hit(expert, HELD if tie.kind is TieKind.OTHER else EXCLUDED, words)
    for named in applicant.named:
        yield from _tied_to(pool, applicant, named)


def _tied_to(pool: ExpertIndex, applicant: Applicant, named: Named) -> Iterator[Hit]:
    for expert, tie in found(pool.by_tied_person, person_key(named.name)) if named.name.strip() else ():
        there = tie.organisation
        if tie.kind is TieKind.DRAFTING or (there is not None and there.same_as(applicant.institution)):
            continue
        words = f"申报与“{tie.person}”有{tie.kind.label}，申报表所列{named.role}“{named.name}”"
        if there is not None and named.employer is not None and there.same_as(named.employer):
            verdict = HELD if tie.kind is TieKind.OTHER else EXCLUDED
            yield Hit(expert, verdict, f"{words}与其同名同单位（{named.employer.name}）")
        else:
            yield Hit(expert, HELD, f"{words}与其同名，是否同一人待核")


@rule("R-5", "近年曾在申报单位任职")
def employed_lately(pool: ExpertIndex, applicant: Applicant, window: Window) -> Iterator[Hit]:
    """The expert worked for the applicant within the last years, the same calendar day included (D-3)."""
    for expert, row in of_organisation(pool.by_employment, applicant.institution):
        if not row.organisation.same_as(applicant.institution):
            continue
        if row.until is None:
            yield Hit(
                expert, EXCLUDED, f"任职经历载明在申报单位任职（自{row.since or '日期不详'}），未载明离职"
            )
        elif row.until >= window.since:
            yield Hit(
                expert,
                EXCLUDED,
                f"在申报单位任职至{row.until}，距{window.on}未超过{window.years}年（自{window.since}起计，D-3）",
            )


@rule("R-6", "参与编制申报单位的标准或材料")
def drafted(pool: ExpertIndex, applicant: Applicant, _: Window) -> Iterator[Hit]:
    """The expert took part in drafting the applicant's standard or materials."""
    for expert, tie in of_organisation(pool.by_tie, applicant.institution):
        assert tie.organisation is not None
        if tie.kind is TieKind.DRAFTING and tie.organisation.same_as(applicant.institution):
            yield Hit(expert, EXCLUDED, f"参与编制申报单位的标准或申报材料{_in_brackets(tie.note)}")


@rule("R-7", "上一轮评议过申报单位")
def voted_last_time(pool: ExpertIndex, applicant: Applicant, _: Window) -> Iterator[Hit]:
    """The expert voted on the same institution in its last round."""
    if applicant.last_call:
        for expert in found(pool.by_service, (applicant.uscc, applicant.last_call)):
            yield Hit(expert, EXCLUDED, f"在{applicant.last_call}中评议过申报单位")


@rule("R-8", "申报单位对专家的异议成立")
def objected_to(pool: ExpertIndex, applicant: Applicant, _: Window) -> Iterator[Hit]:
    """The applicant objected to the expert, and the office accepted it."""
    for expert in found(pool.by_objection, applicant.uscc):
        yield Hit(expert, EXCLUDED, "申报单位申请其回避，经办公室同意")


@rule("R-9", "专家主动回避")
def recused_by_choice(pool: ExpertIndex, applicant: Applicant, _: Window) -> Iterator[Hit]:
    """The expert steps back from this case without being asked."""
    for expert, own in found(pool.by_own_recusal, applicant.case):
        yield Hit(expert, EXCLUDED, f"专家主动回避{_in_brackets(own.reason)}")


def _one_person(mine: str, theirs: str) -> bool | None:
    """Whether two identities are one; None when either is unknown."""
    return mine == theirs if mine and theirs else None


def _in_brackets(*words: str) -> str:
    said = "，".join(word for word in words if word)
    return f"（{said}）" if said else ""
