"""One cell at a time: what people write, and what the office is told when nobody can be sure what it means."""

from datetime import date

import pytest

from casework.intake.unclear import Unclear
from casework.pool.cells import read
from casework.pool.profile import Span
from states.recusal import Employment, Organisation, Service, Tie, TieKind

CODE = "121199991803406343"


def unclear(key: str, text: str) -> str:
    with pytest.raises(Unclear) as found:
        read(key, text)
    return str(found.value)


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("name", " 阿依古丽·示例 ", "阿依古丽·示例"),
        ("identity", "11010219580112000X".lower(), "11010219580112000X"),
        ("uscc", f"{CODE[:8]} {CODE[8:]}".lower(), CODE),
        ("fields", "数据安全、mmgc，数据安全工程技术人员", ("MMGC", "SJAQ")),
        ("province", "重庆市", "50"),
        ("mail", "ｅｘｐｅｒｔ@example.cn", "expert@example.cn"),
        ("phone", "100 0000 0001", "10000000001"),
        ("shareholders", f"{CODE}、{CODE}", (CODE,)),
        ("service", f"{CODE}｜b3；{CODE}｜2022年", (Service(CODE, "B3"), Service(CODE, "2022"))),
    ],
)
def test_a_cell_means_what_people_meant(key: str, written: str, meant: object) -> None:
    assert read(key, written) == meant


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize(
    ("written", "row"),
    [
        (f"示例大学｜{CODE}｜2019年7月｜2021年6月", (CODE, date(2019, 7, 1), date(2021, 6, 30))),
        (f"示例大学|{CODE}|2019|2021", (CODE, date(2019, 1, 1), date(2021, 12, 31))),
        (f"示例大学｜{CODE}｜2019-07-15｜至今", (CODE, date(2019, 7, 15), None)),
        ("示例大学", (None, None, None)),
        ("示例大学｜无｜｜2020.2", ("", None, date(2020, 2, 29))),
    ],
)
def test_a_row_of_a_history_reaches_as_far_as_its_words_can_mean(
    written: str, row: tuple[str | None, date | None, date | None]
) -> None:
    uscc, since, until = row
    assert read("employment", written) == (Employment(Organisation("示例大学", uscc), since, until),)


@pytest.mark.clause("M24-7.3b")
def test_ties_name_an_institution_or_a_person() -> None:
    written = f"亲属｜示例中心｜{CODE}｜钱示清｜配偶\n参与起草｜示例学会｜｜｜；其他｜｜｜孙示远"
    assert read("ties", written) == (
        Tie(TieKind.KINSHIP, Organisation("示例中心", CODE), "钱示清", "配偶"),
        Tie(TieKind.DRAFTING, Organisation("示例学会")),
        Tie(TieKind.OTHER, None, "孙示远"),
    )


@pytest.mark.parametrize("key", ["employment", "ties", "shareholders", "service"])
def test_none_in_so_many_words_is_known_to_be_none(key: str) -> None:
    assert read(key, " 无 ") == ()


def test_days_on_which_an_expert_can_sit() -> None:
    assert read("available", "2024-07-01至2024-07-12；2024年8月") == (
        Span(date(2024, 7, 1), date(2024, 7, 12)),
        Span(date(2024, 8, 1), date(2024, 8, 31)),
    )
    assert read("available", "不限") is None
    assert read("available", "无") == ()


@pytest.mark.parametrize(
    ("key", "written", "told"),
    [
        ("name", "赵示安（教授）", "中有数字、括号或标点，请只填一个人的姓名，职务和说明另列"),
        ("identity", "110102195801010001", "校验码不符，请核对本人证件后改正"),
        ("identity", "1.10102E+17", "已被 Excel 改成科学计数，末尾数字已丢失，请把该列设为“文本”格式后重新填写"),
        ("employer", "示例大学、示例学院", "写有多个单位；现工作单位只填一个，其余填入“工作经历”"),
        ("uscc", f"{CODE} {CODE}", "写有多个代码；现工作单位只填一个，其余填入“工作经历”"),
        ("uscc", CODE[:-1] + "X", "校验码不符，请核对营业执照或法人证书后改正"),
        ("province", "工业和信息化部", "是部门而不是省份，请填现工作单位所在省份"),
        ("mail", "见附件", "不是有效的电子邮箱地址，请改正"),
        ("phone", "12", "不像是电话号码，请改正"),
        ("employment", f"示例大学｜{CODE}｜2021｜2019", "第1行止日早于起日，请改正"),
        ("employment", f"｜{CODE}｜2021｜2019", "第1行没有写单位名称，请补填"),
        ("employment", "甲｜｜2020｜2021；乙｜123", "第2行的“统一社会信用代码”共3位，应为18位，请核对营业执照或法人证书后改正"),
        ("ties", "朋友｜示例中心", "第1行的关系“朋友”无法识别，应为亲属关系、顾问关系、参与编制、其他关系之一"),
        ("ties", "亲属", "第1行没有写单位，也没有写人员，请至少补填一项"),
        ("service", f"{CODE}｜上一批", "第1行的批次“上一批”无法识别，请填批次代码（如 B3）或年份（如 2022）"),
        ("service", "｜2022", "第1行的“单位统一社会信用代码”没有填写，请补填"),
        ("available", "2024-07-12至2024-07-01", "第1段“2024-07-12至2024-07-01”无法识别，请按“2024-07-01至2024-07-12”的样式填写"),
    ],
)  # fmt: skip
def test_what_nobody_can_be_sure_of_is_said_with_what_to_do(key: str, written: str, told: str) -> None:
    assert unclear(key, written) == told


def test_an_occupation_nobody_knows_is_named_with_the_nearest_one() -> None:
    assert unclear("fields", "数据安金") == (
        "：没有职业“数据安金”，是否为“数据安全工程技术人员”，请按通知所列职业名称填写"
    )
