"""The words of letters about changes of an institution's particulars (M24-20c). Every name is always given.

They are about the institution, not about one of its cases, and never spell out what is not public.
"""

from collections.abc import Mapping
from types import MappingProxyType

from states.roles import Role

CHANGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "change_no": "the number of the request: BG-2025-0001",
        "changes": "the lines of what is to change, old and new; of what is not public only that it changes",
        "standing": "where the institution stands in the directory: 评价机构目录（数据安全工程技术人员）",
    }
)

_SHARED = (
    "reader", "change_no", "institution", "standing", "changes", "reason", "due", "signer", "today", "clause",
)  # fmt: skip

CHANGE_LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    dict.fromkeys(
        ("change_received", "change_returned", "change_approved", "change_refused", "change_lapsed"), _SHARED
    )
)
"""Letter → the names it may use."""

CHANGE_READERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "change_received": frozenset({Role.APPLICANT, Role.RECOMMENDER}),
        "change_returned": frozenset({Role.APPLICANT}),
        "change_approved": frozenset({Role.APPLICANT, Role.RECOMMENDER}),
        "change_refused": frozenset({Role.APPLICANT, Role.RECOMMENDER}),
        "change_lapsed": frozenset({Role.APPLICANT}),
    }
)

CHANGE_NOTICES = ("change_due", "change_overdue")
"""Lines of the digest of whoever decides, and of the head once it is overdue."""
