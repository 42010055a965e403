"""Calls are found, next year's call is a file, and a wrong file says what is wrong with it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from states.refusals import Refused
from states.rulebook import BadRules, call_rules, call_text, list_calls, load_call, parse_call, regime
from states.spans import working_days

WriteCall = Callable[..., Path]

SMALL_CALL = """
code = "B9"
name = "第九批"
title = "示例通知"
regime = "M24"
notice = 2026-03-02
opens = { value = 2026-03-02, setting = true, note = "自印发之日起" }
filing_closes = { value = 2026-04-10, clause = "B9-5" }
paper_due = { value = 2026-04-10, clause = "B9-5" }
occupations = { value = ["SJAQ", "LZJS"], clause = "B9-1" }

[clauses]
B9-1 = "职业目录"
B9-5 = "截止日期"

[new_occupations.LZJS]
name = "量子计算"
title = "量子计算工程技术人员"
"""


BOTH_CLOSED = """
[tracks.evaluation]
open = { value = false, clause = "B9-1" }
[tracks.training]
open = { value = false, clause = "B9-1" }
"""


@pytest.fixture
def write_call(tmp_path: Path) -> WriteCall:
    """Writes the small call with pieces replaced: `write_call(("old", "new"), …)`."""

    def write(*changes: tuple[str, str], name: str = "B9.toml") -> Path:
        text = SMALL_CALL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_calls_are_listed_oldest_first(write_call: WriteCall) -> None:
    write_call()
    folder = write_call().parent
    assert [call.code for call in list_calls()] == ["CQ23", "B3"]
    assert [call.code for call in list_calls(folder)] == ["CQ23", "B3", "B9"]
    assert call_rules("b9", folder) == load_call(folder / "B9.toml")


def test_an_unknown_call_is_refused_with_the_known_ones(write_call: WriteCall) -> None:
    with pytest.raises(Refused) as refused:
        call_rules("B7", write_call().parent)
    assert refused.value.sentence == "没有批次“B7”，现有批次：CQ23、B3、B9。"


def test_the_rules_of_a_track_have_a_fingerprint_of_their_content(write_call: WriteCall) -> None:
    first = load_call(write_call()).track("evaluation")
    again = load_call(write_call()).track("evaluation")
    other = load_call(write_call(("2026-04-10, clause", "2026-04-13, clause"))).track("evaluation")
    assert (first == again, hash(first) == hash(again), first.digest == other.digest) == (True, True, False)


def test_the_text_kept_when_a_call_opens_gives_the_same_rules_again(write_call: WriteCall) -> None:
    folder = write_call().parent
    assert [parse_call(call_text(code, folder), f"{code}.toml") for code in ("B3", "B9")] == [
        call_rules("B3"),
        call_rules("B9", folder),
    ]


def test_a_kept_text_that_no_longer_reads_is_refused_by_its_name() -> None:
    with pytest.raises(BadRules, match="^规则文件 批次B9 的第1行不是有效的TOML写法"):
        parse_call("code = \n", "批次B9")


@pytest.mark.clause("M24-7.1")
def test_next_years_call_is_a_file_with_clauses_and_occupations_of_its_own(write_call: WriteCall) -> None:
    rules = load_call(write_call()).track("evaluation")
    assert (rules.call, rules.track, rules.filing_closes.value, rules.filing_closes.clause) == (
        "B9",
        "evaluation",
        date(2026, 4, 10),
        "B9-5",
    )
    assert rules.offered("量子计算").title == "量子计算工程技术人员"
    assert (rules.publicity.value, rules.publicity.clause) == (working_days(5), "M24-7.4")


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('clause = "B9-1"', 'clause = "B9-2"', "occupations 条款编号“B9-2”不存在，最接近的是“B9-5”"),
        ('["SJAQ", "LZJS"]', '["SJAQ", "ABCD"]', "occupations.value 职业代码“ABCD”不存在，可用的有："),
        ('["SJAQ", "LZJS"]', '["SJAQ", "SJAQ"]', "occupations.value 职业代码“SJAQ”重复"),
        ('["SJAQ", "LZJS"]', "[]", "occupations.value 不能为空"),
        ("2026-04-10, clause", "2026-03-01, clause", "filing_closes（2026-03-01）早于 opens（2026-03-02）"),
        ("notice = 2026-03-02", "notice = 2026-03-03", "opens（2026-03-02）早于通知日期 notice（2026-03-03）"),
        ("paper_due = { value = 2026-04-10", "paper_due = { value = 2026-03-01", "paper_due（2026-03-01）早于 "),
        ("opens = { value = 2026-03-02", 'opens = { value = "3月2日"', "opens.value 应为日期，如 2024-06-21，现为“3月2日”"),
        ('setting = true, note = "自印发之日起"', "setting = true", "opens 标为设置（setting = true）的项须在 "),
        ('setting = true, note = "自印发之日起"', 'note = "x"', "opens 没有写明条款编号（clause），法规未规定的"),
        ('setting = true, note', 'setting = true, clause = "D-1", note', "opens 标为设置（setting = true）的项不能再"),
        ('title = "示例通知"\n', "", "title 没有填写"),
        ('title = "示例通知"', 'titel = "示例通知"', "title 没有填写；titel 不是可用的项目，是否应为 title"),
        ('name = "第九批"', "name = 9", "name 应为文字，现为“9”"),
        ('regime = "M24"', 'regime = "M42"', "regime 应为 I21、M24 之一，现为“M42”"),
        ('code = "B9"', 'code = "B8"', "code（B8）应与文件名一致"),
        ('title = "量子计算工程技术人员"', "", "new_occupations.LZJS 须写明 name 和 title 两项文字"),
        ("[new_occupations.LZJS]", "[new_occupations.SJAQ]", "new_occupations.SJAQ 已是数据安全工程技术人员的代码"),
        ("[new_occupations.LZJS]", "[new_occupations.L1]", "new_occupations.L1 的代码应为四个大写字母"),
        ("[clauses]", "clauses = 3\n[other]", "clauses 应为表，现为“3”"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_file_and_key(
    write_call: WriteCall, old: str, new: str, wrong: str
) -> None:
    path = write_call((old, new))
    with pytest.raises(BadRules) as refused:
        load_call(path)
    assert str(refused.value).startswith(f"规则文件 B9.toml 有误：{wrong}")


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('publicity = { value = "5 days", clause = "M24-7.4" }', "公示期（publicity）应以工作日计且不少于5个，现为5日"),
        ('publicity = { value = "soon", clause = "M24-7.4" }', "publicity.value 时限“soon”无法识别，应写成"),
        ('publicity = { value = 5, clause = "M24-7.4" }', "publicity.value 应为文字写成的时限"),
        ('publicity = "5 working days"', "publicity 应写成 { value = …, clause = \"…\" }，现为“5 working days”"),
        ('recommend_ratio = { value = "3/2", clause = "D-1" }', "recommend_ratio.value 比例“3/2”应大于0且不超过1"),
        ('recommend_ratio = { value = "most", clause = "D-1" }', "recommend_ratio.value 比例“most”无法识别"),
        ('offices = { value = ["P99"], clause = "B9-1" }', "offices 中的“P99”不是推荐单位代码"),
        ('publication = { value = ["radio"], clause = "B9-1" }', "publication.value 不能写“radio”，只能写：platform、"),
        ("min_yearly = { value = -1, clause = \"B9-1\" }", "min_yearly.value 应大于0，现为-1"),
        ('levels = { value = [], clause = "B9-1" }', "levels.value 不能为空"),
        ('yearly_report_due = { value = "13-01", clause = "B9-1" }', "yearly_report_due.value 写法不对，应为月-日"),
        ('registered_on_or_before = { value = 2026-04-10, clause = "B9-1" }', "registered_on_or_before（2026-04-10）"),
        ("tracks = 3", "tracks 应为表，现为“3”"),
        ("[limits]\nlunch = { value = \"1 day\", clause = \"B9-1\" }", "limits.lunch 不能写“lunch”"),
        ("[tracks]\nevaluation = 3", "tracks.evaluation 应为表，现为“3”"),
        ("[tracks.evaluation]\nquota = { value = -2, scope = \"nation\", clause = \"B9-1\" }",
         "tracks.evaluation.quota.value 应大于0，现为-2"),
        ("[tracks.evaluation]\nquota = { value = 2, scope = \"world\", clause = \"B9-1\" }",
         "tracks.evaluation.quota 不能写“world”，只能写：nation、province"),
        ("[tracks.evaluation]\npublisher = { value = \"king\", clause = \"B9-1\" }",
         "tracks.evaluation.publisher.value 不能写“king”"),
        ("[tracks.evaluation]\nclosed_occupations = { value = [\"XNXS\"], clause = \"B9-1\" }",
         "tracks.evaluation.closed_occupations 中的“XNXS”不在本批次 occupations 之内"),
        (BOTH_CLOSED, "tracks 中至少一类应为 open = true"),
        ("[tracks.evaluation]\nopen = { value = \"yes\", clause = \"B9-1\" }",
         "tracks.evaluation.open.value 应为 true 或 false，现为“yes”"),
    ],
)  # fmt: skip
def test_a_wrong_override_is_named_with_its_file_and_key(
    write_call: WriteCall, line: str, wrong: str
) -> None:
    path = write_call(("[clauses]", f"{line}\n[clauses]"))
    with pytest.raises(BadRules) as refused:
        load_call(path)
    assert str(refused.value).startswith(f"规则文件 B9.toml 有误：{wrong}")


def test_a_file_that_is_no_toml_is_refused_with_its_line(write_call: WriteCall) -> None:
    with pytest.raises(BadRules) as refused:
        load_call(write_call(('code = "B9"', 'code = "B9')))
    assert refused.value.sentence == "规则文件 B9.toml 的第2行不是有效的TOML写法，请检查引号、等号和括号。"


def test_a_file_that_is_not_utf8_is_refused(write_call: WriteCall) -> None:
    path = write_call()
    path.write_bytes(SMALL_CALL.encode("gbk"))
    with pytest.raises(BadRules, match="^规则文件 B9.toml 不是UTF-8编码"):
        load_call(path)


def test_a_file_saved_with_a_byte_order_mark_is_read(write_call: WriteCall) -> None:
    path = write_call()
    path.write_bytes(SMALL_CALL.encode("utf-8-sig"))
    assert load_call(path).code == "B9"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRules, match="^规则文件 B9.toml 无法读取"):
        load_call(tmp_path / "B9.toml")


def test_a_file_may_not_take_the_name_of_a_call_of_the_package(write_call: WriteCall) -> None:
    with pytest.raises(BadRules, match="与内置批次 B3 重名"):
        load_call(write_call(name="B3.toml"))


def test_an_unknown_regime_or_track_is_refused() -> None:
    with pytest.raises(Refused, match="没有制度“X1”，现有：I21、M24"):
        regime("X1")
    with pytest.raises(Refused, match="没有“coaching”这类机构"):
        call_rules("B3").track("coaching")
