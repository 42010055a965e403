"""The closed list of grounds: every clause that forbids something is on it, for the tracks it speaks of."""

import pytest

from states.grounds import GROUNDS, RECTIFY, REMOVE, choices


@pytest.mark.clause("M24-17", "M24-18", "M24-19", "M24-20a", "M24-21", "I21-6.3")
def test_each_clause_has_its_grounds_for_its_tracks() -> None:
    tracks = {
        clause: {track for each in GROUNDS.values() if each.clause == clause for track in each.tracks}
        for clause in ("M24-17", "M24-18", "M24-19", "M24-20a", "M24-21", "I21-6.3")
    }
    both = {"evaluation", "training"}
    assert tracks == {
        "M24-17": {"training"}, "M24-18": {"evaluation"}, "M24-19": both, "M24-20a": both, "M24-21": both,
        "I21-6.3": both,
    }  # fmt: skip


@pytest.mark.clause("M24-20a", "I21-6.3")
def test_what_is_mended_and_what_is_removed_are_two_lists() -> None:
    assert len({each.words for each in GROUNDS.values()}) == len(GROUNDS)
    for track in ("evaluation", "training"):
        mended, removed = ({key for key, _ in choices(track, severity)} for severity in (RECTIFY, REMOVE))
        assert mended.isdisjoint(removed)
    assert [key for key, each in GROUNDS.items() if each.referred] == [
        "fraud",
        "false_claims",
        "certificate_fraud",
    ]
