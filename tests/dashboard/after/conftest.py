"""A listed institution with an account."""

from collections.abc import Callable
from typing import Any

import pytest

from casework.desk import Desk
from records.transaction import reading
from states.roles import Role


@pytest.fixture
def mine(listed: Callable[[int], list[int]], desk: Desk, as_role: Callable[..., Any]) -> tuple[Any, str]:
    """A browser of the institution, and the number of its listing."""
    listed(1)
    with reading(desk.engine) as tx:
        row = tx.one("SELECT no, institution_id FROM cases WHERE stage = 'listed' ORDER BY id LIMIT 1")
    assert row
    return as_role(Role.APPLICANT, str(row[1]), "unit.listed"), row[0]
