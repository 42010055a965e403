"""Names as they are compared: what people type differently is made alike, what may be another name is not.

Width, case, spaces and the dots inside names of several parts do not count. Traditional and simplified characters
are left alone: 乾 and 干 are two surnames.
"""

import unicodedata

_DOTS = "·•‧∙⋅・.｡"
_DROPPED = {ord(sign): None for sign in _DOTS + "\u200b\u200c\u200d\u2060\ufeff"}


def person_key(name: str) -> str:
    """A person's name for comparison; empty for a blank one."""
    return organisation_key(name).translate(_DROPPED)


def organisation_key(name: str) -> str:
    """An organisation's name for comparison; empty for a blank one."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
