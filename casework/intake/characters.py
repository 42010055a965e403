"""Full-width and half-width, spaces and dashes: folding what people type to what is compared."""

import re
import unicodedata

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDE_ALPHANUMERIC = {code: narrow for code, narrow in _WIDE.items() if chr(narrow).isalnum()}
_DASHES = str.maketrans(dict.fromkeys("—–－﹣−‐‑‒", "-"))
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")

NOTHING = frozenset({"", "/", "\\", "-", "--", "---", "——", "—", "／", "…", "……", "...", "......"})


def compact(text: str) -> str:
    """Half-width, without any white space: for numbers, codes, dates, ticks and comparing labels."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return re.sub(r"\s", "", folded).translate(_DASHES)


def tidy(text: str) -> str:
    """A short answer as it is kept: one line, letters and digits half-width, Chinese punctuation untouched."""
    visible = _INVISIBLE.sub("", text).translate(_WIDE_ALPHANUMERIC)
    return re.sub(r"\s+", " ", visible).strip()


def tidy_lines(text: str) -> str:
    """A long answer as it is kept: its lines, each without white space at its ends, no empty ones at the ends."""
    lines = [line.strip() for line in _INVISIBLE.sub("", text).replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip("\n")
