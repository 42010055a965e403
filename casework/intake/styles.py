"""The many ways people fill in one and the same form."""

from dataclasses import dataclass
from random import Random
from typing import Literal

TickMaking = Literal["typed", "control", "symbol", "wingdings", "legacy", "overlaid"]
TickPlace = Literal["after", "before", "word"]
DateWriting = Literal["chinese", "dotted", "dashed", "slashed", "packed", "numerals", "spaced"]

TICKS = ("☑", "√", "✓", "✔", "■", "☒")


@dataclass(frozen=True, slots=True)
class Style:
    """One way of filling in a form. The default is the neat one.

    `tick`, `tick_made`, `tick_place`: the character, how the file holds it, and where it stands (`word`: no boxes,
    just 是 or 初级、中级). `keep_prompts`: the printed hints stay in. `extra_rows`: empty rows left in every table.
    `spaced_labels`: labels justified with spaces. `broken_table`: the table falls into several. `tracked`: answers
    are tracked insertions beside deleted ones. `text_boxes`: long answers stand in text boxes.
    """

    tick: str = "☑"
    tick_made: TickMaking = "typed"
    tick_place: TickPlace = "after"
    dates: DateWriting = "chinese"
    keep_prompts: bool = False
    wide_digits: bool = False
    grouped_numbers: bool = False
    units: bool = False
    spaced_codes: bool = False
    lower_codes: bool = False
    extra_rows: int = 0
    spaced_labels: bool = False
    broken_table: bool = False
    tracked: bool = False
    text_boxes: bool = False


NEAT = Style()


def some_style(random: Random) -> Style:
    """A style drawn from `random`: most answers neat, each habit now and then."""

    def now_and_then(one_in: int = 4) -> bool:
        return random.randrange(one_in) == 0

    return Style(
        tick=random.choice(TICKS),
        tick_made=random.choice(("typed", "typed", "control", "symbol", "wingdings", "legacy", "overlaid")),
        tick_place=random.choice(("after", "after", "before", "word")),
        dates=random.choice(("chinese", "dotted", "dashed", "slashed", "packed", "numerals", "spaced")),
        keep_prompts=now_and_then(2),
        wide_digits=now_and_then(),
        grouped_numbers=now_and_then(),
        units=now_and_then(3),
        spaced_codes=now_and_then(),
        lower_codes=now_and_then(),
        extra_rows=random.choice((0, 0, 1, 3)),
        spaced_labels=now_and_then(),
        broken_table=now_and_then(),
        tracked=now_and_then(6),
        text_boxes=now_and_then(8),
    )
