"""Reading ticks: ☑ √ ✓ ■ before or after an option, an empty box beside the others, or just the word."""

import re
import unicodedata
from collections.abc import Sequence

from casework.intake.characters import NOTHING, compact
from casework.intake.unclear import Unclear

TICKED = "☑"
UNTICKED = "□"
_TICKS = "☑√✓✔■☒🗹✅●◼⬛▣▇◆🗸"
_EMPTY = "□☐○◯◻▢⬜✗✘×✕❌◇"
_HINT = re.compile(r"[（(【\[][^（()）\]】]*(?:打|画|划|请)[^（()）\]】]*[)）\]】]")
_NO = ("否", "无", "未", "没", "不", "N", "n", "F")
_YES = ("是", "有", "已", "Y", "y", "T", "属", "对")


def ticked(text: str, options: Sequence[str]) -> tuple[str, ...]:
    """Which of `options` are chosen in `text`, in the order of `options`.

    With boxes or ticks: those whose mark is a tick; the mark stands on the side where it touches its option or,
    when that does not tell, where the first mark stands. Without any mark: those that are named.
    """
    text = unicodedata.normalize("NFKC", _HINT.sub("", text))
    pattern = "|".join([*map(re.escape, sorted(options, key=len, reverse=True)), f"[{_TICKS}{_EMPTY}vV]+"])
    tokens = [(found[0], found.start(), found.end()) for found in re.finditer(pattern, _joined(text))]
    marks = [place for place, token in enumerate(tokens) if token[0] not in options]
    named = {token[0] for token in tokens} & set(options)
    if not marks:
        return tuple(option for option in options if option in named)
    leading = marks[0] == 0
    chosen = set()
    for place in marks:
        mark, start, end = tokens[place]
        if not any(character in _TICKS or character in "vV" for character in mark):
            continue
        before = next((token for token in tokens[place::-1] if token[0] in options), None)
        after = next((token for token in tokens[place:] if token[0] in options), None)
        touches_before = before is not None and before[2] == start
        touches_after = after is not None and after[1] == end
        owner = after if (leading if touches_before == touches_after else touches_after) else before
        if owner is not None:
            chosen.add(owner[0])
    return tuple(option for option in options if option in chosen)


def yes_or_no(text: str) -> bool | None:
    """是 or 否, ticked or written; None when neither is chosen."""
    folded = compact(_HINT.sub("", text))
    if folded in NOTHING:
        return None
    if all(character in _TICKS for character in folded):
        return True
    if all(character in _EMPTY for character in folded):
        return False if folded in "✗✘×✕❌" else None
    for options in (("是", "否"), ("有", "无")):
        if all(option in folded for option in options) and _has_marks(folded):
            chosen = ticked(text, options)
            if len(chosen) == 2:
                raise Unclear("“是”“否”都打了勾，请只选一项")
            return None if not chosen else chosen[0] == options[0]
    bare = re.sub(rf"[{_TICKS}{_EMPTY}\s]", "", folded)
    if folded in ("是否", "是/否", "") or bare in ("是否", "是/否"):
        return None
    if bare.startswith(_NO):
        return False
    if bare.startswith(_YES):
        return True
    raise Unclear("看不出是“是”还是“否”，请填写“是”或“否”")


def _has_marks(text: str) -> bool:
    return any(character in _TICKS + _EMPTY for character in text)


def _joined(text: str) -> str:
    # 初级（√） and 初级[√] touch as 初级√ does.
    return re.sub(r"[()\[\]【】:]", "", text)
