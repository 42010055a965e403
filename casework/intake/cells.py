"""What stands on a filed form before anyone makes sense of it: texts by field, rows by table."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cells:
    """Raw text by field key, and for every table the texts of its rows by column key. Unfilled is absent or ''."""

    texts: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
