"""The same questions put to all four texts: each answers with its own clause, and asks what its own words ask."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from casework.intake.samples import sample_applications
from states.checked import Process
from states.declaration import Move
from states.eligibility import Finding, examine, unsigned
from states.forms import Application, EvaluationYear, TaxYear, TrainingYear
from states.grounds import GROUNDS, REMOVE
from states.labels import MATERIALS
from states.places import find
from states.process import build
from states.roles import Role
from states.rulebook import TrackRules, call_rules

PAPERS = ("registration_certificate", "credit_record")


@dataclass(frozen=True)
class Text:
    """One text for one track: its rules, a moment at which it takes applications, and the years a form fills."""

    call: str
    track: str
    noon: datetime

    @property
    def rules(self) -> TrackRules:
        return call_rules(self.call).track(self.track)

    @property
    def process(self) -> Process:
        return _process(self.call, self.track)

    def sound(self) -> Application:
        return _sound(self.call, self.track)

    def found(self, *, papers: tuple[str, ...] = PAPERS, **changes: Any) -> list[Finding]:
        application = self.sound().model_copy(update=changes)
        return examine(application, self.rules, as_of=self.noon, channel=find("P50"), materials=papers)

    def clauses(self, **changes: Any) -> list[tuple[str, bool]]:
        """The clause of everything found, and whether it blocks."""
        return [(each.clause, each.blocks) for each in self.found(**changes)]

    def scale(self, *counts: int) -> dict[str, Any]:
        """Person-times of the last years, as this track's form asks for them."""
        years = range(self.noon.year - len(counts), self.noon.year)
        if self.track == "training":
            rows: tuple[Any, ...] = tuple(
                TrainingYear(year=year, trained=count, alone=count, jointly=0)
                for year, count in zip(years, counts, strict=True)
            )
        else:
            rows = tuple(
                EvaluationYear(year=year, certificate="示例证书", nature="自有证书", issued=count)
                for year, count in zip(years, counts, strict=True)
            )
        return {"scale": rows}


@cache
def _sound(call: str, track: str) -> Application:
    made = sample_applications(40, call_rules=call_rules(call), seed=1, track=track)
    return next(each.application for each in made if each.fate.name == "FILED")


@cache
def _process(call: str, track: str) -> Process:
    return build(call_rules(call).track(track))


I21 = [Text("I21", track, datetime(2022, 4, 1, 4, tzinfo=UTC)) for track in ("evaluation", "training")]
CQ23 = [Text("CQ23", track, datetime(2023, 6, 10, 4, tzinfo=UTC)) for track in ("evaluation", "training")]
B3 = [Text("B3", "evaluation", datetime(2024, 6, 10, 4, tzinfo=UTC))]
M24 = [Text("M24", track, datetime(2025, 4, 1, 4, tzinfo=UTC)) for track in ("evaluation", "training")]
EVERY = [*I21, *CQ23, *B3, *M24]
STANDING = {"I21": "I21-4.2.1", "CQ23": "CQ23-2.1", "B3": "B3-2.1", "M24": "M24-6.1"}
STRENGTH = {"I21": "I21-4.2.2", "CQ23": "CQ23-2.2", "B3": "B3-2.2", "M24": "M24-6.2"}
EXPERIENCE = {"I21": "I21-4.2.3", "CQ23": "CQ23-2.3", "B3": "B3-2.3", "M24": "M24-6.3"}
SUPERVISION = {"I21": "I21-4.2.4", "CQ23": "CQ23-2.4", "B3": "B3-2.4", "M24": "M24-6.4"}


def named(text: Text) -> str:
    return f"{text.call} {text.track}"


def each_text(texts: list[Text]) -> Any:
    return pytest.mark.parametrize("text", texts, ids=named)


@each_text(EVERY)
def test_a_sound_application_meets_every_condition(text: Text) -> None:
    assert text.found() == []


@pytest.mark.clause("I21-4.2.1", "CQ23-2.1", "B3-2.1", "M24-6.1")
@each_text(EVERY)
def test_a_bad_record_blocks(text: Text) -> None:
    last = text.noon.year - 1
    taxes = (TaxYear(year=last, amount=Decimal(1), dishonest=True),)
    assert text.clauses(taxes=taxes) == [(STANDING[text.call], True)]


@pytest.mark.clause("I21-4.2.2", "CQ23-2.2", "B3-2.2", "M24-6.2")
@each_text(EVERY)
def test_without_staff_of_its_own_nobody_has_the_strength(text: Text) -> None:
    team = "team" if text.track == "training" else "examiners"
    for none in ({"staff": 0}, {team: 0}):
        assert text.clauses(**none) == [(STRENGTH[text.call], True)]


@pytest.mark.clause("I21-4.2.3", "CQ23-2.3", "B3-2.3", "M24-6.3")
@each_text(EVERY)
def test_two_thousand_a_year_is_a_general_rule_that_only_asks_for_words(text: Text) -> None:
    assert text.clauses(**text.scale(*[2000] * 5)) == []
    assert text.clauses(**text.scale(*[2000] * 4, 1999)) == [(EXPERIENCE[text.call], False)]


@pytest.mark.clause("I21-4.2.3", "M24-6.3")
@each_text([*I21, *M24])
def test_the_measures_ask_for_five_years_of_experience(text: Text) -> None:
    five_years_ago = text.noon.date().replace(year=text.noon.year - 5)
    assert text.clauses(founded=five_years_ago) == []
    a_day_short = date.fromordinal(five_years_ago.toordinal() + 1)
    assert (EXPERIENCE[text.call], False) in text.clauses(founded=a_day_short)


@pytest.mark.clause("CQ23-2.3", "B3-2.3")
@pytest.mark.parametrize(
    ("text", "cut_off"),
    [*((each, date(2018, 12, 31)) for each in CQ23), (B3[0], date(2019, 12, 31))],
    ids=lambda value: named(value) if isinstance(value, Text) else str(value),
)
def test_the_notices_name_a_day_of_registration_instead(text: Text, cut_off: date) -> None:
    assert text.clauses(founded=cut_off) == []
    assert text.clauses(founded=date.fromordinal(cut_off.toordinal() + 1)) == [(EXPERIENCE[text.call], False)]


@pytest.mark.clause("I21-4.2.4", "CQ23-2.4", "B3-2.4", "M24-6.4")
@each_text(EVERY)
def test_who_does_not_promise_to_be_supervised_is_not_received(text: Text) -> None:
    refusal = unsigned(text.rules)
    assert (refusal.clause, refusal.blocks) == (SUPERVISION[text.call], True)


@pytest.mark.clause("I21-3.1", "CQ23-1.2")
@each_text(EVERY)
def test_an_occupation_has_three_levels_and_an_application_names_some_of_them(text: Text) -> None:
    assert text.rules.levels.value == ("初级", "中级", "高级")
    assert text.rules.levels.clause == ("CQ23-1.2" if text.call == "CQ23" else "I21-3.1")
    assert text.found(levels=("初级",)) == text.found(levels=("初级", "中级", "高级")) == []
    (refused,) = text.found(levels=("初级", "技师"))
    assert (refused.clause, refused.blocks) == (text.rules.levels.clause, True)
    assert refused.sentence.endswith("不设技师，可申报的等级有初级、中级、高级")


@pytest.mark.clause("CQ23-3", "B3-3")
@pytest.mark.parametrize(
    "missing", [PAPERS, ("credit_record",), ("registration_certificate",)], ids="、".join
)
@each_text([*CQ23, *B3])
def test_the_notices_name_three_papers_and_say_which_is_missing(text: Text, missing: tuple[str, ...]) -> None:
    (refused,) = text.found(papers=tuple(each for each in PAPERS if each not in missing))
    assert (refused.clause, refused.blocks) == (f"{text.call}-3", True)
    said = {kind for kind in PAPERS if MATERIALS[kind] in refused.sentence}
    assert said == set(missing)


# Who recommends, reviews, decides.


def made_by(text: Text, stage: str, move: str) -> set[Role]:
    return set(text.process.move(stage, move).by)


@pytest.mark.clause("I21-2.3", "I21-4.4")
@each_text(I21)
def test_under_the_measures_of_2021_office_centre_and_group_have_their_steps(text: Text) -> None:
    held = {key: stage.holder.role for key, stage in text.process.stages.items() if stage.holder}
    assert {
        stage: held[stage] for stage in ("recommended", "initial_review", "audit", "decision", "publicity")
    } == {
        "recommended": Role.OFFICE,
        "initial_review": Role.OFFICE,
        "audit": Role.OFFICE,
        "decision": Role.GROUP,
        "publicity": Role.OFFICE,
    }
    assert made_by(text, "expert_review", "record_result") == {Role.PANEL, Role.CENTRE}
    assert made_by(text, "audit", "approve_result") == {Role.OFFICE}
    assert made_by(text, "decision", "publicise") == {Role.GROUP}
    rules = text.rules
    assert (rules.publisher.value, rules.publisher.clause) == ("office", "I21-2.3")
    assert (rules.publication.value, rules.publication.clause) == (("osta", "platform"), "I21-4.5")


@pytest.mark.clause("CQ23-4.1", "CQ23-4.2", "B3-4.2", "I21-4.4", "M24-7.2a")
@each_text(EVERY)
def test_a_recommendation_names_its_letter_and_a_refusal_its_reason(text: Text) -> None:
    stage = text.process.stages["submitted"]
    by_hand: dict[str, Move] = {move.name: move for move in stage.moves}
    recommend, decline = by_hand["recommend"], by_hand["decline"]
    own = {"I21": "I21-4.4", "CQ23": "CQ23-4.2", "B3": "B3-4.2", "M24": "M24-7.2a"}[text.call]
    assert (recommend.clause, decline.clause) == (own, own)
    assert (recommend.by, decline.by) == (frozenset({Role.RECOMMENDER}), frozenset({Role.RECOMMENDER}))
    assert [(ask.key, ask.required) for ask in recommend.asks] == [("letter_no", True), ("letter_date", True)]
    assert [(ask.key, ask.required) for ask in decline.asks] == [("reason", True)]
    assert (recommend.tells, decline.tells) == ((Role.APPLICANT,), (Role.APPLICANT,))


# What is forbidden.


@pytest.mark.clause("M24-17", "M24-18", "M24-19", "M24-20a", "M24-21", "I21-6.3")
@pytest.mark.parametrize(
    ("clause", "acts"),
    [
        ("M24-17", ("跨地区", "超越职能范围", "走过场", "乱收费、高收费", "虚假培训广告", "培训贷", "包就业", "转包、转让")),
        ("M24-18", ("变相开展资格许可", "超越职能范围", "走过场", "乱收费、高收费", "虚假评价广告", "转包、转让",
                    "参与本职业培训")),
        ("M24-19", ("谁发证、谁负责", "禁用的字样", "国徽")),
        ("M24-20a", ("不按办法", "达不到")),
        ("M24-21", ("弄虚作假", "虚报冒领", "骗取")),
        ("I21-6.3", ("违反管理规定", "虚假广告", "培训贷", "夸大", "转包、转让")),
    ],
)  # fmt: skip
def test_every_act_the_article_forbids_is_a_ground_and_nothing_else_is(
    clause: str, acts: tuple[str, ...]
) -> None:
    """One word of each act, in the order of the article."""
    grounds = [each for each in GROUNDS.values() if each.clause == clause]
    assert [(act, act in each.words) for act, each in zip(acts, grounds, strict=True)] == [
        (act, True) for act in acts
    ]
    removes = {each.severity == REMOVE for each in grounds}
    assert removes == {clause in ("M24-21", "I21-6.3")}
