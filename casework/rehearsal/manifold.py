"""Institutions that apply more than once: for two occupations (CQ23-5.2), or for both directories (M24-18)."""

from collections.abc import Sequence

from casework.intake.defects import Fate
from casework.intake.samples import SampleApplication, filed_by
from casework.rehearsal.world import World

STANDS_OUT = "stands_out"
"""The part of whoever the experts find better than everybody else."""

Invented = list[list[SampleApplication]]


def apply_manifold(lines: Sequence[World], invented: Invented) -> set[tuple[int, int]]:
    """Give some applications of several selections to institutions that apply elsewhere too.

    Returns which of them must stand out for both to be chosen: the place of the selection, the number of the sample.
    """
    if len(lines) == 1:
        return set()
    _for_two_occupations(invented[-1])
    return _in_both_directories(lines, invented)


def _for_two_occupations(samples: list[SampleApplication]) -> None:
    """The second sound application of another occupation comes from the institution of the first."""
    sound = _sound(samples)
    for first in sound[:1]:
        others = [each for each in sound if each.occupation != first.occupation]
        for other in others[:1]:
            _put(samples, filed_by(other, first))


def _in_both_directories(lines: Sequence[World], invented: Invented) -> set[tuple[int, int]]:
    """Somebody who trains for an occupation applies to evaluate it too."""
    evaluating = [place for place, line in enumerate(lines) if line.track == "evaluation"]
    training = [place for place, line in enumerate(lines) if line.track == "training"]
    if not evaluating or not training:
        return set()
    here, there = evaluating[0], training[0]
    for trainer in _sound(invented[there])[2:]:
        same = [each for each in _sound(invented[here]) if each.occupation == trainer.occupation]
        for evaluator in same[:1]:
            _put(invented[here], filed_by(evaluator, trainer))
            return {(here, evaluator.number), (there, trainer.number)}
    return set()


def _sound(samples: Sequence[SampleApplication]) -> list[SampleApplication]:
    twice = {
        each.application.uscc for each in samples if each.defect and each.defect.name == "second_channel"
    }
    return [each for each in samples if each.fate is Fate.FILED and each.application.uscc not in twice]


def _put(samples: list[SampleApplication], new: SampleApplication) -> None:
    samples[:] = [new if each.number == new.number else each for each in samples]
