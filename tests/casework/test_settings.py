"""Settings come from the environment and one file, and a wrong one stops the start with one sentence."""

from datetime import time
from pathlib import Path

import pytest

from casework.setting_values import Hours
from casework.settings import Settings, load_settings
from states.refusals import Refused


def refusal(data: Path, env: dict[str, str], toml: str = "") -> str:
    """What the start says, with the path of the settings file written as FILE."""
    if toml:
        (data / "linxuan.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_settings(data, env)
    return str(refused.value).replace(str(data / "linxuan.toml"), "FILE")


def test_nothing_set_gives_a_local_installation_that_mails_nobody(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings == Settings(data=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/linxuan.sqlite3"
    assert (settings.mail.channel, settings.mail.hours, settings.language) == ("catcher", None, "zh-CN")


@pytest.mark.clause("D-1")
def test_the_office_opens_at_nine_unless_it_says_otherwise(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}).office.opens == time(9, 0)
    assert load_settings(tmp_path, {"LINXUAN_OFFICE_OPENS": "8:30"}).office.opens == time(8, 30)


def test_the_file_is_read_from_the_data_folder_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / "linxuan.toml").write_text(
        'language = "en"\n[mail]\nhost = "mx.example.cn"\nport = 2525\nhours = "08:30-17:30"\n[office]\nopens = 08:00:00\n'
    )
    settings = load_settings(
        tmp_path, {"LINXUAN_MAIL_PORT": "26", "LINXUAN_LOG_LEVEL": "debug", "HOME": "/x"}
    )
    assert (settings.mail.host, settings.mail.port, settings.log_level) == ("mx.example.cn", 26, "debug")
    assert (settings.mail.hours, settings.office.opens) == (Hours(time(8, 30), time(17, 30)), time(8))
    assert settings.language == "en"


@pytest.mark.clause("M24-7.3b")
def test_links_of_experts_last_three_days_unless_the_office_says_otherwise(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}).links.hours == 72
    told = {"LINXUAN_LINKS_HOURS": "24", "LINXUAN_LINKS_ADDRESS": "https://pingshen.example.cn"}
    settings = load_settings(tmp_path, told)
    assert (settings.links.hours, settings.links.address) == (24, "https://pingshen.example.cn")
    assert refusal(tmp_path, {"LINXUAN_LINKS_HOURS": "0"}).endswith("专家链接的有效小时数，1至336的整数。")


def test_another_file_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text('log_level = "error"')
    env = {"LINXUAN_CONFIG": str(tmp_path / "elsewhere.toml"), "LINXUAN_DATA": str(tmp_path / "d")}
    settings = load_settings(None, env)
    assert (settings.log_level, settings.data) == ("error", tmp_path / "d")


def test_the_folder_on_the_command_line_goes_before_the_environment(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"LINXUAN_DATA": "/elsewhere"}).data == tmp_path


@pytest.mark.parametrize(
    ("security", "port", "served"),
    [("starttls", None, 587), ("tls", None, 465), ("none", None, 25), ("tls", 2525, 2525)],
)
def test_a_mail_server_has_its_usual_port_unless_told(security: str, port: int | None, served: int) -> None:
    settings = Settings.model_validate({"mail": {"security": security, "port": port}})
    assert settings.mail.server_port == served


def test_secrets_come_from_files_beside_the_data(tmp_path: Path) -> None:
    (tmp_path / "mail.password").write_text("hunter2-hunter2\n")
    settings = load_settings(tmp_path, {"LINXUAN_MAIL_PASSWORD_FILE": "mail.password"})
    assert settings.mail_password == "hunter2-hunter2"
    assert settings.webhook_secret == ""
    missing = load_settings(tmp_path, {"LINXUAN_WEBHOOK_SECRET_FILE": "none"})
    with pytest.raises(Refused) as refused:
        _ = missing.webhook_secret
    assert str(refused.value) == (
        f"设置 webhook.secret_file 指定的文件{tmp_path}/none无法读取（路径不存在），请检查路径和权限。"
    )


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"LINXUAN_MAIL_PORT": "abc"}, "环境变量 LINXUAN_MAIL_PORT 的值“abc”无效，应为1至65535的整数。"),
        (
            {"LINXUAN_OFFICE_OPENS": "9点"},
            "环境变量 LINXUAN_OFFICE_OPENS 的值“9点”无效，应为形如 09:00 的北京时间。",
        ),
        (
            {"LINXUAN_MAIL_HOURS": "17:30-08:30"},
            "环境变量 LINXUAN_MAIL_HOURS 的值“17:30-08:30”无效，应为形如 08:30-17:30 的时段，结束须晚于开始。",
        ),
        ({"LINXUAN_LANGUAGE": "fr"}, "环境变量 LINXUAN_LANGUAGE 的值“fr”无效，应为zh-CN 或 en。"),
        (
            {"LINXUAN_WEBHOOK_URL": "ftp://x"},
            "环境变量 LINXUAN_WEBHOOK_URL 的值“ftp://x”无效，应为以 http:// 或 https:// 开头的地址。",
        ),
        (
            {"LINXUAN_MAIL_SENDER": "nobody"},
            "环境变量 LINXUAN_MAIL_SENDER 的值“nobody”无效，应为有效的电子邮箱地址，形如 linxuan@example.cn。",
        ),
        (
            {"LINXUAN_MAIL_SENDER_NAME": "办公室\nBcc: x@example.cn"},
            "环境变量 LINXUAN_MAIL_SENDER_NAME 的值“办公室 Bcc: x@example.cn”无效，应为不含换行等控制字符的一行文字。",
        ),
        (
            {"LINXUAN_MIAL_PORT": "25"},
            "没有名为 LINXUAN_MIAL_PORT 的环境变量设置，是否应为 LINXUAN_MAIL_PORT？",
        ),
        (
            {"LINXUAN_CONFIG": "/none.toml"},
            "环境变量 LINXUAN_CONFIG 指定的配置文件/none.toml不存在，请检查路径。",
        ),
        (
            {"LINXUAN_MAIL_CHANNEL": "smtp"},
            "设置有误：mail.channel 为 smtp 时必须设置 mail.host，请在配置文件FILE或环境变量中改正。",
        ),
        (
            {"LINXUAN_MAIL_CHANNEL": "webhook"},
            "设置有误：mail.channel 为 webhook 时必须设置 webhook.url，请在配置文件FILE或环境变量中改正。",
        ),
        (
            {"LINXUAN_ENCRYPTION_KEYS": "a", "LINXUAN_ENCRYPTION_KEY_FILE": "b"},
            "设置有误：encryption.keys 与 encryption.key_file 只能设置一项，请在配置文件FILE或环境变量中改正。",
        ),
    ],
)
def test_a_wrong_environment_is_refused_by_name_value_and_what_is_allowed(
    tmp_path: Path, env: dict[str, str], sentence: str
) -> None:
    assert refusal(tmp_path, env) == sentence


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("[mail]\nport = 70000", "配置文件FILE中 mail.port 的值“70000”无效，应为1至65535的整数。"),
        (
            "[mail]\nport = 0\nhots = 1",
            "配置文件FILE中 mail.port 的值“0”无效，应为1至65535的整数（另有1项设置有误）。",
        ),
        ('[mail]\nhots = "x"', "配置文件FILE中没有名为 mail.hots 的设置，是否应为 mail.host？"),
        ("frobnicate = 1", "配置文件FILE中没有名为 frobnicate 的设置，请核对名称。"),
        ('mail = "x"', "配置文件FILE中的 mail 应是一组设置，写作 [mail]。"),
        ("a = = b", "配置文件FILE第1行第5列不符合 TOML 格式，请改正后重试。"),
        ('data = "x"', "配置文件FILE中不能设置 data，请改用环境变量 LINXUAN_DATA 或命令行参数 --data。"),
    ],
)
def test_a_wrong_file_is_refused_by_place_value_and_what_is_allowed(
    tmp_path: Path, toml: str, sentence: str
) -> None:
    assert refusal(tmp_path, {}, toml) == sentence


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "linxuan.toml").write_bytes('[mail]\nsender_name = "办公室"'.encode("gb18030"))
    assert refusal(tmp_path, {}) == "配置文件FILE不是 UTF-8 编码，请另存为 UTF-8 后重试。"


@pytest.mark.parametrize(
    ("env", "toml"),
    [
        ({"LINXUAN_DATABASE": "mysql://clerk:geheim@db.example.cn/x"}, ""),
        ({"LINXUAN_DATABASE": "geheim"}, ""),
        ({}, "[mail]\npassword = ['geheim']"),
        ({}, "[encryption]\nkeys = ['geheim']"),
        ({}, "[webhook]\nsecret = ['geheim']"),
    ],
)
def test_a_refusal_never_repeats_a_secret(tmp_path: Path, env: dict[str, str], toml: str) -> None:
    said = refusal(tmp_path, env, toml)
    assert "geheim" not in said
    assert said.endswith("。")


def test_settings_shown_in_a_log_hide_their_secrets(tmp_path: Path) -> None:
    env = {
        "LINXUAN_DATABASE": "postgresql+psycopg://clerk:geheim@db.example.cn/x",
        "LINXUAN_MAIL_PASSWORD": "geheim", "LINXUAN_ENCRYPTION_KEYS": "geheim", "LINXUAN_WEBHOOK_SECRET": "geheim",
    }  # fmt: skip
    settings = load_settings(tmp_path, env)
    assert "geheim" not in repr(settings) + str(settings)
    assert settings.database_url == env["LINXUAN_DATABASE"]
