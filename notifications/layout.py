"""The HTML part of a letter: the same words, set like a letter, made when it is sent."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, Template

EMPHASISED = (
    "办理期限：",
    "整改期限：",
    "推荐截止日期：",
    "申报截止日期：",
    "公示时间：",
    "考察日期：",
    "有效期：",
    "限制申报期：",
    "新的日期：",
)
"""How a line begins that a reader must not overlook."""


def to_html(subject: str, body: str) -> str:
    """A page of its own, with no outside resource, from the text of a letter."""
    return _layout().render(subject=subject, paragraphs=list(paragraphs(body)))


def paragraphs(body: str) -> Iterator[tuple[str, str]]:
    """The paragraphs of a letter's text, each with its kind: text, stated, heading, deadline, reader or signed.

    What is indented is text; the first paragraph names the reader, the last signs; what stands at the margin
    in between was stated by somebody and keeps its lines.
    """
    parts = [part.strip("\n") for part in body.split("\n\n")]
    parts = [part for part in parts if part.strip()]
    for at, part in enumerate(parts):
        words = part.strip()
        if words.startswith(EMPHASISED):
            yield "deadline", words
        elif part.startswith("　　"):
            yield "text", words
        elif at == len(parts) - 1:
            yield "signed", words
        elif at == 0:
            yield "reader", words
        elif words.startswith("【") and words.endswith("】"):
            yield "heading", words
        else:
            yield "stated", words


@cache
def _layout() -> Template:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(Path(__file__).with_name("layout.html.j2").read_text(encoding="utf-8"))
