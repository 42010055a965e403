"""Recommenders, and applications that came in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from casework.actors import Actor
from casework.desk import Desk
from casework.importing import import_paths
from casework.installation import Installation
from casework.intake.samples import SampleApplication, sample_applications, write_samples
from states.calendar import day_of
from states.places import OFFICES
from states.roles import Role
from states.rulebook import call_rules


@dataclass
class Filed:
    """A sound application on record."""

    no: str
    sample: SampleApplication

    @property
    def office(self) -> str:
        return self.sample.office.code


@pytest.fixture
def samples(now) -> list[SampleApplication]:
    """Sound samples of one provincial office, signed by now."""
    found = sample_applications(24, call_rules=call_rules("B3"), seed=7, province="50")
    return [
        each
        for each in found
        if each.defect is None and each.application.commitment.signed_on <= day_of(now())
    ]


@pytest.fixture
def came_in(
    desk: Desk, b3: None, samples, installation: Installation, now, tmp_path: Path
) -> Callable[[int], list[Filed]]:
    """Files so many through Chongqing's office."""

    def file(count: int) -> list[Filed]:
        write_samples(tmp_path / "came", samples[:count])
        report = import_paths(
            desk, [tmp_path / "came"], call="B3", channel=OFFICES["P50"],
            by=Actor("p50", Role.RECOMMENDER, "P50"), as_of=now(), store=installation.store_material,
        )  # fmt: skip
        return [
            Filed(line.no, sample)
            for line, sample in zip([x for x in report.lines if x.no], samples, strict=False)
        ]

    return file
