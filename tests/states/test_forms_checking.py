"""What keeps a filed form from becoming an application, and what is only pointed out."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from states.forms import (
    CertificateClass,
    EvaluationApplication,
    FormKind,
    Level,
    TrainingApplication,
    UnitType,
    application_from_json,
    check,
    form_of,
)

FILED = datetime(2024, 6, 10, 2, tzinfo=UTC)


def shared():
    values = {
        "occupation": "数据安全工程技术人员",
        "levels": (Level.JUNIOR, Level.SENIOR),
        "institution": "示例学会",
        "uscc": "91110000600037341L",
        "legal_representative": "赵示安",
        "legal_representative_id": "360426199101010071",
        "address": "示例市示例路1号",
        "unit_type": UnitType.ASSOCIATION,
        "industry": "教育",
        "registered_capital": Decimal(300),
        "staff": 40,
        "founded": date(2010, 5, 4),
        "taxes": [{"year": y, "amount": Decimal(1), "dishonest": False} for y in (2021, 2022, 2023)],
        "national_base": False,
        "industry_base": True,
        "provincial_base": False,
        "standard_developer": False,
        "profile": "示例。",
        "total_scale": 15000,
        "own_scale": 15000,
        "premises": [
            {
                "address": "示例路1号",
                "area": "100",
                "capacity": "50",
                "equipment_sets": "30",
                "equipment_value": "20万元",
            }
        ],
        "platform": "有。",
        "team": 20,
        "summary": "已开展。",
        "team_building": "机制。",
        "planned_junior": 300,
        "planned_senior": 200,
        "fee_junior": Decimal(400),
        "fee_senior": Decimal(800),
        "plan": "规划。",
        "signed_on": date(2024, 6, 3),
    }
    for person in ("responsible", "contact"):
        values |= {
            f"{person}_name": "钱示宁",
            f"{person}_phone": "13800000000",
            f"{person}_post": "主任",
            f"{person}_mailbox": f"{person}@example.cn",
        }
    return values


@pytest.fixture
def evaluation():
    return {
        **shared(),
        "conducts_evaluation": True,
        "issues_certificates": True,
        "certificate_classes": (CertificateClass.INDUSTRY,),
        "scale": [
            {"year": year, "certificate": "示例证书", "nature": "自有证书", "issued": 3000}
            for year in range(2019, 2024)
        ],
        "examiners": 15,
        "supervisors": 5,
        "people": [{"name": "孙示清", "employer": "示例大学", "title": "教授", "phone": "13900000000"}],
    }


@pytest.fixture
def training():
    return {
        **shared(),
        "scale": [{"year": year, "trained": 3000, "alone": 3000, "jointly": 0} for year in range(2019, 2024)],
        "full_time": 12,
        "part_time": 8,
        "people": [
            {
                "name": "孙示清",
                "employer": "示例大学",
                "title": "教授",
                "speciality": "计算机",
                "nature": "专职师资",
                "phone": "13900000000",
            }
        ],
    }


def judged(values, kind=FormKind.EVALUATION, call="B3"):
    return check(form_of(kind, call), values, as_of=FILED)


def told(values, kind=FormKind.EVALUATION):
    outcome = judged(values, kind)
    return [(problem.key, problem.blocks) for problem in outcome.problems]


@pytest.mark.clause("B3-A", "CQ23-A1", "B3-2.2")
def test_a_sound_form_of_either_kind_becomes_an_application(evaluation, training):
    assert (judged(evaluation).problems, type(judged(evaluation).application)) == ((), EvaluationApplication)
    outcome = judged(training, FormKind.TRAINING, "CQ23")
    assert (outcome.problems, type(outcome.application)) == ((), TrainingApplication)


def test_an_application_survives_being_kept_as_json(evaluation, training):
    for values, kind in ((evaluation, FormKind.EVALUATION), (training, FormKind.TRAINING)):
        application = judged(values, kind).application
        assert application_from_json(application.model_dump_json()) == application


def test_an_application_cannot_be_put_together_with_a_wrong_code_or_type(evaluation):
    application = judged(evaluation).application
    spoilt = application.model_dump() | {"uscc": "91110000600037342L", "staff": "40"}
    with pytest.raises(ValidationError) as refused:
        EvaluationApplication.model_validate(spoilt)
    assert [error["loc"] for error in refused.value.errors()] == [("uscc",), ("staff",)]


def test_an_application_does_not_show_an_identity_number(evaluation):
    assert "360426199101010071" not in repr(judged(evaluation).application)


def test_an_application_names_everyone_a_panel_must_not_know(evaluation):
    assert judged(evaluation).application.people_named == ("赵示安", "钱示宁", "孙示清")


def test_an_application_adds_up_each_year(evaluation):
    evaluation["scale"].append({"year": 2023, "certificate": "另一证书", "nature": "自有证书", "issued": 500})
    application = judged(evaluation | {"total_scale": 15500}).application
    assert application.yearly_scale == {2019: 3000, 2020: 3000, 2021: 3000, 2022: 3000, 2023: 3500}


@pytest.mark.clause("B3-A")
@pytest.mark.parametrize(
    "key", ["institution", "founded", "profile", "people", "signed_on", "standard_developer"]
)
def test_an_empty_field_blocks_and_is_named_as_printed(evaluation, key):
    del evaluation[key]
    field = form_of(FormKind.EVALUATION).field(key)
    outcome = judged(evaluation)
    assert [str(problem) for problem in outcome.problems] == [f"「{field.name}」没有填写，请补填（B3-A）"]
    assert outcome.application is None


@pytest.mark.clause("B3-A")
def test_a_long_answer_may_reach_its_limit_and_not_pass_it(evaluation):
    assert judged(evaluation | {"profile": "字" * 800}).problems == ()
    (problem,) = judged(evaluation | {"profile": "字 " * 823}).problems
    assert str(problem) == "「单位基本情况」共 823 字，限 800 字（空格和换行不计），请压缩后再报（B3-A）"


@pytest.mark.clause("CQ23-A1", "CQ23-A2")
@pytest.mark.parametrize(
    ("key", "limit"),
    [("profile", 800), ("platform", 300), ("summary", 500), ("team_building", 500), ("plan", 800)],
)
def test_every_limit_of_both_forms_holds(evaluation, training, key, limit):
    for values, kind in ((evaluation, FormKind.EVALUATION), (training, FormKind.TRAINING)):
        assert told(values | {key: "字" * limit}, kind) == []
        assert told(values | {key: "字" * (limit + 1)}, kind) == [(key, True)]


def test_a_wrong_identity_number_is_told_without_being_repeated(evaluation):
    (problem,) = judged(evaluation | {"legal_representative_id": "360426199101010072"}).problems
    assert str(problem) == "「法定代表人·身份证号」填写的号码校验码不符，请核对更正（B3-A）"


@pytest.mark.clause("B3-2.3")
def test_an_institution_cannot_be_founded_after_it_files(evaluation):
    assert told(evaluation | {"founded": date(2024, 6, 10)}) == []
    assert told(evaluation | {"founded": date(2024, 6, 11)}) == [("founded", True)]


def test_the_day_of_filing_is_the_day_in_shanghai(evaluation):
    late = datetime(2024, 6, 10, 16, 30, tzinfo=UTC)
    form = form_of(FormKind.EVALUATION)
    assert check(form, evaluation | {"founded": date(2024, 6, 11)}, as_of=late).problems == ()


@pytest.mark.clause("B3-2.4")
def test_a_commitment_cannot_be_signed_after_it_is_filed(evaluation):
    assert told(evaluation | {"signed_on": date(2024, 6, 11)}) == [("signed_on", True)]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("total_scale", 14000, [("total_scale", False), ("own_scale", False)]),
        ("own_scale", 15001, [("own_scale", False)]),
        ("team", 21, [("team", False)]),
        ("team", 14, [("team", False)]),
        ("team", 17, []),
        ("planned_intermediate", 300, [("planned_intermediate", False)]),
        ("planned_senior", None, [("planned_senior", True)]),
        ("fee_junior", None, [("fee_junior", True)]),
        ("certificate_classes", (), [("certificate_classes", True)]),
        ("contact_mailbox", "见附件", [("contact_mailbox", True)]),
        ("contact_phone", "内线", [("contact_phone", False)]),
        ("recommended_on", date(2025, 1, 1), [("recommended_on", False)]),
        ("conducts_evaluation", False, [("conducts_evaluation", False)]),
        ("scale", [], [("scale", True)]),
    ],
)
def test_fields_are_held_against_each_other(evaluation, key, value, expected):
    assert told(evaluation | {key: value}) == expected


def test_who_conducts_no_evaluation_needs_no_numbers_of_it(evaluation):
    nothing = {"conducts_evaluation": False, "issues_certificates": False, "scale": [], "total_scale": 0}
    assert told(evaluation | nothing | {"own_scale": 0, "certificate_classes": ()}) == []


@pytest.mark.parametrize(
    ("key", "years", "expected"),
    [
        ("scale", [2018, 2020, 2021, 2022, 2023], [("scale", False)]),
        ("scale", [2020, 2021, 2022, 2023, 2024], []),
        ("scale", [2021, 2022, 2023, 2024, 2025], [("scale", True)]),
        ("taxes", [2022, 2023, 2024], []),
        ("taxes", [2020, 2021, 2022], [("taxes", False)]),
        ("taxes", [2022, 2023], [("taxes", False)]),
        ("taxes", [2021, 2022, 2022], [("taxes", False)]),
        ("taxes", [2023, 2024, 2025], [("taxes", True)]),
    ],
)
def test_years_outside_the_printed_span_are_pointed_out_and_future_ones_block(
    evaluation, key, years, expected
):
    rows = [{**evaluation[key][0], "year": year} for year in years]
    assert told(evaluation | {key: rows}) == expected


@pytest.mark.clause("CQ23-A1")
def test_a_training_form_must_add_up_too(training):
    assert told(training | {"team": 21}, FormKind.TRAINING) == [("team", False)]
    odd = [{**row, "jointly": 1} for row in training["scale"][:1]] + training["scale"][1:]
    assert told(training | {"scale": odd}, FormKind.TRAINING) == [("scale", False)]


def test_problems_come_in_the_order_of_the_form(evaluation):
    spoilt = evaluation | {"plan": "", "uscc": "1", "team": 99, "profile": ""}
    assert [key for key, _ in told(spoilt)] == ["uscc", "profile", "team", "plan"]


def test_one_fault_is_told_once(evaluation):
    del evaluation["levels"]
    del evaluation["planned_junior"]
    assert told(evaluation) == [("levels", True)]
