"""The words of letters about panels: to the experts who sit on them, and to the staff, who are never told a name.

Every name is always given; what does not apply reads as the empty string.
"""

from collections.abc import Mapping
from types import MappingProxyType

EXPERT_READER = "expert"

PANEL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "panel": "the panel's number: B3-SJAQ-P01",
        "place": "the number of the seat on the panel, the number alone",
        "link": "the personal one-time link",
        "code": "the six digits that go with the link",
        "expires": "until when the link opens, in Beijing time: 2024年8月9日10:00",
        "meets_on": "when the panel meets and begins to vote, in Beijing time; empty while not set",
        "closes_on": "when the vote closes, in Beijing time; empty while not set",
        "todo": "what is to be done at the set time of the draw, in words",
        "cast": "how many members cast a ballot, the number alone",
        "size": "how many members sit, the number alone",
    }
)

_EXPERT = (
    "reader", "panel", "place", "call", "occupation", "kind", "signer", "done_on", "today", "clause", "due",
    "meets_on", "closes_on",
)  # fmt: skip
_ENTRY = (*_EXPERT, "link", "expires")

EXPERT_LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "expert_invited": (*_ENTRY, "explanation"),
        "expert_answer_due": _ENTRY,
        "expert_confirmed": _ENTRY,
        "expert_link": _ENTRY,
        "expert_ballot_due": _ENTRY,
        "expert_code": (*_EXPERT, "code", "expires"),
        "expert_released": (*_EXPERT, "reason"),
    }
)
"""Letter to an expert → the names it may use. Kept encrypted, apart from the letters of cases."""

_STAFF = (
    "reader", "office", "panel", "call", "occupation", "signer", "today", "clause", "meets_on", "closes_on",
)  # fmt: skip

PANEL_NEWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "panel_draw_due": (*_STAFF, "todo", "due"),
        "panel_vacancy": (*_STAFF, "place", "reason"),
        "panel_held": (*_STAFF, "place"),
        "panel_confirmed": _STAFF,
        "panel_ballots_closed": (*_STAFF, "cast", "size"),
    }
)
"""Letter to staff about a panel → the names it may use: no word for a person's name is among them but the reader's."""
