"""Who may act on which case."""

from datetime import UTC, datetime

import pytest

from casework.actors import CLOCK, Actor, refuse_unless_allowed
from states.declaration import move
from states.facts import Facts
from states.refusals import Refused
from states.roles import Role

ENTERED = datetime(2024, 6, 3, 2, tzinfo=UTC)
CASE = Facts(
    1, "B3-SJAQ-0001", 1, "B3", "evaluation", "B3/evaluation@1", "SJAQ", 8, "50", "D03", "submitted",
    ENTERED, ENTERED,
)  # fmt: skip
EVERYBODY = move("note", "备注", to="", by=tuple(Role), clause="B3-4.3")


@pytest.mark.clause("B3-4.3", "M24-3.2")
@pytest.mark.parametrize(
    ("role", "own", "foreign"),
    [
        (Role.RECOMMENDER, "D03", "P50"),
        (Role.PROVINCE, "50", "51"),
        (Role.APPLICANT, "8", "9"),
    ],
)
def test_who_has_a_scope_acts_within_it(role: Role, own: str, foreign: str) -> None:
    refuse_unless_allowed(Actor("示例", role, own), EVERYBODY, CASE)
    for scope in (foreign, ""):
        with pytest.raises(Refused) as refused:
            refuse_unless_allowed(Actor("示例", role, scope), EVERYBODY, CASE)
        assert str(refused.value) == "申报B3-SJAQ-0001不在示例的办理范围内。（B3-4.3）"


@pytest.mark.parametrize("role", [Role.OFFICE, Role.GROUP, Role.PANEL, Role.CENTRE, Role.HEAD, Role.CLOCK])
def test_national_roles_and_the_clock_reach_every_case(role: Role) -> None:
    refuse_unless_allowed(Actor("示例", role), EVERYBODY, CASE)


def test_a_role_the_move_does_not_name_is_told_who_may() -> None:
    recommend = move("recommend", "推荐", to="over", by=(Role.RECOMMENDER, Role.OFFICE), clause="B3-4.2")
    with pytest.raises(Refused) as refused:
        refuse_unless_allowed(Actor("示例", Role.APPLICANT, "8"), recommend, CASE)
    assert str(refused.value) == (
        "“推荐”只能由工程指导协调小组办公室、推荐单位办理，当前身份为申报单位。（B3-4.2）"
    )


def test_a_person_does_not_make_the_clocks_moves() -> None:
    lapse = move("lapse", "逾期", to="over", by=Role.CLOCK, clause="M24-9.4")
    with pytest.raises(Refused, match="“逾期”只能由到期自动办理办理"):
        refuse_unless_allowed(Actor("示例", Role.OFFICE), lapse, CASE)


def test_the_log_names_role_and_actor() -> None:
    assert Actor("示例经办人", Role.OFFICE).signature == "office:示例经办人"
    assert CLOCK.signature == "clock:clock"
