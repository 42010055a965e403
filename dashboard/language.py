"""The words of the pages: every key in Chinese and English, side by side, one file per area in ``dashboard/words``.

A key is ``<file>.<name>``; its value a pair ``["中文", "English"]`` that may hold ``{names}`` to fill in.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

LANGUAGES = ("zh-CN", "en")
FOLDER = Path(__file__).parent / "words"
Say = Callable[..., str]


@cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """Every key with its Chinese and its English. Raises ValueError for an entry that is not a pair of texts."""
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        for name, pair in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if not (
                isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)
            ):
                raise ValueError(f"{file.name}: {name} should be a pair of texts, Chinese and English")
            found[f"{file.stem}.{name}"] = (pair[0], pair[1])
    return MappingProxyType(found)


def speak(language: str) -> Say:
    """``say(key, **names)`` in a language. KeyError for a key that stands in no file."""
    column = LANGUAGES.index(language)
    words = catalogue()

    def say(key: str, **names: object) -> str:
        text = words[key][column]
        return text.format(**names) if names else text

    return say
