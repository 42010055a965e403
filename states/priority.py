"""The priority mark: whom the text asks to prefer (I21-4.3, M24-7.0, M24-8), as far as the form can say."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from states.call_rules import TrackRules
from states.forms import Application, UnitType

_MARKS: Mapping[str, Callable[[Application], bool]] = MappingProxyType(
    {
        "standard_developer": lambda form: form.standard_developer,
        "national_base": lambda form: form.national_base,
        "education_base": lambda form: form.national_base or form.industry_base or form.provincial_base,
        "industry_organisation": lambda form: form.unit_type is UnitType.ASSOCIATION,
        # No field of the form tells a leading firm: the reviewers name it.
        "leading_firm": lambda _: False,
    }
)


def priority_mark(application: Application, rules: TrackRules) -> int:
    """How far up the list of those to prefer the institution stands: the higher the sooner, 0 for not on it."""
    preferred = rules.priority.value
    for place, word in enumerate(preferred):
        if _MARKS[word](application):
            return len(preferred) - place
    return 0
