"""Whom the text prefers stands higher; the rest are equal."""

from typing import Any

import pytest

from casework.intake.samples import sample_applications
from states.forms import UnitType
from states.priority import priority_mark
from states.rulebook import TrackRules, call_rules, regime_rules

B3 = call_rules("B3")
_PLAIN: dict[str, Any] = {
    "standard_developer": False,
    "national_base": False,
    "industry_base": False,
    "provincial_base": False,
    "unit_type": UnitType.ENTERPRISE,
}


def mark(rules: TrackRules, **said: Any) -> int:
    sample = sample_applications(1, call_rules=B3, seed=1)[0].application
    return priority_mark(sample.model_copy(update={**_PLAIN, **said}), rules)


@pytest.mark.clause("M24-7.0", "I21-4.3")
@pytest.mark.parametrize("rules", [B3.track("evaluation"), regime_rules("M24").track("evaluation")])
def test_standard_developers_come_first_then_industry_organisations(rules: TrackRules) -> None:
    marks = [
        mark(rules, standard_developer=True, unit_type=UnitType.ASSOCIATION),
        mark(rules, standard_developer=True),
        mark(rules, unit_type=UnitType.ASSOCIATION),
        mark(rules, national_base=True),
        mark(rules),
    ]
    assert marks == [3, 3, 2, 0, 0]


@pytest.mark.clause("I21-4.3")
def test_under_the_measures_of_2021_training_prefers_national_bases_alone() -> None:
    rules = call_rules("CQ23").track("training")
    assert [mark(rules, national_base=True), mark(rules, provincial_base=True), mark(rules)] == [1, 0, 0]


@pytest.mark.clause("M24-8")
def test_under_the_measures_of_2024_training_prefers_any_base_then_industry_organisations() -> None:
    rules = regime_rules("M24").track("training")
    marks = [
        mark(rules, provincial_base=True),
        mark(rules, industry_base=True),
        mark(rules, unit_type=UnitType.ASSOCIATION),
        mark(rules),
    ]
    assert marks == [3, 3, 2, 0]
