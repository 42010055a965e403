"""Which one occupation a form names (仅填一项)."""

import re
from collections.abc import Sequence

from casework.intake.characters import NOTHING, compact
from casework.intake.unclear import Unclear

_SUFFIX = "工程技术人员"


def occupation_named(text: str, occupations: Sequence[str] = ()) -> str | None:
    """The occupation `text` names: its full name where `occupations` holds it, else as written.

    Leading numbers (4．) and a level in brackets are dropped. Several occupations are Unclear: one form, one
    occupation (note 5).
    """
    folded = re.sub(r"\([^()]*级[^()]*\)", "", compact(text))
    if folded in NOTHING:
        return None
    known = {name for name in occupations if name in folded}
    parts = [
        part
        for part in re.split(r"[、,;/\n]|(?<=人员)[和及与]?(?=.)|(?<=管理师)[和及与]?(?=.)", folded)
        if part
    ]
    parts = [part for part in map(_bare, parts) if part]
    if len(known) > 1 or len(set(parts)) > 1:
        raise Unclear("写有多个职业，此项仅填一项；申报多个职业的请按职业分别填表")
    if known:
        return known.pop()
    bare = parts[0] if parts else folded
    stem = bare.removesuffix(_SUFFIX).removesuffix("工程技术").removesuffix("工程师")
    fitting = [name for name in occupations if name.removesuffix(_SUFFIX) == stem]
    return fitting[0] if len(fitting) == 1 else bare


def _bare(part: str) -> str:
    return re.sub(r"^\(?\d{1,2}[.)]*|[。.]$", "", part)
