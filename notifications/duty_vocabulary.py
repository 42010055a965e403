"""The words of letters about duties after listing: to who owes one, and to the offices that are told."""

from collections.abc import Mapping
from types import MappingProxyType

DUTY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "site": "the name of an examination site",
        "address": "where the site is",
        "capacity": "how many can sit there, the number alone",
        "emergency_no": "the number of an emergency: TF-2025-001",
        "emergency": "what kind of emergency, in words",
        "happened": "when it happened: 2025年3月3日09:30",
        "scope": "whom and what it concerns, as stated",
        "measures": "what was done about it, as stated",
        "province": "the name of the provincial office that reports its list",
        "listed_count": "how many entries the list has, the number alone",
        "document_no": "the number of the document it was reported under",
        "list_on": "the day the list shows",
        "list_sha256": "the hash of the list, to compare it by",
    }
)

_OWED = ("duty", "due", "explanation")

OBLIGATION_LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"obligation_due": (*_OWED, "days_left"), "obligation_overdue": _OWED}
)
"""To the institution that owes a duty; beside ``ALWAYS``."""

_OFFICE = ("reader", "signer", "today", "clause")
_EMERGENCY = (*_OFFICE, "institution", "no")

DUTY_NEWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "province_obligation_due": (*_OFFICE, *_OWED, "days_left"),
        "province_obligation_overdue": (*_OFFICE, *_OWED),
        "site_reported": (*_OFFICE, "institution", "site", "address", "capacity"),
        "emergency_reported": (
            *_EMERGENCY, "emergency_no", "emergency", "happened", "scope", "measures", "due",
        ),
        "emergency_silent": (*_EMERGENCY, *_OWED),
        "list_reported": (*_OFFICE, "province", "listed_count", "document_no", "list_on", "list_sha256"),
    }
)  # fmt: skip
"""To offices; these names alone."""
