"""Codes, numbers and addresses: what is wrong with one is said in words."""

import pytest

from states.forms.identities import identity_fault, mailbox_fault, phone_fault, uscc_fault
from states.forms.notes import CertificateClass, UnitType, certificate_classes_of, unit_type_of


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91110000600037341L", None),
        ("91110000600037342L", "校验码不符"),
        ("9111000060003734", "共16位，应为18位"),
        (
            "9111000060003734IL",
            "含有代码中不会出现的字符（前8位为数字，字母中没有I、O、S、V、Z）",
        ),
    ],
)
def test_a_credit_code_is_checked_to_its_last_digit(code, fault):
    assert uscc_fault(code) == fault


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("360426199101010071", None),
        ("360426199101010072", "校验码不符"),
        ("36042619910101007", "共17位，应为18位"),
        ("36042619910101007A", "校验码不符"),
        ("3604A6199101010071", "含有数字和末位X以外的字符"),
        ("810000198001010014", None),
    ],
)
def test_an_identity_number_is_checked_by_digit_and_birth_but_not_by_place(number, fault):
    assert identity_fault(number) == fault


def test_an_identity_number_with_a_birthday_that_never_was_is_wrong():
    assert identity_fault("110101199002300006") == "其中的出生日期不存在"


@pytest.mark.parametrize(
    ("address", "sound"),
    [
        ("contact@unit0001.example.cn", True),
        ("a.b-c+d@mail.example.cn", True),
        ("contact@example", False),
        ("contact＠example.cn", False),
        ("见附件", False),
        ("a@example.cn\nBcc: b@example.cn", False),
    ],
)
def test_a_mailbox_must_be_one_that_letters_can_reach(address, sound):
    assert (mailbox_fault(address) is None) is sound


@pytest.mark.parametrize(
    ("number", "sound"),
    [
        ("13800000000", True),
        ("010-12345678", True),
        ("02312345678", True),
        ("12345678-801", True),
        ("(010)12345678", True),
        ("400-800-1234", True),
        ("13800000000/010-12345678", True),
        ("138000", False),
        ("内线", False),
        ("", False),
    ],
)
def test_a_telephone_number_is_known_by_its_shape(number, sound):
    assert (phone_fault(number) is None) is sound


@pytest.mark.clause("B3-A")
@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("事业单位", UnitType.PUBLIC_INSTITUTION),
        ("公益二类事业单位", UnitType.PUBLIC_INSTITUTION),
        ("国有企业", UnitType.ENTERPRISE),
        ("有限责任公司", UnitType.ENTERPRISE),
        ("企业（国有）", UnitType.ENTERPRISE),
        ("民营 企业", UnitType.PRIVATE),
        ("集体企业", UnitType.COLLECTIVE),
        ("民非", UnitType.PRIVATE_NON_ENTERPRISE),
        ("社会服务机构", UnitType.PRIVATE_NON_ENTERPRISE),
        ("民办非企业单位", UnitType.PRIVATE_NON_ENTERPRISE),
        ("行业协会", UnitType.ASSOCIATION),
        ("社会团体", UnitType.ASSOCIATION),
        ("企业、事业单位", None),
        ("其他", None),
    ],
)
def test_a_unit_type_is_understood_as_people_write_it(text, unit):
    assert unit_type_of(text) == unit


@pytest.mark.clause("B3-A")
def test_certificate_classes_are_understood_several_at_a_time():
    assert certificate_classes_of("企业证书、升级改造的新型证书") == (
        CertificateClass.ENTERPRISE,
        CertificateClass.REFORMED,
    )
    assert certificate_classes_of("职业技能") == ()
