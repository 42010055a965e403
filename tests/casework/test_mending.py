"""A form sent back is mended and imported again: the same case goes on, and both forms are kept (D-4)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.actors import Actor
from casework.desk import Desk
from casework.filed_forms import filed_form
from casework.filing import Filed, file_application
from casework.findings import findings_of
from casework.gate import advance
from casework.handed_in import Paper
from casework.intake.reading import read_docx
from casework.intake.samples import sample_applications
from casework.intake.writing import write_form
from casework.invariants import check
from casework.materials import store_material
from records.transaction import reading
from states.calendar import end_of
from states.call_rules import CallRules
from states.eligibility import NOTE
from states.forms import Recommendation
from states.places import find
from states.refusals import Refused
from states.roles import Role
from states.rulebook import call_rules

NOON = datetime(2024, 6, 10, 4, tzinfo=UTC)
PAPERS = (
    Paper("registration_certificate", "甲_法人登记证书.txt", "业务范围：职业技能培训。".encode()),
    Paper("credit_record", "甲_信用报告.pdf", b"%PDF-1.7 sample"),
)
CHONGQING = Actor("渝", Role.RECOMMENDER, "P50")


@pytest.fixture
def file(desk: Desk, b3: CallRules, tmp_path: Path) -> Callable[..., Filed]:
    rules = call_rules("B3")
    sound = sample_applications(1, call_rules=rules, seed=1)[0].application
    signed = sound.commitment.model_copy(update={"signed_on": rules.opens.value})
    sound = sound.model_copy(update={"commitment": signed, "recommendation": Recommendation()})
    titles = [occupation.title for occupation in rules.occupations.value]

    def filed(
        at: datetime, *, channel: str = "P50", papers: tuple[Paper, ...] = PAPERS, **changes: Any
    ) -> Filed:
        path = tmp_path / "form.docx"
        write_form(sound.kind, sound.model_copy(update=changes), path, call="B3")
        form = read_docx(path, as_of=at, call="B3", occupations=titles)
        office = find(channel)
        return file_application(
            desk, form, papers, call="B3", channel=office, by=Actor("收件", Role.RECOMMENDER, office.code),
            as_of=at, store=lambda content: store_material(tmp_path / "materials", content),
        )  # fmt: skip

    return filed


def returned(desk: Desk, no: str, at: datetime) -> None:
    with reading(desk.engine) as tx:
        row = tx.one("SELECT id FROM cases WHERE no = ?", (no,))
    assert row is not None
    advance(
        desk,
        "return_for_correction",
        [row[0]],
        by=CHONGQING,
        as_of=at,
        inputs={"items": "成立时间与证书不符"},
    )


@pytest.mark.clause("D-4")
def test_a_mended_form_goes_into_the_case_that_was_sent_back(desk: Desk, file: Callable[..., Filed]) -> None:
    first = file(NOON, founded=date(2020, 3, 2))
    returned(desk, first.no, NOON + timedelta(hours=2))
    mended = file(NOON + timedelta(days=2), founded=date(2018, 3, 2), papers=())
    assert (mended.no, mended.mended, mended.again) == (first.no, True, False)
    assert (len(first.warnings), mended.warnings) == (1, ())
    with reading(desk.engine) as tx:
        row = tx.one("SELECT id, stage, version, warnings_open, materials_missing FROM cases")
        assert row is not None
        assert row[1:] == ("submitted", 3, 0, 0)
        assert tx.rows("SELECT number FROM filing WHERE case_id = ? ORDER BY number", (row[0],)) == [
            (1,),
            (2,),
        ]
        form = filed_form(tx, row[0])
        assert form is not None
        assert form.founded == date(2018, 3, 2)
        answers = {each.answer for each in findings_of(tx, row[0]) if not each.finding.rule.startswith(NOTE)}
        assert answers == {"已由补正材料取代"}
    assert check(desk, NOON + timedelta(days=2)).faults == []


def test_the_same_form_once_more_is_no_correction(desk: Desk, file: Callable[..., Filed]) -> None:
    first = file(NOON)
    returned(desk, first.no, NOON + timedelta(hours=2))
    again = file(NOON + timedelta(days=1))
    assert (again.again, again.mended) == (True, False)
    with reading(desk.engine) as tx:
        assert tx.one("SELECT stage FROM cases") == ("correcting",)


@pytest.mark.clause("M24-7.2b")
def test_a_mended_form_comes_back_by_the_way_it_came(desk: Desk, file: Callable[..., Filed]) -> None:
    first = file(NOON)
    returned(desk, first.no, NOON + timedelta(hours=2))
    with pytest.raises(Refused, match="同一职业不得多渠道重复申报"):
        file(NOON + timedelta(days=1), channel="D01", founded=date(2018, 3, 2))


@pytest.mark.clause("B3-5.4", "D-4")
def test_what_the_recommender_sent_back_must_return_before_filing_closes(
    desk: Desk, file: Callable[..., Filed]
) -> None:
    late = end_of(date(2024, 6, 21))
    first = file(NOON)
    returned(desk, first.no, late - timedelta(days=1))
    with pytest.raises(Refused, match="B3-5.4"):
        file(late + timedelta(hours=1), founded=date(2018, 3, 2))
    with reading(desk.engine) as tx:
        assert tx.one("SELECT count(*) FROM filing") == (1,)
