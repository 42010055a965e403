"""The words of letters about accounts. They are about no case."""

from collections.abc import Mapping
from types import MappingProxyType

ACCOUNT_LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"registration_code": ("reader", "code", "expires", "signer", "today")}
)
"""Letter → the names it may use: the code that proves a mailbox is read by whoever registers."""
