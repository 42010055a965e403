"""A refusal is one sentence that names its clause, once."""

import copy
import pickle

import pytest

from states.refusals import Refused


@pytest.mark.parametrize(
    ("sentence", "clause", "spoken"),
    [
        ("申报已截止", "B3-5.4", "申报已截止（B3-5.4）"),
        ("申报已截止。", "B3-5.4", "申报已截止。（B3-5.4）"),
        ("申报已截止（B3-5.4），不再受理。", "B3-5.4", "申报已截止（B3-5.4），不再受理。"),
        ("文件已损坏，请重新保存后上报。", None, "文件已损坏，请重新保存后上报。"),
    ],
)
def test_a_refusal_speaks_its_sentence_and_names_its_clause_once(
    sentence: str, clause: str | None, spoken: str
) -> None:
    refusal = Refused(sentence, clause=clause)
    assert (str(refusal), refusal.sentence, refusal.clause) == (spoken, sentence, clause)


def test_a_refusal_survives_copying_and_crossing_processes() -> None:
    refusal = Refused("申报已截止", clause="B3-5.4")
    assert str(copy.copy(refusal)) == str(pickle.loads(pickle.dumps(refusal))) == "申报已截止（B3-5.4）"
