"""What may change of an institution, and what a value may look like (M24-20c)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.particulars import PARTICULARS, read_values
from states.refusals import Refused

pytestmark = pytest.mark.clause("M24-20c")

NOW = {
    "name": "示例机构（重庆）有限公司",
    "address": "重庆市示例区示例路1号",
    "contact_mail": "a@example.cn",
}
IDENTITY = "110101199003070070"


def refused(stated: dict[str, str]) -> str:
    with pytest.raises(Refused) as refusal:
        read_values(stated, NOW)
    return str(refusal.value)


def test_values_come_by_key_or_label_in_one_order() -> None:
    stated = {"公开联系电话": " 010-84200000 ", "name": "示例新名称中心"}
    assert list(read_values(stated, NOW).items()) == [("name", "示例新名称中心"), ("phone", "010-84200000")]


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({}, "没有填写要变更的内容，可以变更的有：单位名称（name）、"),
        ({"nmae": "示例新名称"}, "没有可以变更的项目“nmae”，是否应为“name”？"),
        ({"name": " "}, "“单位名称”是空的"),
        ({"name": "示例机构(重庆) 有限公司"}, "“单位名称”与现登记的相同，无须变更"),
        ({"name": "示例新名称", "单位名称": "示例新名称"}, "“单位名称”填写了两次"),
        ({"name": "示例" * 51}, "“单位名称”过长（102字），限100字。"),
        ({"name": "示例\u202e名称"}, "“单位名称”含有换行、不可见字符或不允许的符号"),
        ({"name": "示例名称\nBcc: x"}, "“单位名称”含有换行、不可见字符或不允许的符号"),
        ({"name": "<script>示例</script>"}, "“单位名称”含有换行、不可见字符或不允许的符号"),
        ({"name": "@示例新名称"}, "“单位名称”不能以“@”开头"),
        ({"name": "Example"}, "“单位名称”“Example”应为登记机关核准的中文全称。"),
        ({"phone": "13800138000"}, "“公开联系电话”“13800138000”是手机号码"),
        ({"phone": "010-84200000、138 0013 8000"}, "“公开联系电话”“010-84200000、138 0013 8000”是手机号码"),
        ({"phone": "电话"}, "“公开联系电话”“电话”不像是电话号码。"),
        ({"mailbox": "office"}, "“公开电子邮箱”“office”不是有效的电子邮箱地址。"),
        ({"address": "重庆市示例路2号，李示例13800138000"}, "“单位地址”“重庆市示例路2号，李示例13800138000”含有手机号码"),
        ({"address": f"重庆市示例路2号{IDENTITY}"}, "“单位地址”中含有居民身份证号"),
        ({"contact_mobile": "010-84200000"}, "“联系人手机”应为11位手机号码。"),
        ({"contact_mail": "A@example.cn"}, "“接收通知的邮箱”与现登记的相同"),
        ({"legal_representative": "李示例"}, "变更法定代表人须同时填写其身份证号"),
        ({"legal_representative": "李示例", "legal_representative_id": "110101199003070071"}, "“法定代表人身份证号”校验码不符。"),
        ({"统一社会信用代码": "911299995835665660"}, "统一社会信用代码不能变更"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_one_sentence(stated: dict[str, str], sentence: str) -> None:
    assert refused(stated).startswith(sentence)


@pytest.mark.clause("M24-11.6a")
def test_a_refusal_never_repeats_a_personal_value() -> None:
    for key in (key for key, each in PARTICULARS.items() if not each.public):
        assert "1380013800X" not in refused({key: "1380013800X"})


@given(st.text(max_size=300), st.sampled_from(sorted(PARTICULARS)))
def test_whatever_is_typed_is_a_clean_value_or_a_refusal(text: str, key: str) -> None:
    try:
        read = read_values({key: text}, NOW)
    except Refused:
        return
    assert read[key].isprintable()
    assert len(read[key]) <= PARTICULARS[key].longest
