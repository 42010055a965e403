"""The word list says what the program says."""

import re
from collections import Counter
from pathlib import Path

import pytest

from states.process import build
from states.roles import Role
from states.rulebook import list_calls

WORDS = Path(__file__).parent.parent / "docs" / "words.md"
ROW = re.compile(r"^\| (?P<english>[^|]+) \| (?P<chinese>[^|]+) \|", re.MULTILINE)


def first_table(heading: str) -> dict[str, str]:
    """The Chinese word for each English one in the first table under a heading of the word list."""
    section = WORDS.read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1]
    table = section.split("|---|", 1)[1].split("\n\n", 1)[0]
    return {row["english"]: row["chinese"] for row in ROW.finditer(table)}


def test_every_stage_of_every_call_is_called_what_the_word_list_calls_it() -> None:
    processes = [build(call.track(track)) for call in list_calls() for track in call.tracks]
    labels = {key: stage.label for process in processes for key, stage in process.stages.items()}
    assert first_table("Stages 环节") == labels


def test_every_role_is_called_what_the_word_list_calls_it() -> None:
    assert first_table("The people 人员") == {role.value: role.label for role in Role}


@pytest.mark.parametrize("language", ["english", "chinese"])
def test_one_word_stands_for_one_thing(language: str) -> None:
    words = Counter(row[language] for row in ROW.finditer(WORDS.read_text(encoding="utf-8")))
    headings = {"English", "中文"}
    assert [word for word, times in words.items() if times > 1 and word not in headings] == []
