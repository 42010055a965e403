"""The forms as declared: what is printed, which limits hold, which clause asks for them."""

import pytest

from states.forms import FormKind, Takes, characters, form_of
from states.rulebook import call_rules

TRAINING, EVALUATION = form_of(FormKind.TRAINING, "CQ23"), form_of(FormKind.EVALUATION)


def limits(form):
    return {field.key: field.limit for field in form.fields if field.limit}


@pytest.mark.clause("CQ23-A1", "CQ23-A2", "B3-A")
def test_each_form_is_asked_for_by_the_clause_of_its_call():
    asked = [
        (kind.value, call, form_of(kind, call).clause)
        for kind, call in (
            (FormKind.TRAINING, "CQ23"),
            (FormKind.EVALUATION, "CQ23"),
            (FormKind.EVALUATION, "B3"),
        )
    ]
    assert asked == [
        ("training", "CQ23", "CQ23-A1"),
        ("evaluation", "CQ23", "CQ23-A2"),
        ("evaluation", "B3", "B3-A"),
    ]


@pytest.mark.clause("CQ23-A1", "B3-A")
@pytest.mark.parametrize("form", [TRAINING, EVALUATION], ids=["training", "evaluation"])
def test_the_long_answers_have_their_printed_limits(form):
    assert limits(form) == {
        "profile": 800,
        "platform": 300,
        "summary": 500,
        "team_building": 500,
        "plan": 800,
    }
    for field in form.fields:
        if field.limit:
            assert f"{field.limit}字以内" in field.prompt


@pytest.mark.clause("CQ23-A1", "CQ23-A2", "B3-A")
@pytest.mark.parametrize(
    ("call", "track"), [("B3", "evaluation"), ("CQ23", "evaluation"), ("CQ23", "training")]
)
def test_the_limits_are_those_of_the_rulebook(call, track):
    ruled = call_rules(call).track(track).form_limits.value
    ours = limits(form_of(FormKind(track), call))
    ours["team"] = ours.pop("team_building")
    assert ours == dict(ruled)


@pytest.mark.parametrize("form", [TRAINING, EVALUATION], ids=["training", "evaluation"])
def test_every_field_has_a_name_and_a_key_of_its_own(form):
    names = [field.name for field in form.fields]
    keys = [field.key for field in form.fields]
    assert sorted(names) == sorted(set(names))
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.clause("B3-A")
def test_the_evaluation_form_prints_these_fields_in_this_order():
    assert [field.name for field in EVALUATION.fields][:16] == [
        "拟申报开展评价的职业（仅填一项）",
        "拟申报开展评价的专业技术等级",
        "单位名称（盖章）",
        "统一社会信用代码",
        "法定代表人·姓名",
        "法定代表人·身份证号",
        "单位地址",
        "单位类型",
        "所属行业",
        "注册资金（万元）",
        "正式员工数",
        "单位成立时间",
        "近三年纳税情况",
        "国家级专业技术人员继续教育基地",
        "行业专业技术人员继续教育基地",
        "省级专业技术人员继续教育基地",
    ]


@pytest.mark.clause("B3-A", "CQ23-A1")
def test_the_tables_have_their_printed_columns():
    columns = {
        (form.kind.value, field.label): [column.label for column in field.columns]
        for form in (TRAINING, EVALUATION)
        for field in form.fields
        if field.takes is Takes.ROWS
    }
    scale, people = ("evaluation", "近5年开展考核评价规模（人次）"), ("training", "培训教师")
    assert columns[scale] == ["年度", "证书名称", "证书性质（自有证书或其它机构证书）", "颁证数量"]
    assert columns[people] == [
        "培训教师姓名",
        "工作单位",
        "专业技术职务/职称",
        "专业",
        "人员性质",
        "联系电话",
    ]


@pytest.mark.clause("B3-A", "CQ23-A1")
def test_the_six_notes_differ_in_the_third_alone():
    differing = [
        number
        for number, (ours, theirs) in enumerate(zip(TRAINING.notes, EVALUATION.notes, strict=True), 1)
        if ours != theirs
    ]
    assert (len(TRAINING.notes), differing) == (6, [3])


@pytest.mark.parametrize(
    ("text", "count"), [("示例 单位\n一二三", 7), ("ＡＢ,，。", 5), ("", 0), ("\u3000\t ", 0), ("a b", 2)]
)
def test_every_character_but_white_space_counts_one(text, count):
    assert characters(text) == count
