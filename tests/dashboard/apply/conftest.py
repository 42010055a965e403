"""An institution with an account, and a form it could file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from casework.actors import Actor
from casework.applying.drafts import begin_draft, draft, save_draft
from casework.applying.uploads import add_paper
from casework.desk import Desk
from casework.intake.samples import SampleApplication, sample_applications
from casework.intake.styles import NEAT
from casework.intake.wording import cells_of
from casework.objections.evidence import Evidence
from records.transaction import transaction
from states.calendar import day_of
from states.roles import Role
from states.rulebook import call_rules

PDF = b"%PDF-1.4\n% sample\n"


@dataclass
class Unit:
    """An institution, its applicant, and what its form says."""

    id: int
    applicant: Actor
    sample: SampleApplication
    recommender: Actor

    @property
    def scope(self) -> str:
        return str(self.id)

    @property
    def texts(self) -> dict[str, str]:
        return dict(cells_of(self.sample.application, NEAT).texts)

    @property
    def rows(self) -> dict[str, tuple[Any, ...]]:
        return dict(cells_of(self.sample.application, NEAT).rows)

    @property
    def what(self) -> str:
        return f"B3/evaluation/{self.sample.occupation.code}"


@pytest.fixture
def unit(desk: Desk, b3: None, now) -> Unit:
    """A sound institution."""
    samples = sample_applications(12, call_rules=call_rules("B3"), seed=5)
    sample = next(
        each
        for each in samples
        if each.defect is None
        and each.office.region
        and each.application.commitment.signed_on <= day_of(now())
    )
    filled = sample.application
    with transaction(desk.engine) as tx:
        made = tx.run(
            "INSERT INTO institution (uscc, name, province, address, unit_type) VALUES (?,?,?,'','') RETURNING id",
            (filled.uscc, filled.institution, sample.office.region),
        ).fetchone()
    id_ = int(made[0])
    return Unit(
        id_,
        Actor(f"unit.{id_}", Role.APPLICANT, str(id_)),
        sample,
        Actor("tuijian", Role.RECOMMENDER, sample.office.code),
    )


@pytest.fixture
def written(desk: Desk, unit: Unit, now, installation) -> Callable[..., int]:
    """Begins and fills a draft, with its papers; its id."""

    def write(*, papers: bool = True, **changed: str) -> int:
        id_ = begin_draft(
            desk, call="B3", track="evaluation", occupation=unit.sample.occupation.code,
            channel=unit.sample.office.code, by=unit.applicant, as_of=now(),
        )  # fmt: skip
        save_draft(desk, id_, {**unit.texts, **changed}, unit.rows, version=1, by=unit.applicant, as_of=now())
        kept = draft(desk, id_, unit.applicant)
        if papers:
            for kind in ("registration_certificate", "credit_record"):
                add_paper(
                    desk, id_, kind, Evidence(f"{kind}.pdf", PDF + kind.encode()), by=unit.applicant, as_of=now(),
                    store=installation.store_material,
                )  # fmt: skip
        return kept.id

    return write
