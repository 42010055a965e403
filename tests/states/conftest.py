"""Experts of whom everything is known and nothing speaks against, and applicants nobody has to do with."""

from collections.abc import Callable
from typing import Any

import pytest

from states.recusal import Applicant, Expert, Group, Named, Organisation

MakeExpert = Callable[..., Expert]
MakeApplicant = Callable[..., Applicant]


@pytest.fixture
def expert() -> MakeExpert:
    """An expert with the pieces given: `expert(id="E2", ties=None)`."""

    def make(**pieces: Any) -> Expert:
        blameless: dict[str, Any] = {
            "id": "E1",
            "name": "赵示安",
            "employer": Organisation("示例北辰大学", "CODE-BEICHEN"),
            "group": Group(),
            "employment": (),
            "ties": (),
            "service": (),
        }
        return Expert(**{**blameless, **pieces})

    return make


@pytest.fixture
def applicant() -> MakeApplicant:
    """An applicant with the pieces given: `applicant(last_call="B2")`."""

    def make(**pieces: Any) -> Applicant:
        stranger: dict[str, Any] = {
            "case": "B3-SJAQ-0001",
            "institution": Organisation("示例（重庆）启明数据安全评测中心", "CODE-QIMING"),
            "group": Group("钱示清", "", frozenset({"CODE-OWNER"})),
            "named": (Named("孙示远", "命题专家", Organisation("示例长风研究院")),),
        }
        return Applicant(**{**stranger, **pieces})

    return make
