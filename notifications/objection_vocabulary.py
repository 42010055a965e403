"""The words of letters to those who objected to a publicity under their own name. Every name is always given."""

from collections.abc import Mapping
from types import MappingProxyType

OBJECTOR = "objector"

OBJECTION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "objection_no": "the number of the objection: B3-SJAQ-0007-Y1",
        "received_on": "the day the objection was received",
        "outcome": "what came of the objection, in words: 异议不成立",
        "reply": "what the person who objected is told of the finding",
    }
)

_SHARED = (
    "reader", "objection_no", "institution", "occupation", "kind", "call", "received_on", "due", "signer", "today", "clause",
)  # fmt: skip

OBJECTOR_LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"objection_acknowledged": _SHARED, "objection_reply": (*_SHARED, "outcome", "reply")}
)
"""Letter → the names it may use. Kept encrypted, apart from the letters of cases."""
