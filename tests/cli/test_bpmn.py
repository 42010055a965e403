"""``linxuan bpmn``."""

from pathlib import Path

import pytest

from states.bpmn import bpmn
from states.process import build
from states.rulebook import call_rules


def test_the_process_of_a_call_is_written_to_a_file(tmp_path: Path, linxuan) -> None:
    answer = linxuan("bpmn", "B3", "-o", str(tmp_path / "B3.bpmn"))
    assert answer.code == 0
    written = (tmp_path / "B3.bpmn").read_text(encoding="utf-8")
    assert written == bpmn(build(call_rules("B3").track("evaluation")))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("B3", "--track", "x"), "没有“x”这一类别，可用的有：evaluation（评价）、training（培训）。"),
        (("B9",), "没有批次“B9”"),
    ],
)
def test_what_there_is_not_is_refused_in_words(linxuan, words: tuple[str, ...], says: str) -> None:
    answer = linxuan("bpmn", *words)
    assert answer.code == 2
    assert answer.err.strip().startswith(says)
