"""Taking the printed hint (主要包括：…800字以内) out of an answer, whether it was left in or half deleted."""

import re

from casework.intake.characters import compact

_HINT = re.compile(
    r"[（(]\s*(?:主要包括|主要内容|建设机制包括|包括申报材料审核意见)[^（）()]{0,200}?(?:字以内|地位作用等)\s*[。.]?\s*[）)]"
    r"[：:]?"
)


def without_prompt(text: str, prompt: str) -> str:
    """`text` without the printed hint; the hint of another spelling (half-width, other spacing) goes as well."""
    stripped = _HINT.sub("", text, count=1)
    return "" if prompt and compact(stripped) == compact(prompt) else stripped
