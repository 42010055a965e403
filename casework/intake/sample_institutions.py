"""One invented institution and the application it files: sound, complete, and plainly an example."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from random import Random
from typing import Any

from casework.intake.sample_identities import (
    credit_code,
    identity_number,
    institution_name,
    person_name,
    phone_number,
)
from casework.intake.sample_texts import long_answer
from states.forms import (
    Application,
    CertificateClass,
    Commitment,
    EvaluationApplication,
    EvaluationYear,
    FormKind,
    Level,
    Person,
    Premises,
    QuestionSetter,
    Recommendation,
    TaxYear,
    Teacher,
    TrainingApplication,
    TrainingYear,
    UnitType,
)
from states.occupations import Occupation
from states.places import Office

_INDUSTRIES = ("软件和信息技术服务业", "专业技术服务业", "教育", "互联网和相关服务", "科技推广和应用服务业")
_POSTS = ("主任", "副主任", "部长", "秘书长", "项目经理")
_TITLES = ("教授", "副教授", "高级工程师", "正高级工程师", "研究员")


def invented_application(
    random: Random, kind: FormKind, *, number: int, occupation: Occupation, office: Office, day: date
) -> Application:
    """A sound application for `occupation`, signed at most ten days before `day`.

    Founded before 2018 and above 2,000 person-times in every year, so that no call's general conditions are
    missed. `office` gives the place; `number` keeps names and mailboxes apart.
    """
    unit = random.choice(list(UnitType))
    place = office.short if office.kind == "province" else "部属"
    name = institution_name(random, place, occupation.name, unit)
    levels = _levels(random)
    legal = person_name(random)
    years = [day.year - back for back in range(5, 0, -1)]
    signed = day - timedelta(days=random.randrange(1, 11))
    shared: dict[str, Any] = {
        "occupation": occupation.title,
        "levels": levels,
        "institution": name,
        "uscc": credit_code(random, unit, office.region),
        "legal_representative": legal,
        "legal_representative_id": identity_number(random),
        "address": f"{office.full if office.region else '北京市'}示例区示例路{random.randrange(1, 300)}号",
        "unit_type": unit,
        "industry": random.choice(_INDUSTRIES),
        "registered_capital": Decimal(random.randrange(50, 8_000)),
        "staff": random.randrange(20, 600),
        "founded": date(2000, 1, 1) + timedelta(days=random.randrange(17 * 365)),
        "taxes": tuple(
            TaxYear(year=year, amount=Decimal(random.randrange(0, 90_000)) / 100, dishonest=False)
            for year in years[-3:]
        ),
        "national_base": random.randrange(8) == 0,
        "industry_base": random.randrange(5) == 0,
        "provincial_base": random.randrange(3) == 0,
        "standard_developer": random.randrange(6) == 0,
        "responsible": _person(random, f"office@unit{number:04d}.example.cn"),
        "contact": _person(random, f"contact@unit{number:04d}.example.cn"),
        "profile": long_answer(random, "profile", occupation.name, 800),
        "premises": tuple(_premises(random) for _ in range(random.randrange(1, 4))),
        "platform": long_answer(random, "platform", occupation.name, 300),
        "summary": long_answer(random, "summary", occupation.name, 500),
        "team_building": long_answer(random, "team_building", occupation.name, 500),
        "planned": {level: random.randrange(3, 30) * 100 for level in levels},
        "fees": {level: Decimal(random.randrange(4, 20) * 100) for level in levels},
        "plan": long_answer(random, "plan", occupation.name, 800),
        "commitment": Commitment(sealed_by=name, signatory=legal, signed_on=signed),
        "recommendation": _recommendation(random, office, day),
    }
    if kind is FormKind.TRAINING:
        return _training(random, years, shared)
    return _evaluation(random, years, shared)


def _evaluation(random: Random, years: list[int], shared: dict[str, Any]) -> EvaluationApplication:
    own = random.randrange(2) == 0
    scale = tuple(
        EvaluationYear(
            year=year,
            certificate="示例技术能力证书" if own else "示例行业水平证书",
            nature="自有证书" if own else "其它机构证书",
            issued=random.randrange(2_100, 9_000),
        )
        for year in years
    )
    total = sum(row.issued for row in scale)
    examiners, supervisors = random.randrange(12, 60), random.randrange(4, 16)
    return EvaluationApplication(
        **shared,
        conducts_evaluation=True,
        issues_certificates=True,
        scale=scale,
        total_scale=total,
        own_scale=total if own else 0,
        certificate_classes=random.choice(list(combinations(CertificateClass, 2)))[: random.randrange(1, 3)],
        team=examiners + supervisors,
        examiners=examiners,
        supervisors=supervisors,
        people=tuple(
            QuestionSetter(
                name=person_name(random),
                employer=f"示例大学{random.choice(('计算机学院', '自动化学院', '网络空间安全学院'))}",
                title=random.choice(_TITLES),
                phone=phone_number(random),
            )
            for _ in range(random.randrange(2, 6))
        ),
    )


def _training(random: Random, years: list[int], shared: dict[str, Any]) -> TrainingApplication:
    scale = []
    for year in years:
        alone, jointly = random.randrange(2_100, 6_000), random.randrange(0, 900)
        scale.append(TrainingYear(year=year, trained=alone + jointly, alone=alone, jointly=jointly))
    full, part = random.randrange(10, 60), random.randrange(5, 40)
    return TrainingApplication(
        **shared,
        scale=tuple(scale),
        total_scale=sum(row.trained for row in scale),
        own_scale=sum(row.alone for row in scale),
        team=full + part,
        full_time=full,
        part_time=part,
        people=tuple(
            Teacher(
                name=person_name(random),
                employer="示例职业技术学院信息工程系",
                title=random.choice(_TITLES),
                speciality="计算机科学与技术",
                nature=random.choice(("专职师资", "兼职师资")),
                phone=phone_number(random),
            )
            for _ in range(random.randrange(2, 6))
        ),
    )


def _levels(random: Random) -> tuple[Level, ...]:
    every = tuple(Level)
    return random.choice((every, every, every[:2], every[:1], every[1:]))


def _person(random: Random, mailbox: str) -> Person:
    return Person(
        name=person_name(random), phone=phone_number(random), post=random.choice(_POSTS), mailbox=mailbox
    )


def _premises(random: Random) -> Premises:
    return Premises(
        address=f"示例路{random.randrange(1, 300)}号{random.randrange(1, 9)}层",
        area=f"{random.randrange(3, 40) * 100}平方米",
        capacity=str(random.randrange(5, 60) * 10),
        equipment_sets=str(random.randrange(30, 400)),
        equipment_value=f"{random.randrange(20, 900)}万元",
    )


def _recommendation(random: Random, office: Office, day: date) -> Recommendation:
    if random.randrange(3):
        return Recommendation()
    return Recommendation(
        reason="经审核，申报材料真实完整，该单位在本地区示例领域有一定影响，同意推荐。",
        recommender=office.name,
        head=person_name(random),
        recommended_on=day - timedelta(days=1),
        contact=person_name(random),
        phone=phone_number(random),
    )
