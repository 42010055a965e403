"""What an expert declares on accepting a seat is held against the cases like what was on record."""

from collections.abc import Callable
from datetime import date

import pytest

from states.recusal import (
    Applicant,
    Declaration,
    Employment,
    Expert,
    Group,
    Organisation,
    OwnRecusal,
    Service,
    Tie,
    TieKind,
    declared,
    fresh_conflicts,
)
from states.refusals import Refused

MakeExpert = Callable[..., Expert]
MakeApplicant = Callable[..., Applicant]

DAY = date(2024, 7, 15)
QIMING = Organisation("示例（重庆）启明数据安全评测中心", "CODE-QIMING")
BEICHEN = Organisation("示例北辰大学", "CODE-BEICHEN")
ELSEWHERE = Organisation("示例别处", "CODE-ELSEWHERE")


def rules(expert: Expert, declaration: Declaration, applicant: Applicant) -> list[str]:
    return [each.rule for each in fresh_conflicts(expert, declaration, [applicant], on=DAY)]


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    ("declaration", "found"),
    [
        (Declaration("E1"), []),
        (Declaration("E1", ties=(Tie(TieKind.KINSHIP, QIMING),)), ["R-4"]),
        (Declaration("E1", employment=(Employment(QIMING, None, date(2023, 1, 1)),)), ["R-5"]),
        (Declaration("E1", ties=(Tie(TieKind.DRAFTING, QIMING),)), ["R-6"]),
        (Declaration("E1", service=(Service("CODE-QIMING", "CQ23"),)), ["R-7"]),
        (Declaration("E1", recuses=(OwnRecusal("B3-SJAQ-0001"),)), ["R-9"]),
        (Declaration("E1", employer=QIMING, group=Group()), ["R-1"]),
        (Declaration("E1", employer=ELSEWHERE), ["R-2"]),
    ],
)
def test_a_fresh_declaration_is_asked_by_every_rule(
    expert: MakeExpert, applicant: MakeApplicant, declaration: Declaration, found: list[str]
) -> None:
    assert rules(expert(), declaration, applicant(last_call="CQ23")) == found


@pytest.mark.clause("M24-7.3b")
def test_a_declaration_takes_nothing_away_from_the_record(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    recorded = expert(ties=(Tie(TieKind.ADVISORY, QIMING),), employment=(Employment(QIMING),))
    assert rules(recorded, Declaration("E1", employment=(), ties=()), applicant()) == ["R-4", "R-5"]


@pytest.mark.clause("M24-7.3b")
def test_a_declaration_fills_what_nobody_knew(expert: MakeExpert, applicant: MakeApplicant) -> None:
    unknown = expert(employer=None, group=None, employment=None, ties=None, service=None)
    told = Declaration("E1", BEICHEN, Group(), (), (), ())
    assert [rules(unknown, Declaration("E1"), applicant()), rules(unknown, told, applicant())] == [
        ["R-1", "R-2", "R-4", "R-5"],
        [],
    ]


@pytest.mark.clause("M24-7.3b")
def test_a_declared_code_completes_an_employer_on_record_without_one(expert: MakeExpert) -> None:
    bare, known = Organisation("示例北辰大学"), Employment(Organisation("示例旧厂", "CODE-OLD"))
    recorded = expert(employer=bare, employment=(Employment(Organisation("示例 旧厂")),))
    told = declared(recorded, Declaration("E1", employer=BEICHEN, employment=(known,)))
    assert (told.employer, told.group, told.employment) == (BEICHEN, Group(), (known,))
    assert declared(expert(), Declaration("E1", employer=bare)).employer == BEICHEN


@pytest.mark.clause("M24-7.3b")
def test_who_has_moved_keeps_the_old_employer_in_the_history(
    expert: MakeExpert, applicant: MakeApplicant
) -> None:
    was_there = expert(employer=QIMING)
    moved = Declaration("E1", ELSEWHERE, Group())
    long_ago = Declaration("E1", ELSEWHERE, Group(), (Employment(QIMING, None, date(2019, 1, 1)),))
    assert [rules(was_there, each, applicant()) for each in (moved, long_ago)] == [["R-5"], []]


@pytest.mark.clause("M24-7.3b")
def test_who_has_moved_must_tell_the_history(expert: MakeExpert) -> None:
    with pytest.raises(Refused, match="^工作单位与专家库登记的不一致，请同时申报近年任职经历。"):
        declared(expert(employment=None), Declaration("E1", ELSEWHERE))


def test_a_declaration_is_of_one_person(expert: MakeExpert) -> None:
    with pytest.raises(ValueError, match="'E2' is not one of 'E1'"):
        declared(expert(), Declaration("E2"))
