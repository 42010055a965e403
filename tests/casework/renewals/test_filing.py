"""A renewal is applied for with report and consent, in one transaction with the move, once, in time (M24-9.1, D-4, D-5)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework.actors import Actor
from casework.gate import advance
from casework.invariants import check
from casework.objections.evidence import LARGEST, Evidence
from casework.renewals.filing import NewApplication, draft
from casework.renewals.reading import read_document, renewal
from casework.renewals.reviewing import answer_contradiction
from states.refusals import Refused
from states.renewals.report import Consent
from states.roles import Role

SECOND = timedelta(seconds=1)


@pytest.mark.clause("M24-9.1")
def test_an_application_is_a_row_its_figures_its_documents_and_a_move_at_once(listed: Any) -> None:
    when = listed.at(2027, 5, 4, 10)
    made = listed.files(when)
    assert (made.no, made.absorbed, made.corrects, made.warnings) == ("B3-SJAQ-0001-X1", False, False, 0)
    assert (listed.case.stage, listed.programme.letters(1)[-1]) == ("renewal", "renewal_received/applicant")
    view = renewal(listed.desk, listed.no, as_of=when)
    assert view.application is not None
    assert (view.application.state, view.application.report.total, view.application.consent.number) == (
        "filed", 300, "示例函〔2027〕1号",
    )  # fmt: skip
    assert view.activity.holds
    assert check(listed.desk, when).ok
    name, content = read_document(
        listed.desk, listed.no, "consent", read=listed.stored.__getitem__, as_of=when
    )
    assert (name, "同意" in content.decode()) == ("同意意见.txt", True)


@pytest.mark.clause("M24-11.6a")
def test_documents_and_texts_are_kept_encrypted(listed: Any) -> None:
    listed.files(listed.at(2027, 5, 4, 10))
    (stored,) = listed.stored.values()
    ((parts,),) = listed.programme.rows("SELECT parts FROM renewal_application")
    assert ("同意".encode() in stored, "示例负责人" in parts) == (False, False)


@pytest.mark.clause("M24-9.1")
@pytest.mark.parametrize("stated", ["", "随便", "B3-SJAQ-0001-X9"])
def test_the_move_alone_is_refused_and_says_how_to_file(listed: Any, stated: str) -> None:
    inputs = {"application": stated}
    with pytest.raises(Refused, match="续期申请"):
        advance(
            listed.desk, "apply_renewal", [1], by=listed.unit, as_of=listed.at(2027, 5, 4, 10), inputs=inputs
        )
    assert listed.case.stage == "listed"


@pytest.mark.clause("M24-9.1")
def test_a_complete_draft_may_be_handed_in_by_the_move_an_incomplete_one_not(listed: Any) -> None:
    when = listed.at(2027, 5, 4, 10)
    bare = draft(
        listed.desk,
        listed.no,
        listed.sample(when, consent=None, consent_file=None),
        by=listed.unit,
        as_of=when,
    )
    assert bare.missing == (
        "行业主管（业务指导）部门同意意见的部门名称没有填写。", "行业主管（业务指导）部门同意意见的文号没有填写。",
        "行业主管（业务指导）部门同意意见的日期没有填写。", "没有附行业主管（业务指导）部门同意意见的文件（扫描件或电子件）。",
    )  # fmt: skip
    with pytest.raises(Refused, match="没有这份材料齐全"):
        advance(
            listed.desk, "apply_renewal", [1], by=listed.unit, as_of=when, inputs={"application": bare.no}
        )
    consent = listed.sample(when)
    only_consent = NewApplication(None, None, consent.consent, consent.consent_file)
    ready = draft(listed.desk, listed.no, only_consent, by=listed.unit, as_of=when, store=listed.store)
    assert (ready.no, ready.missing) == ("B3-SJAQ-0001-X2", ())
    advance(listed.desk, "apply_renewal", [1], by=listed.unit, as_of=when, inputs={"application": ready.no})
    assert listed.states() == [("B3-SJAQ-0001-X1", "corrected"), ("B3-SJAQ-0001-X2", "filed")]


@pytest.mark.clause("M24-9.1")
def test_without_the_consent_nothing_is_filed(listed: Any) -> None:
    when = listed.at(2027, 5, 4, 10)
    with pytest.raises(Refused) as refused:
        listed.files(when, new=listed.sample(when, consent_file=None))
    assert str(refused.value) == (
        "续期申请有1处须改正：没有附行业主管（业务指导）部门同意意见的文件（扫描件或电子件）。（M24-9.1）"
    )
    with pytest.raises(Refused, match="文号没有填写"):
        listed.files(when, new=listed.sample(when, consent=Consent("示例部门", "", when.date())))
    assert (listed.case.stage, listed.states(), listed.stored) == ("listed", [], {})


@pytest.mark.clause("M24-9.1", "M24-9.4", "D-3")
def test_the_last_second_is_in_time_and_the_next_is_not(listed: Any) -> None:
    midnight = listed.at(2027, 7, 11)
    with pytest.raises(Refused) as refused:
        listed.files(midnight)
    assert str(refused.value) == (
        "续期申请须在有效期届满前6个月至前3个月之间提出，现在不在申请期内：B3-SJAQ-0001的有效期至2027-10-10，"
        "申请期为2027-04-10至2027-07-10（含首尾两日）。（M24-9.1）"
    )
    with pytest.raises(Refused, match="申请期为2027-04-10至2027-07-10"):
        listed.files(listed.at(2027, 4, 10) - SECOND)
    listed.files(midnight - SECOND)
    assert listed.sweeps(midnight).case.stage == "renewal"


@pytest.mark.clause("M24-9.1")
def test_the_same_twice_is_once_and_another_is_refused(listed: Any) -> None:
    when = listed.at(2027, 5, 4, 10)
    new = listed.sample(when)
    first, again = listed.files(when, new=new), listed.files(when + SECOND, new=new)
    assert (first.no, again.no, first.absorbed, again.absorbed) == (first.no, first.no, False, True)
    other = replace(new, filled=replace(new.filled, signatory="另一人"))
    with pytest.raises(Refused, match="续期申请已经提交，正在审核"):
        listed.files(when + SECOND, new=other)
    assert listed.states() == [("B3-SJAQ-0001-X1", "filed")]


@pytest.mark.clause("M24-9.1")
def test_only_the_institution_itself_or_its_recommender_applies(listed: Any) -> None:
    when = listed.at(2027, 5, 4, 10)
    for stranger, why in (
        (Actor("外人", Role.APPLICANT, "2"), "不在外人的办理范围内"), (Actor("外人", Role.OFFICE), "只能由"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            listed.files(when, by=stranger)
    assert listed.files(when, by=Actor("示例局", Role.RECOMMENDER, "P50")).no == "B3-SJAQ-0001-X1"


@pytest.mark.clause("M24-9.1", "M24-11.6a")
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", b"", "续期材料“a.pdf”是空的"), ("a.exe", b"MZ\0\0", "不是可以接收的类型"),
        ("a.html", b"<html>", "不是可以接收的类型"), ("a.pdf", b"%PDF-" + b"0" * LARGEST, "单个文件至多20MB"),
    ],
)  # fmt: skip
def test_hostile_and_huge_files_are_refused(listed: Any, name: str, content: bytes, why: str) -> None:
    when = listed.at(2027, 5, 4, 10)
    with pytest.raises(Refused, match=why):
        listed.files(when, new=listed.sample(when, consent_file=Evidence(name, content)))
    assert listed.states() == []


@pytest.mark.clause("M24-14", "M24-9.1")
def test_a_contradiction_must_be_answered_in_words_before_approval(listed: Any) -> None:
    when, decided = listed.at(2027, 5, 4, 10), listed.at(2027, 6, 1, 10)
    new = listed.sample(when)
    figures = {year: dict(row) for year, row in new.filled.figures.items()}
    figures[2025]["junior"] += 7
    made = listed.files(when, new=replace(new, filled=replace(new.filled, figures=figures)))
    assert made.warnings == 1
    with pytest.raises(Refused, match=r"尚未逐项书面说明.*M24-9\.1"):
        advance(listed.desk, "approve_renewal", [1], by=listed.group, as_of=decided)
    answers = {"by": listed.group, "as_of": decided}
    with pytest.raises(Refused, match="没有第2处出入"):
        answer_contradiction(listed.desk, listed.no, 2, "已核实", **answers)
    with pytest.raises(Refused, match="须填写理由"):
        answer_contradiction(listed.desk, listed.no, 1, " ", **answers)
    assert answer_contradiction(listed.desk, listed.no, 1, "漏报一场，已核实", **answers) == 0
    view = renewal(listed.desk, listed.no, as_of=decided).application
    assert view is not None
    assert [(each.sentence, each.answer) for each in view.contradictions] == [
        ("报告所列有效期内评价合计307人次，已登记的为300人次，相差7人次。", "漏报一场，已核实")
    ]
    advance(listed.desk, "approve_renewal", [1], by=listed.group, as_of=decided)
    assert (listed.case.term_no, listed.states()) == (2, [("B3-SJAQ-0001-X1", "approved")])


@pytest.mark.clause("D-4", "D-5", "M24-9.1")
def test_a_correction_over_the_end_of_the_window_is_in_time(listed: Any) -> None:
    listed.files(listed.at(2027, 7, 10, 23))
    listed.sweeps(listed.at(2027, 7, 12))
    back = listed.returned(listed.at(2027, 7, 12, 10))
    assert (str(back.due), listed.case.stage) == ("2027-07-26", "renewal")
    with pytest.raises(Refused, match=r"补正之前不能办理.*D-4"):
        advance(listed.desk, "approve_renewal", [1], by=listed.group, as_of=listed.at(2027, 7, 13))
    with pytest.raises(Refused, match="补正之前不能办理"):
        listed.returned(listed.at(2027, 7, 13))
    made = listed.files(listed.at(2027, 7, 27) - SECOND)
    assert (made.no, made.corrects) == ("B3-SJAQ-0001-X2", True)
    assert listed.states() == [("B3-SJAQ-0001-X1", "corrected"), ("B3-SJAQ-0001-X2", "filed")]
    listed.sweeps(listed.at(2027, 8, 20))
    advance(listed.desk, "approve_renewal", [1], by=listed.group, as_of=listed.at(2027, 8, 20))
    assert (listed.case.stage, listed.case.term_no) == ("listed", 2)
    assert check(listed.desk, listed.at(2027, 8, 21)).ok


@pytest.mark.clause("D-4", "M24-9.4", "M24-9.5")
def test_what_is_not_corrected_counts_as_never_applied_for(listed: Any) -> None:
    listed.files(listed.at(2027, 7, 9, 10))
    listed.returned(listed.at(2027, 7, 12, 10))
    listed.sweeps(listed.at(2027, 7, 27) - SECOND)
    assert listed.case.stage == "renewal"
    listed.sweeps(listed.at(2027, 7, 27))
    assert (listed.case.stage, listed.states()) == ("lapsing", [("B3-SJAQ-0001-X1", "dropped")])
    with pytest.raises(Refused, match="现在不在申请期内"):
        listed.files(listed.at(2027, 7, 27, 10))
    listed.sweeps(listed.at(2027, 10, 11))
    assert (listed.case.exit_ground, str(listed.case.cooling_until)) == ("not_applied", "2030-10-10")
    assert check(listed.desk, listed.at(2027, 10, 11)).ok


@pytest.mark.clause("D-4", "M24-9.1")
def test_dropped_within_the_window_it_may_be_applied_for_again(listed: Any) -> None:
    listed.files(listed.at(2027, 4, 12, 10))
    listed.returned(listed.at(2027, 4, 13, 10))
    listed.sweeps(listed.at(2027, 5, 10))
    assert listed.case.stage == "listed"
    assert listed.files(listed.at(2027, 5, 11, 10)).corrects is False
    assert listed.states() == [("B3-SJAQ-0001-X1", "dropped"), ("B3-SJAQ-0001-X2", "filed")]


@pytest.mark.clause("M24-20a", "D-4", "D-5")
def test_ordered_to_rectify_it_may_still_correct(listed: Any) -> None:
    listed.files(listed.at(2027, 7, 9, 10))
    listed.returned(listed.at(2027, 7, 12, 10))
    listed.programme.make(
        "order_rectification", 1, listed.at(2027, 7, 13, 10), finding="档案不全", due_on="2027-08-31"
    )
    listed.files(listed.at(2027, 7, 14, 10))
    listed.programme.make("report_rectification", 1, listed.at(2027, 7, 15, 10), report="已整改")
    listed.programme.make("accept_rectification", 1, listed.at(2027, 7, 16, 10), finding="合格")
    assert (listed.case.stage, listed.case.renewal_correction_due) == ("renewal", None)


@pytest.mark.clause("M24-20c", "M24-9.1")
def test_leaving_while_under_review_closes_the_application(listed: Any) -> None:
    listed.files(listed.at(2027, 5, 4, 10))
    listed.programme.make("withdraw_listing", 1, listed.at(2027, 6, 1, 10), reason="终止业务")
    assert listed.states() == [("B3-SJAQ-0001-X1", "moot")]
