"""``linxuan case`` and who acts when something is typed."""

import shutil
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from cli.main import run

Linxuan = Any  # of conftest
NO = "B3-XNXS-0001"
NOW = "2024-06-19T10:00"
LETTER = ("--set", "letter_no=示例函1号", "--set", "letter_date=2024-06-19")


@pytest.fixture(scope="module")
def filed_folder(opened_call: Path, forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """B3 with three cases from three offices and two accounts, to be copied."""
    folder = tmp_path_factory.mktemp("filed") / "data"
    shutil.copytree(opened_call, folder)
    lines = [
        ["import", *map(str, forms.glob(f"{office}_*")), "--call", "B3", "--from", office]
        for office in ("P12", "P13", "P15")
    ]
    for login, role, scope in (
        ("tianjin", "recommender", "天津"),
        ("hebei", "recommender", "河北"),
        ("group1", "group", ""),
    ):
        lines.append(
            [
                "user",
                "add",
                login,
                "--name",
                "示例",
                "--mail",
                f"{login}@example.cn",
                "--role",
                role,
                "--scope",
                scope,
            ]
        )
    with redirect_stdout(TextIOWrapper(BytesIO())), redirect_stderr(TextIOWrapper(BytesIO())):
        codes = [run([*line, "--as-of", "2024-06-19T09:00", "--data", str(folder)]) for line in lines]
    assert codes == [0] * len(lines)
    return folder


@pytest.fixture(autouse=True)
def filed(filed_folder: Path, data: Path) -> Path:
    """The test's data folder with three cases filed."""
    shutil.copytree(filed_folder, data)
    return data


def test_the_json_of_a_case_is_a_contract(linxuan: Linxuan) -> None:
    case = linxuan("case", "show", NO, "--json", as_of=NOW).json
    assert list(case) == [
        "no", "call", "track", "occupation", "institution", "uscc", "province", "channel", "stage", "stage_label",
        "entered_at", "due_at", "held_by", "days_in_stage", "stuck", "version", "moves", "why_not",
    ]  # fmt: skip
    assert (case["province"], case["channel"], case["occupation"]) == ("12", "P12", "XNXS")
    assert (case["entered_at"], case["due_at"]) == ("2024-06-19T09:00:00+08:00", "2024-06-22T00:00:00+08:00")
    recommend = case["moves"][0]
    assert {key: recommend[key] for key in ("name", "label", "by", "to", "clause")} == {
        "name": "recommend", "label": "推荐", "by": ["recommender"], "to": "recommended", "clause": "B3-4.2",
    }  # fmt: skip
    assert [ask["key"] for ask in recommend["asks"]] == ["letter_no", "letter_date"]
    assert case["why_not"]["close_unrecommended"] == (
        "“申报截止未获推荐”由系统在2024-06-21期满时自动办理，不能人工办理。（D-12）"
    )


def test_a_case_is_shown_for_people(linxuan: Linxuan) -> None:
    page = linxuan("case", "show", NO, as_of=NOW).done()
    assert "环节      待推荐（submitted），2024-06-19 09:00起，已0个工作日\n" in page
    assert "期限      2024-06-21（申报截止，B3-5.4）\n" in page
    assert "纸质材料  纸质待补（D-9）\n" in page
    assert "推荐函文号（letter_no）、推荐函日期（letter_date）" in page


def test_a_history_tells_past_letters_and_future(linxuan: Linxuan) -> None:
    page = linxuan("case", "history", NO, as_of=NOW).done()
    assert [line for line in page.splitlines() if line in ("经过", "通知", "将要发生")] == [
        "经过", "通知", "将要发生",
    ]  # fmt: skip
    told = linxuan("case", "history", NO, "--json", as_of=NOW).json
    assert told["happened"][0]["name"] == "file"
    assert told["letters"][0]["letter"] == "received"
    assert told["to_come"] != []


def test_a_list_can_be_narrowed_by_names_as_people_type_them(linxuan: Linxuan) -> None:
    for option, value in (
        ("--province", "天津"), ("--channel", "P12"), ("--occupation", "虚拟现实"), ("--institution", "南屏"),
    ):  # fmt: skip
        found = linxuan("case", "list", option, value, "--json", as_of=NOW).json
        assert [case["no"] for case in found["cases"]] == [NO], option
    assert (
        linxuan("case", "list", "--stage", "待推荐", "--limit", 1, as_of=NOW)
        .done()
        .endswith("共3件，以上列出1件，其余用 --limit 或筛选条件查看。\n")
    )


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--call", "B9", "批次“B9”尚未开放，请先用 linxuan call open B9 开放。"),
        ("--stage", "初审", "没有环节“初审”，可用的有：填报（draft）、待推荐（submitted）、"),
        ("--province", "工信部", "“工信部”是行业主管部门，不是省份；按推荐单位选择请用 --channel。"),
        ("--province", "火星", "没有省份“火星”"),
        ("--occupation", "炼金术", "没有职业“炼金术”"),
        ("--track", "考试", "没有“考试”这类机构，只有："),
        ("--institution", " ", "--institution是空的，请写明。"),
    ],
)
def test_a_name_that_means_nothing_is_refused(
    linxuan: Linxuan, option: str, value: str, sentence: str
) -> None:
    assert linxuan("case", "list", option, value, as_of=NOW).refused().startswith(sentence)


def test_an_account_sees_its_own_cases_alone(linxuan: Linxuan) -> None:
    found = linxuan("case", "list", "--as", "hebei", "--json", as_of=NOW).json
    assert (found["total"], [case["no"] for case in found["cases"]]) == (1, ["B3-JQRG-0001"])
    assert linxuan("case", "show", NO, "--as", "hebei", as_of=NOW).refused() == (
        f"没有编号为“{NO}”的申报，或不在查看范围内，可用 linxuan case list 查看。"
    )


@pytest.mark.clause("B3-4.3")
def test_an_account_acts_in_its_own_scope_alone(linxuan: Linxuan) -> None:
    refused = linxuan("case", "move", NO, "recommend", *LETTER, "--as", "hebei", as_of=NOW).refused()
    assert refused == f"申报{NO}不在hebei的办理范围内。（B3-4.2）"
    done = linxuan("case", "move", NO, "recommend", *LETTER, "--as", "tianjin", "--json", as_of=NOW).json
    assert (done["by"], done["from"], done["to"], done["version"]) == (
        "recommender:tianjin", "submitted", "recommended", 2,
    )  # fmt: skip


def test_without_an_account_the_operator_acts_and_the_log_says_so(linxuan: Linxuan) -> None:
    done = linxuan("case", "move", NO, "recommend", *LETTER, "--json", as_of=NOW).json
    role, _, who = done["by"].partition(":")
    assert (role, who.endswith("@本机")) == ("recommender", True)
    log = linxuan("audit", "export").done()
    assert f'"{done["by"]}","move","recommend"' in log


def test_an_unknown_or_disabled_account_is_refused(linxuan: Linxuan) -> None:
    move = ("case", "move", NO, "recommend", *LETTER, "--as")
    assert linxuan(*move, "nobody", as_of=NOW).refused() == (
        "没有登录名为“nobody”的账号，可用 linxuan user list 查看。"
    )
    linxuan("user", "disable", "tianjin").done()
    assert linxuan(*move, "tianjin", as_of=NOW).refused() == "账号“tianjin”已停用，不能办理。"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["recommend"],
            "“推荐”须填写推荐函文号（letter_no）、推荐函日期（letter_date），请加上 --set letter_no=… --set letter_date=…。",
        ),
        (
            ["recommend", "--stating", "示例函1号"],
            "“推荐”须填写推荐函日期（letter_date），请加上 --set letter_date=…。（B3-4.2）",
        ),
        (
            ["recommend", "--set", "letter_no=1", "--set", "letter_date=昨天"],
            "推荐函日期应为日期（如2024-06-20），收到的是“昨天”。（B3-4.2）",
        ),
        (["recommend", "--set", "letter_no"], "--set 应写成 项=值，收到的是“letter_no”。"),
        (["decline", "--set", "reason=甲", "--set", "reason=乙"], "--set reason 写了两次，请只写一次。"),
        (["withdraw", "--stating", "甲"], "“撤回申报”没有别的文字要填写，请去掉 --stating。（M24-20c）"),
        (["withdraw", "--set", "why=甲"], "“撤回申报”不需要“why”，可填写：无。（M24-20c）"),
        (
            ["recommend", *LETTER, "--as", "group1"],
            "“推荐”只能由推荐单位办理，当前身份为工程指导协调小组。（B3-4.2）",
        ),
        (["close_unrecommended"], "“申报截止未获推荐”由系统到期自动办理，不能人工办理。（D-12）"),
        (["publicise"], "“待推荐”环节不能“列入拟公示名单”，可办理的有：推荐（recommend）"),
        (["dance"], "没有名为“dance”的办理动作，可用的有："),
    ],
)
def test_a_move_that_cannot_be_made_says_why_and_changes_nothing(
    linxuan: Linxuan, words: list[str], sentence: str
) -> None:
    assert linxuan("case", "move", NO, *words, as_of=NOW).refused().startswith(sentence)
    assert linxuan("case", "show", NO, "--json", as_of=NOW).json["version"] == 1


def test_a_move_is_not_made_before_the_last_one(linxuan: Linxuan) -> None:
    assert linxuan("case", "move", NO, "decline", "--stating", "示例", as_of="2024-06-18").refused() == (
        "办理时间早于该申报最近一次变动（2024-06-19 01:00Z）。"
    )


def test_a_case_that_does_not_exist_is_refused(linxuan: Linxuan) -> None:
    for words in (["show"], ["history"], ["move"]):
        ran = linxuan("case", *words, "B3-XXXX-0001", *(["decline"] if words == ["move"] else []), as_of=NOW)
        assert ran.refused() == (
            "没有编号为“B3-XXXX-0001”的申报，或不在查看范围内，可用 linxuan case list 查看。"
        )


def test_a_batch_over_several_offices_asks_for_one(linxuan: Linxuan) -> None:
    ran = linxuan("batch", "preview", "recommend", "--call", "B3", *LETTER, as_of=NOW)
    assert ran.refused() == (
        "“推荐”由推荐单位办理，所选申报分属3家，请用 --channel 一次选一家，或用 --as 以其账号办理。"
    )


def test_a_preview_shows_what_will_happen_and_writes_the_plan(linxuan: Linxuan, tmp_path: Path) -> None:
    plan = tmp_path / "plan.jsonl"
    ran = linxuan("batch", "preview", "recommend", "--province", "天津", *LETTER, "-o", plan, as_of=NOW)
    lines = ran.done().splitlines()
    assert lines[0].endswith("办理：可以办理1件，不能办理0件。")
    assert f"{NO}   待推荐   已推荐" in lines
    assert lines[-1] == f"办理清单已存为 {plan}，核对后用 linxuan batch run {plan} 执行。"
    assert linxuan("case", "show", NO, "--json", as_of=NOW).json["version"] == 1


def test_a_preview_says_why_not(linxuan: Linxuan, tmp_path: Path) -> None:
    plan = tmp_path / "plan.jsonl"
    ran = linxuan("batch", "preview", "begin_review", "--no", NO, "-o", plan, "--json", as_of=NOW).json
    assert (ran["going"], [line["clause"] for line in ran["staying"]]) == ([], ["B3-4.2"])
    assert linxuan("batch", "run", plan, as_of=NOW).refused() == "清单中没有可以办理的申报，未办理。"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "没有选中任何申报：请用 --call、--stage、--province、--occupation 或 --no 选择后再预览。"),
        (["--stage", "在册"], "没有选中任何申报：按所给条件没有找到申报。"),
    ],
)
def test_nothing_selected_means_nothing_done(
    linxuan: Linxuan, tmp_path: Path, words: list[str], sentence: str
) -> None:
    plan = tmp_path / "plan.jsonl"
    assert linxuan("batch", "preview", "begin_review", *words, "-o", plan, as_of=NOW).refused() == sentence
    assert not plan.exists()


def test_a_plan_runs_under_the_identity_that_made_it(linxuan: Linxuan, tmp_path: Path) -> None:
    plan = tmp_path / "plan.jsonl"
    linxuan("batch", "preview", "recommend", "--channel", "P12", *LETTER, "-o", plan, as_of=NOW).done()
    assert linxuan("batch", "run", plan, "--as", "hebei", as_of=NOW).refused().startswith("该清单由推荐单位“")
    assert linxuan("batch", "run", plan, "--as", "tianjin", as_of=NOW).done() == (
        "已办理1件（已推荐1件），应发通知1封。\n"
    )


@pytest.mark.clause("D-12")
def test_what_is_stuck_says_who_is_waited_for(linxuan: Linxuan) -> None:
    assert linxuan("stuck", as_of=NOW).done() == "没有滞留的申报。\n"
    found = linxuan("stuck", "--province", "天津", "--json", as_of="2024-06-22").json
    assert [(each["no"], each["held_by"], each["clause"]) for each in found] == [
        (NO, "recommender", "B3-5.4")
    ]
    assert NO in linxuan("stuck", as_of="2024-06-22").done()
