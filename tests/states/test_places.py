"""Recommending offices are found however people write them."""

import pytest

from states.places import DEPARTMENTS, OFFICES, PROVINCES, find, province_of
from states.refusals import Refused


@pytest.mark.clause("B3-4.1", "M24-7.2a")
def test_there_are_32_provincial_offices_and_some_departments() -> None:
    assert (len(PROVINCES), len(OFFICES)) == (32, 32 + len(DEPARTMENTS))
    assert [office.code for office in DEPARTMENTS] == [f"D{n:02}" for n in range(1, len(DEPARTMENTS) + 1)]
    assert all(office.code == f"P{office.region}" for office in PROVINCES)


@pytest.mark.parametrize(
    "text",
    [
        "P50",
        "p50",
        "50",
        "重庆",
        "重庆市",
        " 重 庆 市 ",
        "重庆市人力资源和社会保障局",
        "重庆市人力资源社会保障局",
        "重庆市人力社保局",
        "重庆市人社局",
        "Ｐ５０",
    ],
)
def test_chongqing_is_found_by_every_name(text: str) -> None:
    assert find(text).code == "P50"


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("海南", "P46", "中共海南省委人才发展局"),
        ("新疆生产建设兵团", "P66", "新疆生产建设兵团人力资源和社会保障局"),
        ("兵团", "P66", "新疆生产建设兵团人力资源和社会保障局"),
        ("新疆", "P65", "新疆维吾尔自治区人力资源和社会保障厅"),
        ("内蒙古", "P15", "内蒙古自治区人力资源和社会保障厅"),
        ("工信部", "D01", "工业和信息化部人事教育司"),
        ("工业和信息化部", "D01", "工业和信息化部人事教育司"),
    ],
)
def test_an_office_has_its_own_name(text: str, code: str, name: str) -> None:
    assert (find(text).code, find(text).name) == (code, name)


def test_every_name_means_one_office() -> None:
    assert [
        find(word) for office in OFFICES.values() for word in (office.code, office.name, office.full)
    ] == [office for office in OFFICES.values() for _ in range(3)]


@pytest.mark.clause("B3-4.1")
def test_an_unknown_office_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        find("重庆市人力资源局")
    assert str(refused.value) == (
        "没有推荐单位“重庆市人力资源局”，是否为“重庆市人力资源和社会保障局”（P50）；请填写推荐单位代码或全称（B3-4.1）"
    )


def test_nothing_like_an_office_gets_no_suggestion() -> None:
    with pytest.raises(Refused) as refused:
        find("???")
    assert refused.value.sentence == "没有推荐单位“???”；请填写推荐单位代码或全称"


def test_a_region_code_leads_to_its_province() -> None:
    assert province_of("500112").code == "P50"
    with pytest.raises(Refused, match="行政区划代码“990000”不属于任何省份"):
        province_of("990000")


@pytest.mark.clause("B3-4.1", "M24-3.2")
def test_the_provincial_offices_are_those_the_notices_are_addressed_to() -> None:
    bureaus = {"11": "北京市", "12": "天津市", "31": "上海市", "50": "重庆市", "66": "新疆生产建设兵团"}
    departments = {
        "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省", "22": "吉林省", "23": "黑龙江省",
        "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省",
        "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "51": "四川省",
        "52": "贵州省", "53": "云南省", "54": "西藏自治区", "61": "陕西省", "62": "甘肃省", "63": "青海省",
        "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
    }  # fmt: skip
    assert {office.region: office.name for office in PROVINCES} == {
        **{region: f"{full}人力资源和社会保障局" for region, full in bureaus.items()},
        **{region: f"{full}人力资源和社会保障厅" for region, full in departments.items()},
        "46": "中共海南省委人才发展局",
    }
