"""The other nouns, each with what it shows and what it refuses."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

Linxuan = Any  # of conftest
ADD = ("user", "add", "zhang", "--name", "张示例", "--mail", "zhang@example.cn", "--role", "office")


def test_calls_are_listed_before_anything_is_opened(linxuan: Linxuan, data: Path) -> None:
    found = linxuan("call", "list", "--json").json
    assert [(call["call"], call["state"]) for call in found] == [("CQ23", "planned"), ("B3", "planned")]
    assert not data.exists()


@pytest.mark.clause("B3-1.3", "B3-4.5", "B3-5.4")
def test_a_call_is_shown_rule_by_rule_with_its_clauses(linxuan: Linxuan) -> None:
    rules = {
        rule["key"]: (rule["value"], rule["clause"])
        for rule in linxuan("call", "show", "b3", "--json").json["rules"]
    }
    assert rules["filing_closes"] == ("2024-06-21", "B3-5.4")
    assert rules["publicity"] == ("5个工作日", "B3-4.5")
    assert rules["evaluation.quota"] == ("全国2家", "B3-1.3")
    assert "公示期                   5个工作日" in linxuan("call", "show", "B3").done()


@pytest.mark.clause("M24-7.1", "B3-5.4")
def test_a_call_opens_and_closes_on_its_days(linxuan: Linxuan, data: Path) -> None:
    assert linxuan("call", "show", "X1").refused() == "没有批次“X1”，可用 linxuan call list 查看。"
    assert linxuan("call", "open", "B3", as_of="2024-05-14").refused().startswith("第三批自2024-05-15起受理")
    assert linxuan("call", "open", "B3", as_of="2024-06-22").refused() == (
        "第三批申报已于2024年6月21日24时截止，不能开放。（B3-5.4）"
    )
    assert linxuan("call", "open", "B9").refused() == "没有批次“B9”，现有批次：CQ23、B3。"
    assert not data.exists()
    linxuan("call", "open", "B3", as_of="2024-05-15").done()
    assert linxuan("call", "close", "B3", as_of="2024-06-21T23:59").refused() == (
        "第三批受理至2024年6月21日24时，尚未截止。（B3-5.4）"
    )
    assert linxuan("call", "close", "B3", as_of="2024-06-22").done() == "第三批（B3）已截止。\n"
    assert linxuan("call", "close", "B9").refused().startswith("批次“B9”尚未开放")


def test_the_operator_is_told_once_where_the_key_lies(linxuan: Linxuan, data: Path) -> None:
    assert linxuan(*ADD).err == (
        f"提示：已生成加密密钥文件{data / 'secret.key'}，丢失后已加密的身份证件号码无法恢复，请另行妥善备份。\n"
    )
    assert linxuan("user", "list").err == ""


def test_accounts_are_added_listed_and_disabled(linxuan: Linxuan, b3: Path) -> None:
    assert linxuan(*ADD, as_of="2024-05-20").done() == (
        "已新增账号 zhang（工程指导协调小组办公室）；尚无密码，用 linxuan user password 设置后才能登录网页。\n"
    )
    (user,) = linxuan("user", "list", "--json").json
    assert (user["login"], user["role"], user["can_sign_in"], user["disabled_at"]) == (
        "zhang",
        "office",
        False,
        None,
    )
    assert linxuan("user", "disable", "zhang").done() == "账号 zhang 已停用。\n"
    assert linxuan("user", "list").done() == "还没有账号，用 linxuan user add 新增。\n"
    assert linxuan("user", "disable", "zhang").refused() == "账号“zhang”已经停用。"


def test_a_password_comes_from_standard_input(program: Linxuan, b3: Path) -> None:
    words = (*ADD, "--password-stdin", "--json", "--data", b3)
    assert program(*words, input="correct horse battery staple\n").json["can_sign_in"]
    ran = program("user", "password", "zhang", "--data", b3)
    assert ran.refused() == "这里不是终端，不能当场输入密码，请改用 --password-stdin。"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (("--role", "king"), "没有“king”这一身份，可用的身份："),
        (("--role", "recommender"), "推荐单位的账号必须写明所属部门，例如 重庆 或 P50。（B3-4.1）"),
        (("--scope", "重庆"), "工程指导协调小组办公室的账号不限办理范围，请去掉“重庆”。"),
        (("--mail", "nowhere"), "“nowhere”不是有效的电子邮箱地址，请改正。"),
    ],
)
def test_a_wrong_account_is_refused(
    linxuan: Linxuan, b3: Path, changed: tuple[str, ...], sentence: str
) -> None:
    assert linxuan(*ADD, *changed).refused().startswith(sentence)
    assert linxuan("user", "list", "--json").json == []


@pytest.mark.parametrize(
    "changed",
    [
        ("--role", "king"),
        ("--mail", "nowhere"),
        ("--scope", "重庆"),
        ("--role", "applicant", "--scope", "U1"),
    ],
)
def test_a_wrong_account_leaves_no_installation_behind(
    linxuan: Linxuan, data: Path, changed: tuple[str, ...]
) -> None:
    linxuan(*ADD, *changed).refused()
    assert not (data / "linxuan.sqlite3").exists()


def test_the_event_log_is_written_for_process_mining(linxuan: Linxuan, b3: Path, tmp_path: Path) -> None:
    file = tmp_path / "log.xes"
    assert linxuan("log", "export", "-o", file).done() == f"已导出0件申报的0次办理，写入{file}。\n"
    assert (
        linxuan("log", "export", "--format", "csv")
        .done()
        .startswith("case:concept:name,concept:name,time:timestamp")
    )
    assert linxuan("log", "export", "--format", "pdf").refused() == "没有格式“pdf”，可用的有：xes、csv。"


def test_a_date_explains_itself(linxuan: Linxuan, data: Path) -> None:
    assert linxuan("calendar", "explain", "2024-09-26", "--plus", 5).done() == (
        "2024-10-09\n2024-09-26之后5个工作日：9月27日、29日（周日补班）、30日、10月8日、9日。\n"
        "日历版本：国办2004-2026\n"
    )
    assert linxuan("calendar", "explain", "2024-10-09", "--minus", 5, "--json").json["day"] == "2024-09-26"
    assert linxuan("calendar", "explain", "2024-09-29").done() == "2024-09-29：补班，上班。\n"
    assert not data.exists()


@pytest.mark.clause("D-6")
def test_a_date_in_a_year_not_announced_is_provisional(linxuan: Linxuan, tmp_path: Path, b3: Path) -> None:
    before = linxuan("calendar", "explain", "2027-01-29", "--plus", 5, "--json").json
    assert before["provisional"]
    assert linxuan("calendar", "show", 2027).refused() == (
        "2027年放假安排尚未导入，公布后请用 linxuan calendar import 导入。（D-6）"
    )
    festivals = {
        "元旦": ("01-01", "01-01", ""), "春节": ("02-06", "02-12", "2027-01-31"), "清明节": ("04-05", "04-05", ""),
        "劳动节": ("05-01", "05-05", ""), "端午节": ("06-09", "06-09", ""), "中秋节": ("09-15", "09-15", ""),
        "国庆节": ("10-01", "10-07", ""),
    }  # fmt: skip
    plan = "year = 2027\n" + "".join(
        f'[[holiday]]\nname = "{name}"\nfrom = 2027-{first}\nto = 2027-{last}\nmakeup = [{worked}]\n'
        for name, (first, last, worked) in festivals.items()
    )
    file = tmp_path / "2027.toml"
    file.write_text(plan, encoding="utf-8")
    done = linxuan("calendar", "import", file, as_of="2026-11-20").done()
    assert done.startswith("已导入《国务院办公厅关于2027年部分节假日安排的通知》")
    assert linxuan("calendar", "import", file, as_of="2026-11-20").done().endswith("已经导入过，没有变动。\n")
    after = linxuan("calendar", "explain", "2027-01-29", "--plus", 5, "--json").json
    assert (after["provisional"], after["counted"][0]) == (False, "2027-01-31")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["explain", "morgen"], "日期“morgen”无法识别，应写成 2024-06-21。"),
        (["explain", "2024-06-21", "--plus", "1", "--minus", "1"], "--plus 和 --minus 只能写一个。"),
        (["import", "none.toml"], "放假安排文件none.toml无法读取（路径不存在），请检查路径和权限。"),
    ],
)
def test_what_the_calendar_cannot_read_is_refused(
    linxuan: Linxuan, b3: Path, words: list[str], sentence: str
) -> None:
    assert linxuan("calendar", *words).refused() == sentence


@pytest.fixture
def listed(b3: Path) -> Path:
    """The data folder with one institution in the directory, whose name begins like a formula."""
    from casework.installation import open_installation
    from casework.settings import Settings
    from cli.as_of import read_as_of
    from records.transaction import transaction

    installation = open_installation(Settings(data=b3), as_of=read_as_of("2024-10-10"))
    with transaction(installation.engine) as tx:
        tx.run(
            "INSERT INTO institution (uscc, name, province, address, unit_type) VALUES ('U1','=示例','50','','')"
        )
        tx.run(
            "INSERT INTO cases (no, version, call, track, process, occupation, institution_id, province, channel, stage,"
            " entered_at, updated_at, materials_missing, warnings_open, priority, departs, objections_open, term_no,"
            " activity, duties_done, levels, contact_mail, due_provisional) VALUES ('B3-SJAQ-0001', 1, 'B3', 'evaluation',"
            " 'B3/evaluation@1', 'SJAQ', 1, '50', 'P50', 'listed', ?, ?, 0, 0, 0, 0, 0, 1, 0, '', '初级', '', 0)",
            (read_as_of("2024-10-10"), read_as_of("2024-10-10")),
        )
        tx.run(
            "INSERT INTO term (case_id, institution_id, track, occupation, levels, number, starts_at, last_day)"
            " VALUES (1, 1, 'evaluation', 'SJAQ', '初级', 1, ?, '2027-10-10')",
            (read_as_of("2024-10-10"),),
        )
    installation.close()
    return b3


def test_the_directory_as_csv_opens_in_excel_and_runs_nothing(program: Linxuan, listed: Path) -> None:
    ran = program("directory", "--as-of", "2025-01-01", "--format", "csv", "--data", listed)
    assert ran.done().startswith("\ufeff机构类别,职业,等级,机构名称,")
    (row,) = csv.DictReader(io.StringIO(ran.out.removeprefix("\ufeff")))
    assert (row["机构名称"], row["有效期至"], row["申报编号"]) == ("'=示例", "2027-10-10", "B3-SJAQ-0001")


def test_the_directory_as_a_sheet_keeps_names_as_names(
    linxuan: Linxuan, listed: Path, tmp_path: Path
) -> None:
    file = tmp_path / "目录.xlsx"
    done = linxuan("directory", "--format", "xlsx", "-o", file, as_of="2025-01-01").done()
    assert done == f"2025-01-01在册1家次，已写入{file}。\n"
    heading, row = load_workbook(file)["目录 2025-01-01"].iter_rows()
    assert (heading[3].value, row[3].value, row[3].data_type) == ("机构名称", "=示例", "s")


def test_the_directory_as_json_in_a_file_is_the_same_as_on_the_screen(
    linxuan: Linxuan, listed: Path, tmp_path: Path
) -> None:
    file = tmp_path / "目录.json"
    linxuan("directory", "--format", "json", "-o", file, as_of="2025-01-01").done()
    assert (
        json.loads(file.read_text(encoding="utf-8"))
        == linxuan("directory", "--json", as_of="2025-01-01").json
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--format", "pdf"], "没有格式“pdf”，可用的有：table、csv、json、xlsx。"),
        (["-o", "x.csv"], "写入文件请同时用 --format 指定 csv、json 或 xlsx。"),
        (
            ["--format", "csv", "-o", "no/where.csv"],
            "文件no/where.csv无法写入（路径不存在），请检查路径和权限。",
        ),
        (["--track", "考试"], "没有“考试”这类机构，只有："),
    ],
)
def test_a_directory_that_cannot_be_given_is_refused(
    linxuan: Linxuan, b3: Path, words: list[str], sentence: str
) -> None:
    assert linxuan("directory", *words, as_of="2025-01-01").refused().startswith(sentence)


def test_the_log_is_verified_here_and_elsewhere(linxuan: Linxuan, b3: Path, tmp_path: Path) -> None:
    linxuan(*ADD).done()
    file = tmp_path / "log.jsonl"
    assert linxuan("audit", "export", "-o", file).done() == f"已导出2条记录到{file}。\n"
    report = linxuan("audit", "verify", file, "--json", on=None).json
    assert (report["ok"], report["entries"], report["head"]) == (
        True, 2, linxuan("audit", "verify", "--json").json["head"],
    )  # fmt: skip
    file.write_text(file.read_text(encoding="utf-8").replace("zhang", "zhong"), encoding="utf-8")
    broken = linxuan("audit", "verify", file, on=None)
    assert (broken.code, broken.out) == (
        1,
        "审计日志不连贯：第2条记录与其哈希不符，记录或此前内容被改动过；此前1条完好。\n",
    )
    file.write_bytes(b"\xff\xfe")
    assert linxuan("audit", "verify", file, on=None).refused() == (
        f"{file}不是导出的审计日志（不是 UTF-8 文本），请核对。"
    )
    file.write_text("hello\n", encoding="utf-8")
    assert linxuan("audit", "verify", file, on=None).out == (
        "审计日志不连贯：第1条记录无法识别，不是导出的审计日志；此前0条完好。\n"
    )
    file.write_text("", encoding="utf-8")
    assert linxuan("audit", "verify", file, on=None).refused() == f"{file}中没有审计记录，请核对文件。"


def test_a_check_that_finds_faults_says_so_with_its_exit_code(linxuan: Linxuan, listed: Path) -> None:
    ran = linxuan("check", as_of="2025-01-01")
    assert ran.code == 1
    assert ran.out.startswith("发现")
    assert not linxuan("check", "--json", as_of="2025-01-01").json["ok"]


def test_a_backup_comes_back(linxuan: Linxuan, b3: Path, tmp_path: Path) -> None:
    linxuan(*ADD).done()
    file, back = tmp_path / "backup.zip", tmp_path / "back"
    assert linxuan("backup", file, "--with-key").done().startswith(f"已备份到{file}：")
    assert linxuan("backup", file).refused() == f"备份文件{file}已存在，请换一个文件名。"
    assert linxuan("restore", file, on=back).done().startswith(f"已恢复到{back}：")
    assert [user["login"] for user in linxuan("user", "list", "--json", on=back).json] == ["zhang"]
    assert linxuan("restore", file, on=back).code == 2


def test_the_database_says_which_version_it_has(linxuan: Linxuan, data: Path) -> None:
    assert linxuan("db", "status").code == 2
    assert linxuan("db", "upgrade").done().endswith("与本程序一致。\n")
    status = linxuan("db", "status", "--json").json
    assert (status["standing"], status["revision"]) == ("current", status["program"])


def test_incidents_are_listed_retried_and_closed(linxuan: Linxuan, listed: Path) -> None:
    from casework.incidents import open_incident
    from casework.installation import open_installation
    from casework.settings import Settings
    from cli.as_of import read_as_of
    from records.transaction import transaction

    assert linxuan("incident", "list").done() == "没有未办结的异常。\n"
    now = read_as_of("2025-01-01")
    installation = open_installation(Settings(data=listed), as_of=now)
    with transaction(installation.engine) as tx:
        open_incident(tx, "timer_failed", 1, "lapse", "示例原因", now)
        open_incident(tx, "no_address", 1, "listed", "没有邮箱", now)
    installation.close()
    found = linxuan("incident", "list", "--json").json
    assert [(each["id"], each["kind"], each["no"], each["attempts"]) for each in found] == [
        (2, "no_address", "B3-SJAQ-0001", 1), (1, "timer_failed", "B3-SJAQ-0001", 1),
    ]  # fmt: skip
    assert linxuan("incident", "retry", 1).done() == "异常1：已重新排入到期办理，下次巡检时执行。\n"
    assert linxuan("incident", "retry", 1).refused() == "没有编号为1的未办结异常。"
    assert linxuan("incident", "close", 2, "--stating", " ").refused() == (
        "办结异常须写明怎样处理的，请用 --stating 填写。"
    )
    assert linxuan("incident", "close", 2, "--stating", "已电话告知").done() == "异常2已办结：已电话告知。\n"
    assert linxuan("incident", "list").done() == "没有未办结的异常。\n"
    assert "已电话告知" in linxuan("incident", "list", "--all").done()


def test_a_sweep_of_the_future_says_that_it_is_one(linxuan: Linxuan, b3: Path) -> None:
    assert linxuan("sweep", as_of="2090-01-01").err == (
        "提示：--as-of（2090-01-01 00:00）晚于现在，写入的记录以该时间为准。\n"
    )
    assert linxuan("sweep", as_of="2024-05-20").err == ""


def test_nothing_to_send_is_no_failure(linxuan: Linxuan, b3: Path) -> None:
    assert linxuan("post", "--once").done() == "没有待发的通知。\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nothing.docx", "--from", "P12"], "找不到nothing.docx，请检查路径。"),
        ([".", "--from", "火星"], "没有推荐单位“火星”"),
        (["."], "请用 --from 写明由哪个推荐单位报来，如 --from 重庆。"),
        (
            [".", "--as", "zhang"],
            "推荐表由推荐单位报送，账号“zhang”的身份是工程指导协调小组办公室。（B3-4.3）",
        ),
        (
            [".", "--as", "cq", "--from", "天津"],
            "账号“cq”属于重庆市人力资源和社会保障局，不能代天津市人力资源和社会保障局报送。",
        ),
    ],
)
@pytest.mark.clause("B3-4.3")
def test_an_import_that_cannot_begin_is_refused(
    linxuan: Linxuan,
    b3: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    sentence: str,
) -> None:
    linxuan(*ADD).done()
    linxuan(
        *("cq" if word == "zhang" else word for word in ADD), "--role", "recommender", "--scope", "P50"
    ).done()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert linxuan("import", *words, "--call", "B3").refused().startswith(sentence)


def test_a_dry_run_reads_everything_and_leaves_nothing(linxuan: Linxuan, b3: Path, forms: Path) -> None:
    ran = linxuan(
        "import", *forms.glob("P12_*"), "--call", "B3", "--from", "P12", "--dry-run", as_of="2024-06-19"
    )
    assert "试运行，未写入：" in ran.done()
    assert linxuan("case", "list", "--json").json["total"] == 0
