"""What the fields of a form must be among themselves: totals, years, levels against plan numbers."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from states.forms.closing_section import LEVEL_KEYS
from states.forms.fields import Form, FormKind
from states.forms.problems import Problem

Values = Mapping[str, Any]


def cross_problems(form: Form, values: Values, today: date, reported: set[str]) -> list[Problem]:
    """Problems between fields, on the Shanghai day `today`.

    A check whose fields are missing, or already `reported`, is silent: one fault is told once.
    """
    known = {key: value for key, value in values.items() if key not in reported}
    checks = (
        _founded(known, today),
        _signed(known, today),
        _tax_years(known, today),
        _scale_years(known, today),
        _levels(known),
        _evaluation(known) if form.kind is FormKind.EVALUATION else _training(known),
    )
    return [
        Problem(key, form.field(key).name, sentence, form.clause, blocks)
        for found in checks
        for key, sentence, blocks in found
        if key not in reported
    ]


Found = Iterator[tuple[str, str, bool]]


def _founded(values: Values, today: date) -> Found:
    if "founded" in values and values["founded"] > today:
        yield "founded", f"「单位成立时间」{values['founded']}晚于申报当日{today}，请更正", True


def _signed(values: Values, today: date) -> Found:
    if "signed_on" in values and values["signed_on"] > today:
        yield "signed_on", f"「承诺·签署日期」{values['signed_on']}晚于申报当日{today}，请更正", True
    if "recommended_on" in values and values["recommended_on"] > today:
        yield "recommended_on", f"「推荐日期」{values['recommended_on']}晚于申报当日{today}，请核对", False


def _tax_years(values: Values, today: date) -> Found:
    years = [row["year"] for row in values.get("taxes", ())]
    if not years:
        return
    label = "「近三年纳税情况」"
    if late := sorted({year for year in years if year > today.year}):
        yield "taxes", f"{label}填有尚未到来的年份{_listed(late)}，请更正", True
    elif early := sorted({year for year in years if year < today.year - 3}):
        yield "taxes", f"{label}填有近三年以外的年份{_listed(early)}，请核对", False
    elif repeated := sorted(year for year, times in Counter(years).items() if times > 1):
        yield "taxes", f"{label}重复填写了{_listed(repeated)}年，请核对", False
    elif len(years) < 3:
        yield "taxes", f"{label}只填了{len(years)}年，应为3年，成立不满3年的请说明", False


def _scale_years(values: Values, today: date) -> Found:
    years = {row["year"] for row in values.get("scale", ())}
    label = "近5年规模"
    if late := sorted(year for year in years if year > today.year):
        yield "scale", f"「{label}」填有尚未到来的年度{_listed(late)}，请更正", True
    elif early := sorted(year for year in years if year < today.year - 5):
        yield "scale", f"「{label}」填有近5年以外的年度{_listed(early)}，请核对", False


def _levels(values: Values) -> Found:
    chosen = values.get("levels", ())
    if not chosen:
        return
    for level, key in LEVEL_KEYS.items():
        planned, fee = f"planned_{key}", f"fee_{key}"
        if level in chosen:
            if values.get(planned) is None:
                yield planned, f"申报了{level}，但年度计划人数的{level}一格没有填写，请补填", True
            if values.get(fee) is None:
                yield fee, f"申报了{level}，但费用的{level}一格没有填写，请补填", True
        elif values.get(planned):
            yield planned, f"没有申报{level}，却填写了{level}的年度计划人数，请核对申报等级", False


def _sum_differs(values: Values, key: str, label: str, total: int) -> Found:
    if key in values and values[key] != total:
        yield key, f"「{label}」填写{values[key]}，与各年度合计{total}不符，请核对", False


def _own_within(values: Values, own: str, total: str) -> Found:
    if {"own_scale", "total_scale"} <= values.keys() and values["own_scale"] > values["total_scale"]:
        yield (
            "own_scale",
            f"「{own}」{values['own_scale']}大于「{total}」{values['total_scale']}，请核对",
            False,
        )


def _evaluation(values: Values) -> Found:
    rows = values.get("scale", ())
    if rows:
        yield from _sum_differs(values, "total_scale", "总规模", sum(row["issued"] for row in rows))
    yield from _own_within(values, "其中自有证书规模", "总规模")
    if not rows and values.get("conducts_evaluation") is not False:
        yield "scale", "「近5年开展考核评价规模（人次）」没有填写，请补填", True
    if values.get("conducts_evaluation") is False and rows:
        yield "conducts_evaluation", "「是否开展评价」填“否”，却填写了考核评价规模，请核对", False
    if values.get("issues_certificates") and not values.get("certificate_classes"):
        yield "certificate_classes", "「证书类别」没有填写，已颁发证书的请按注3所列类别填写", True
    if {"team", "examiners", "supervisors"} <= values.keys():
        team, parts = values["team"], (values["examiners"], values["supervisors"])
        # One person may be both an examiner and a supervisor, so only these bounds are sure.
        if not max(parts) <= team <= sum(parts):
            sentence = f"「考评团队总人数」{team}与考评员{parts[0]}人、督导员{parts[1]}人不符，请核对"
            yield "team", sentence, False


def _training(values: Values) -> Found:
    rows = values.get("scale", ())
    if rows:
        yield from _sum_differs(values, "total_scale", "培训总规模", sum(row["trained"] for row in rows))
        yield from _sum_differs(values, "own_scale", "其中独立培训规模", sum(row["alone"] for row in rows))
        for row in rows:
            if row["trained"] != row["alone"] + row["jointly"]:
                sentence = f"「近5年培训规模」{row['year']}年的培训人数不等于独立与合作人数之和，请核对"
                yield "scale", sentence, False
    yield from _own_within(values, "其中独立培训规模", "培训总规模")
    if {"team", "full_time", "part_time"} <= values.keys():
        team, full, part = values["team"], values["full_time"], values["part_time"]
        if team != full + part:
            yield "team", f"「师资团队总人数」{team}不等于专职{full}人与兼职{part}人之和，请核对", False


def _listed(years: list[int]) -> str:
    return "、".join(map(str, years))
