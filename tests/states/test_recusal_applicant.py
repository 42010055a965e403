"""Everyone a form names is known to recusal, each with employer and part."""

import pytest

from casework.intake.samples import sample_applications
from states.forms import EvaluationApplication, TrainingApplication
from states.recusal import Group, Named, Organisation, applicant_of
from states.rulebook import call_rules


@pytest.mark.clause("M24-7.3b", "B3-A")
def test_an_applicant_is_what_its_form_tells() -> None:
    form = sample_applications(1, call_rules=call_rules("B3"), seed=1)[0].application
    assert isinstance(form, EvaluationApplication)
    blank = form.people[0].model_copy(update={"employer": " "})
    form = form.model_copy(update={"people": (*form.people, blank)})
    found = applicant_of("B3-SJAQ-0001", form, shareholders=frozenset({"CODE-OWNER"}), last_call="CQ23")
    own = Organisation(form.institution, form.uscc)
    assert (found.institution, found.last_call) == (own, "CQ23")
    assert found.group == Group(
        form.legal_representative, form.legal_representative_id, frozenset({"CODE-OWNER"})
    )
    assert found.named == (
        Named(form.legal_representative, "法定代表人", own, form.legal_representative_id),
        Named(form.responsible.name, "申报负责人", own),
        Named(form.contact.name, "申报联系人", own),
        Named(form.commitment.signatory, "承诺签署人", own),
        *(Named(row.name, "命题专家", Organisation(row.employer)) for row in form.people[:-1]),
        Named(blank.name, "命题专家", None),
    )
    assert set(form.people_named) <= {each.name for each in found.named}
    assert form.legal_representative_id not in repr(found)


@pytest.mark.clause("M24-7.3b", "CQ23-A1")
def test_the_teachers_of_a_training_institution_are_named_too() -> None:
    form = sample_applications(1, call_rules=call_rules("CQ23"), seed=1, track="training")[0].application
    assert isinstance(form, TrainingApplication)
    roles = [each.role for each in applicant_of("CQ23-0001", form).named]
    assert roles[4:] == ["培训教师"] * len(form.people)
