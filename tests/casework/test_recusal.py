"""Recusal asked of the database: experts as imported, applicants as they filed, and what humans decided."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from casework.actors import Actor
from casework.applicants import applicants_of
from casework.audit import verify
from casework.beginning import NewCase, begin_case
from casework.calls import open_call
from casework.desk import Desk
from casework.filed_forms import keep_form
from casework.institutions import make_institution
from casework.intake.samples import sample_applications
from casework.particulars.values import write_change
from casework.pool.importing import import_pool
from casework.pool.members import members, members_by_code
from casework.pool.past_service import rounds
from casework.pool.samples import sample_experts
from casework.pool.standing import suspend
from casework.pool.writing import write_pool_sheet
from casework.recusal import (
    Recusals,
    decide,
    decide_objection,
    decisions_on,
    exclusions,
    experts_of,
    recusals,
)
from records.transaction import reading, transaction
from states.call_rules import CallRules
from states.draw.frame import Exclusion
from states.forms import Application
from states.recusal import EVERY_CASE, Employment, Organisation, Service, Verdict
from states.refusals import Refused
from states.roles import Role
from states.rulebook import call_rules

NOON = datetime(2024, 6, 22, 4, tzinfo=UTC)
DRAW = date(2024, 7, 1)
SAMPLES = [
    sample.application
    for sample in sample_applications(20, call_rules=call_rules("B3"), seed=5)
    if sample.defect is None
]
BLAMELESS = [
    {
        **texts,
        "employment": "无",
        "ties": "无",
        "legal_representative": "无",
        "shareholders": "无",
        "service": "无",
    }
    for texts in sample_experts(30, seed=2, occupations=("SJAQ",))
]
HEAD = Actor("示例主任", Role.HEAD)


class Review:
    """A pool, and panels over cases that filed sample forms."""

    def __init__(self, desk: Desk, office: Actor, folder: Path) -> None:
        self.desk, self.office, self.folder = desk, office, folder
        self.numbers = count(1)

    def pool(self, *changes: dict[str, str]) -> list[str]:
        """Import blameless experts with these changes, one each; their codes."""
        path = self.folder / f"专家{next(self.numbers)}.csv"
        write_pool_sheet(path, [{**BLAMELESS[n], **change} for n, change in enumerate(changes)])
        report = import_pool(self.desk, path, by=self.office, as_of=NOON)
        assert report.ok, report
        return [line.code for line in report.lines]

    def file(self, application: Application, *, call: str = "B3") -> int:
        """A case that filed this form; its id."""
        with transaction(self.desk.engine) as tx:
            row = tx.one("SELECT id FROM institution WHERE uscc = ?", (application.uscc,))
            institution = row[0] if row else make_institution(tx, application, "50").id
            occupation = "SJAQ" if call == "B3" else "XNXS"
            new = NewCase(call, "evaluation", occupation, institution, "50", "P50", "", "contact@example.cn")
            facts = begin_case(tx, self.desk, new, by=self.office, as_of=NOON)
            keep_form(tx, facts.id, application, at=NOON, source="推荐表.docx")
            return facts.id

    def panel(self, *cases: int, state: str = "planned", call: str = "B3", recusal: str = "panel") -> int:
        """A panel that judges these cases; its id."""
        with transaction(self.desk.engine) as tx:
            panel_id: int = tx.run(
                "INSERT INTO panel (no, version, call, track, occupation, state, size, quorum, per_employer,"
                " per_province, of_field, recusal, recusal_reason, recusal_by, officers, officers_needed, created_at,"
                " updated_at) VALUES (?, 1, ?, 'evaluation', 'SJAQ', ?, 5, 4, 1, 0, 0, ?, ?, ?, 0, 0, ?, ?) RETURNING id",
                (f"{call}-SJAQ-Z{next(self.numbers):02d}", call, state, recusal, "本领域专家过少", "head:示例主任",
                 NOON, NOON),
            ).fetchone()[0]  # fmt: skip
            for case in cases:
                tx.run("INSERT INTO panel_case (panel_id, case_id) VALUES (?, ?)", (panel_id, case))
        return panel_id

    def seat(self, panel_id: int, code: str, state: str = "confirmed") -> None:
        """Somebody sits on the panel."""
        with transaction(self.desk.engine) as tx:
            tx.run(
                "INSERT INTO seat (panel_id, round, place, expert_id, pseudonym, state)"
                " SELECT ?, 1, 1, id, code, ? FROM expert WHERE code = ?",
                (panel_id, state, code),
            )

    def cases(self, panel_id: int) -> list[str]:
        """The numbers of the panel's cases."""
        with reading(self.desk.engine) as tx:
            return [each.case for each in applicants_of(tx, panel_id)]

    def found(self, panel_id: int, on: date = DRAW) -> Recusals:
        """What recusal comes to."""
        with reading(self.desk.engine) as tx:
            return recusals(tx, panel_id, on)

    def verdicts(self, panel_id: int) -> list[tuple[str, str, str, str]]:
        """Expert, case, rule and verdict of every conflict."""
        return [(c.expert, c.case, c.rule, str(c.verdict)) for c in self.found(panel_id).conflicts]

    def decide(self, panel_id: int, **what: Any) -> None:
        """The head decides, with a reason."""
        terms = {
            "verdict": Verdict.RELEASED,
            "reason": "经电话核实，非同一人",
            "by": HEAD,
            "as_of": NOON,
            "on": DRAW,
        }
        with transaction(self.desk.engine) as tx:
            decide(tx, panel_id, **{**terms, **what})

    def refusal(self, panel_id: int, **what: Any) -> str:
        """The sentence with which the decision is refused."""
        with pytest.raises(Refused) as refused:
            self.decide(panel_id, **what)
        return str(refused.value)


@pytest.fixture
def review(desk: Desk, b3: CallRules, office: Actor, tmp_path: Path) -> Review:
    return Review(desk, office, tmp_path)


@pytest.fixture
def applied(review: Review) -> Callable[..., int]:
    """A panel over the first `n` samples; its id."""
    return lambda n=1, **how: review.panel(*(review.file(form) for form in SAMPLES[:n]), **how)


def test_experts_are_known_as_they_were_imported(review: Review) -> None:
    elsewhere = "示例海外研究所｜无｜2019-01-01｜2022-06-30"
    review.pool({"employment": elsewhere, "fields": "SJAQ、RGZN"}, {"service": ""}, {"fields": "RGZN"})
    with reading(review.desk.engine) as tx:
        experts, of_field = experts_of(tx), experts_of(tx, "SJAQ")
    assert [each.id for each in experts] == ["ZJ000001", "ZJ000002", "ZJ000003"]
    assert [each.id for each in of_field] == ["ZJ000001", "ZJ000002"]
    first, second, _ = experts
    assert (first.name, first.employer) == (
        BLAMELESS[0]["name"],
        Organisation(BLAMELESS[0]["employer"], BLAMELESS[0]["uscc"]),
    )
    assert first.fields == ("RGZN", "SJAQ")
    assert first.employment == (
        Employment(Organisation("示例海外研究所", ""), date(2019, 1, 1), date(2022, 6, 30)),
    )
    assert (first.service, second.service) == ((), None)


@pytest.mark.clause("M24-11.6a")
def test_identity_numbers_are_compared_by_their_marks_only(
    review: Review, applied: Callable[..., int]
) -> None:
    form = SAMPLES[0]
    review.pool({"identity": form.legal_representative_id, "name": form.legal_representative}, {})
    panel = applied()
    with reading(review.desk.engine) as tx:
        (applicant,) = applicants_of(tx, panel)
        experts = experts_of(tx)
    shown = [applicant.group.identity, *(each.identity for each in applicant.named)]
    shown += [each.identity for each in experts]
    assert [each for each in shown if each and len(each) != 64] == []
    assert experts[0].identity == applicant.group.identity
    assert review.verdicts(panel) == [("ZJ000001", applicant.case, "R-3", "excluded")]


@pytest.mark.clause("M24-7.3b")
def test_everybody_the_filed_form_names_is_asked_about(review: Review, applied: Callable[..., int]) -> None:
    form = SAMPLES[0]
    assert form.kind == "evaluation"
    setter = form.people[0]  # type: ignore[attr-defined]
    review.pool(
        {"uscc": form.uscc, "employer": form.institution},
        {"name": setter.name, "employer": setter.employer},
        {"name": form.contact.name},
        {},
    )
    (case,) = review.cases(panel := applied())
    assert review.verdicts(panel) == [
        ("ZJ000001", case, "R-1", "excluded"),
        ("ZJ000002", case, "R-3", "excluded"),
        ("ZJ000003", case, "R-3", "held"),
    ]


@pytest.mark.clause("M24-7.3b", "M24-7.3c")
def test_exclusions_name_a_pseudonym_and_a_rule_and_nobody(
    review: Review, applied: Callable[..., int]
) -> None:
    form = SAMPLES[0]
    review.pool({"uscc": form.uscc, "employer": form.institution}, {"name": form.contact.name}, {})
    panel = applied()
    with reading(review.desk.engine) as tx:
        pool = members(tx)
        found, held = exclusions(tx, review.desk, panel, DRAW, pool=pool)
    names = pool.pseudonyms
    assert found == sorted(
        [
            Exclusion(names["ZJ000001"], "R-1", "M24-7.3b"),
            Exclusion(names["ZJ000002"], "R-3:held", "M24-7.3b"),
        ],
        key=lambda each: each.pseudonym,
    )
    assert [(each.expert, each.rule) for each in held] == [("ZJ000002", "R-3")]


@pytest.mark.clause("M24-7.3b")
def test_what_is_unknown_is_held_against_every_case(review: Review, applied: Callable[..., int]) -> None:
    silent = ({"employment": "", "ties": ""}, {"shareholders": ""}, {"service": ""})
    review.pool(*silent)
    panel = applied(2)
    unknown = [
        ("ZJ000001", EVERY_CASE, "R-4", "held"),
        ("ZJ000001", EVERY_CASE, "R-5", "held"),
        ("ZJ000002", EVERY_CASE, "R-2", "held"),
    ]
    assert review.verdicts(panel) == unknown
    review.pool(*silent, {"service": f"{SAMPLES[1].uscc}｜2022"})
    _, case = review.cases(panel)
    assert review.verdicts(panel) == [
        *unknown,
        ("ZJ000003", EVERY_CASE, "R-7", "held"),
        ("ZJ000004", case, "R-7", "excluded"),
    ]


@pytest.mark.clause("M24-7.3b", "D-3")
def test_employment_counts_for_three_years_to_the_day(review: Review, applied: Callable[..., int]) -> None:
    form = SAMPLES[0]
    left = f"{form.institution}｜{form.uscc}｜2015-01-01｜"
    review.pool({"employment": f"{left}2021-07-01"}, {"employment": f"{left}2021-06-30"})
    assert [expert for expert, *_ in review.verdicts(applied())] == ["ZJ000001"]


@pytest.mark.clause("M24-7.3b")
def test_suspended_experts_are_not_asked_but_those_who_sit_are(
    review: Review, applied: Callable[..., int]
) -> None:
    form = SAMPLES[0]
    review.pool({"uscc": form.uscc, "employer": form.institution}, {})
    suspend(review.desk, "ZJ000001", reason="出国", by=HEAD, as_of=NOON)
    panel = applied()
    assert review.verdicts(panel) == []
    with reading(review.desk.engine) as tx:
        sitting = recusals(tx, panel, DRAW, pool=members_by_code(tx, ["ZJ000001"]))
    assert [(each.expert, each.rule) for each in sitting.conflicts] == [("ZJ000001", "R-1")]


@pytest.mark.clause("M24-7.3b")
def test_who_judged_the_institution_in_its_last_round_does_not_judge_it_again(review: Review) -> None:
    form = SAMPLES[0]
    review.pool({}, {}, {"service": f"{form.uscc}｜2022"}, {})
    _earlier_call(review)
    earlier = review.panel(review.file(form, call="CQ23"), state="released", call="CQ23")
    review.seat(earlier, "ZJ000001")
    review.seat(earlier, "ZJ000002", state="declined")
    now = review.panel(case := review.file(form))
    review.seat(now, "ZJ000004")
    with reading(review.desk.engine) as tx:
        assert rounds(tx).of_institution == {form.uscc: frozenset({"CQ23", "2022"})}
        assert [each.last_call for each in applicants_of(tx, now)] == ["CQ23"]
        assert experts_of(tx)[0].service == (Service(form.uscc, "CQ23"),)
    assert review.verdicts(now) == [("ZJ000001", _no(review, case), "R-7", "excluded")]


@pytest.mark.clause("M24-7.3b")
def test_the_last_round_may_be_one_that_only_a_profile_tells_of(review: Review) -> None:
    form = SAMPLES[0]
    review.pool(
        {"service": f"{form.uscc}｜2021"},
        {"service": f"{form.uscc}｜2022年"},
        {"service": f"{form.uscc}｜B3"},
    )
    panel = review.panel(case := review.file(form))
    assert review.verdicts(panel) == [("ZJ000002", _no(review, case), "R-7", "excluded")]


@pytest.mark.clause("M24-7.3b")
def test_a_vote_on_record_does_not_make_up_for_what_a_profile_leaves_out(review: Review) -> None:
    review.pool({"service": ""}, {"service": f"{SAMPLES[0].uscc}｜2022"})
    _earlier_call(review)
    review.seat(review.panel(review.file(SAMPLES[1], call="CQ23"), state="released", call="CQ23"), "ZJ000001")
    panel = review.panel(case := review.file(SAMPLES[0]))
    known = ("ZJ000002", _no(review, case), "R-7", "excluded")
    assert review.verdicts(panel) == [("ZJ000001", EVERY_CASE, "R-7", "held"), known]
    review.decide(panel, expert="ZJ000001", case=EVERY_CASE, rule="R-7")
    assert review.verdicts(panel) == [("ZJ000001", EVERY_CASE, "R-7", "released"), known]


@pytest.mark.clause("M24-7.3b")
def test_a_human_releases_a_namesake_and_the_log_says_why(
    review: Review, applied: Callable[..., int]
) -> None:
    review.pool({"name": SAMPLES[0].contact.name})
    (case,) = review.cases(panel := applied())
    assert set(review.found(panel).barred.experts) == {"ZJ000001"}
    review.decide(panel, expert="ZJ000001", case=case, rule="R-3")
    after = review.found(panel)
    assert (dict(after.barred.experts), after.held) == ({}, ())
    with reading(review.desk.engine) as tx:
        (actor, name, clause, detail) = tx.rows(
            "SELECT actor, name, clause, detail FROM audit WHERE kind = 'recusal'"
        )[0]
        decisions = decisions_on(tx, panel)
        pseudonym = members(tx).pseudonyms["ZJ000001"]
    assert (actor, name, clause) == ("head:示例主任", "decide", "M24-7.3b")
    assert json.loads(detail) == {
        "panel": "B3-SJAQ-Z02", "expert": pseudonym, "case": case, "rule": "R-3", "verdict": "released",
        "reason": "经电话核实，非同一人",
    }  # fmt: skip
    assert [(each.verdict, each.by) for each in decisions] == [(Verdict.RELEASED, "head:示例主任")]
    assert verify(review.desk.engine).ok


@pytest.mark.clause("M24-7.3b")
def test_a_later_decision_takes_the_place_of_an_earlier_one(
    review: Review, applied: Callable[..., int]
) -> None:
    review.pool({"ties": ""})
    panel = applied()
    for verdict in (Verdict.RELEASED, Verdict.EXCLUDED):
        review.decide(panel, expert="ZJ000001", case=EVERY_CASE, rule="R-4", verdict=verdict)
    assert review.verdicts(panel) == [("ZJ000001", EVERY_CASE, "R-4", "excluded")]
    with reading(review.desk.engine) as tx:
        assert tx.one("SELECT count(*) FROM recusal_decision") == (1,)
        assert tx.one("SELECT count(*) FROM audit WHERE kind = 'recusal'") == (2,)


@pytest.mark.clause("M24-7.3b")
def test_a_decision_stands_for_the_evidence_it_was_taken_on(
    review: Review, applied: Callable[..., int]
) -> None:
    form = SAMPLES[0]
    review.pool({"name": form.contact.name})
    (case,) = review.cases(panel := applied())
    review.decide(panel, expert="ZJ000001", case=case, rule="R-3")
    renamed = form.model_copy(update={"institution": f"{form.institution}（更名）"})
    with transaction(review.desk.engine) as tx:
        case_id = (tx.one("SELECT id FROM cases") or (0,))[0]
        keep_form(tx, case_id, renamed, at=NOON, source="推荐表.docx")
    assert review.verdicts(panel) == [("ZJ000001", case, "R-3", "held")]


@pytest.mark.clause("M24-7.3b", "D-10")
def test_what_is_no_matter_of_opinion_is_not_decided(review: Review, applied: Callable[..., int]) -> None:
    form = SAMPLES[0]
    review.pool({"uscc": form.uscc, "employer": form.institution}, {})
    (case,) = review.cases(panel := applied())
    why = f"工作单位“{form.institution}”即申报单位"
    about = {"expert": "ZJ000001", "case": case, "rule": "R-1"}
    assert review.refusal(panel, **about) == (
        f"专家ZJ000001与申报{case}属于应当回避的情形（{why}），不能核定为无须回避；"
        "专家不足的，可决定按件回避并记录理由（D-10）。（M24-7.3b）"
    )
    assert review.refusal(panel, **about, verdict=Verdict.EXCLUDED) == (
        f"专家ZJ000001属于应当回避的情形（{why}），无须核定。（M24-7.3b）"
    )
    assert review.refusal(panel, expert="ZJ000002", case=case, rule="R-3") == (
        f"专家ZJ000002与申报{case}之间没有“申报表所列人员”的待核定情形，请刷新后再核定。（M24-7.3b）"
    )


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": " "}, "人工核定须写明理由和核定人。（M24-7.3b）"),
        ({"verdict": Verdict.HELD}, "人工核定应写明“回避”或“无须回避”。（M24-7.3b）"),
        ({"expert": "ZJ000009"}, "专家库中没有编号为“ZJ000009”的专家。（M24-7.3b）"),
        (
            {"by": Actor("示例审计", Role.AUDITOR)},
            (
                "回避情形只能由工程指导协调小组办公室、工程指导协调小组、办公室负责人核定，"
                "当前身份为审计人员。（M24-7.3b）"
            ),
        ),
    ],
)  # fmt: skip
def test_a_decision_needs_a_reason_a_right_and_somebody_to_decide_about(
    review: Review, applied: Callable[..., int], changes: dict[str, Any], told: str
) -> None:
    review.pool({"ties": ""})
    about = {"expert": "ZJ000001", "case": EVERY_CASE, "rule": "R-4", **changes}
    assert review.refusal(applied(), **about) == told


def test_nothing_is_decided_once_the_ballots_are_open(review: Review, applied: Callable[..., int]) -> None:
    review.pool({"ties": ""})
    panel = applied(state="opened")
    assert review.refusal(panel, expert="ZJ000001", case=EVERY_CASE, rule="R-4") == (
        "专家组B3-SJAQ-Z02的表决已开启或已结束，不能再核定回避。（M24-7.3b）"
    )


@pytest.mark.clause("M24-7.3b")
def test_an_accepted_objection_excludes_and_a_refused_one_does_not(
    review: Review, applied: Callable[..., int]
) -> None:
    review.pool({}, {})
    (case,) = review.cases(panel := applied())
    for expert, accepted in (("ZJ000001", True), ("ZJ000002", False)):
        with transaction(review.desk.engine) as tx:
            decide_objection(
                tx, panel, expert=expert, case=case, accepted=accepted, reason="有往来函件为证", by=HEAD, as_of=NOON
            )  # fmt: skip
    assert review.verdicts(panel) == [("ZJ000001", case, "R-8", "excluded")]
    assert review.verdicts(review.panel(_id(review, case))) == [("ZJ000001", case, "R-8", "excluded")]


def test_an_objection_is_about_a_case_of_the_panel(review: Review, applied: Callable[..., int]) -> None:
    review.pool({})
    panel = applied()
    with transaction(review.desk.engine) as tx, pytest.raises(Refused) as refused:
        decide_objection(
            tx, panel, expert="ZJ000001", case="B3-SJAQ-0099", accepted=True, reason="x", by=HEAD, as_of=NOON
        )  # fmt: skip
    assert str(refused.value) == "申报“B3-SJAQ-0099”不由专家组B3-SJAQ-Z02评议。（M24-7.3b）"


@pytest.mark.clause("D-10")
def test_recusal_per_case_leaves_the_expert_the_other_cases(
    review: Review, applied: Callable[..., int]
) -> None:
    form = SAMPLES[0]
    review.pool({"uscc": form.uscc, "employer": form.institution}, {"ties": ""})
    panel = applied(2, recusal="case")
    first, _ = review.cases(panel)
    found = review.found(panel).barred
    assert (set(found.experts), dict(found.cases)) == ({"ZJ000002"}, {first: frozenset({"ZJ000001"})})


@pytest.mark.clause("M24-7.3b")
def test_a_case_without_a_form_stops_the_question(review: Review, applied: Callable[..., int]) -> None:
    review.pool({})
    panel = applied()
    with transaction(review.desk.engine) as tx:
        tx.connection.execute(text("DELETE FROM filing"))
    with pytest.raises(Refused) as refused:
        review.found(panel)
    assert str(refused.value) == "申报B3-SJAQ-0001没有推荐表，无法核对回避，请先补录推荐表。（M24-7.3b）"


def test_the_form_filed_last_is_the_one_that_counts(review: Review, applied: Callable[..., int]) -> None:
    review.pool({"name": "示例新人"})
    form = SAMPLES[0]
    panel = applied()
    assert review.verdicts(panel) == []
    with transaction(review.desk.engine) as tx:
        changed = form.model_copy(update={"contact": form.contact.model_copy(update={"name": "示例新人"})})
        keep_form(tx, (tx.one("SELECT id FROM cases") or (0,))[0], changed, at=NOON, source="推荐表.docx")
    assert [rule for _, _, rule, _ in review.verdicts(panel)] == ["R-3"]


def _no(review: Review, case_id: int) -> str:
    with reading(review.desk.engine) as tx:
        return str((tx.one("SELECT no FROM cases WHERE id = ?", (case_id,)) or ("",))[0])


def _id(review: Review, no: str) -> int:
    with reading(review.desk.engine) as tx:
        return int((tx.one("SELECT id FROM cases WHERE no = ?", (no,)) or (0,))[0])


def _earlier_call(review: Review) -> None:
    open_call(review.desk, "CQ23", by=review.office, as_of=datetime(2023, 6, 2, 1, tzinfo=UTC))


@pytest.mark.clause("M24-7.3b", "M24-20c")
def test_an_institution_is_known_by_every_name_it_had_and_by_whoever_headed_it(review: Review) -> None:
    form = SAMPLES[0]
    old, new = review.pool(
        {"employment": f"{form.institution}｜无｜2019-01-01｜2024-03-31"},
        {"employment": "示例更名后中心｜无｜2019-01-01｜2024-03-31", "name": "示例新代表"},
    )
    panel = review.panel(review.file(form))
    assert [(each[0], each[2]) for each in review.verdicts(panel) if each[2] in ("R-3", "R-5")] == [
        (old, "R-5")
    ]
    with transaction(review.desk.engine) as tx:
        row = tx.one("SELECT id FROM institution WHERE uscc = ?", (form.uscc,))
        assert row is not None
        changes = (
            ("name", form.institution, "示例更名后中心"),
            ("legal_representative", form.legal_representative, "示例新代表"),
        )
        for field, before, after in changes:
            write_change(tx, row[0], field, before, after, by="group:示例", at=NOON)
    found = [(each[0], each[2]) for each in review.verdicts(panel) if each[2] in ("R-3", "R-5")]
    assert sorted(found) == [(old, "R-5"), (new, "R-3"), (new, "R-5")]
