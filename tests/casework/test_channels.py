"""The channel the settings ask for."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from casework.channels import office_hours, open_channel
from casework.installation import Installation, scratch_installation
from notifications.channels.catcher import Catcher
from notifications.channels.smtp import MailServer, Smtp
from notifications.channels.webhook import Webhook, WebhookAddress
from notifications.mail import Sender
from states.calendar import at_time
from states.refusals import Refused

NOW = datetime(2024, 6, 12, 2, tzinfo=UTC)


def made(folder: Path, **changes: Any) -> Installation:
    return scratch_installation(folder, as_of=NOW, changes=changes)


def test_letters_stay_in_the_data_folder_unless_a_server_is_named(tmp_path: Path) -> None:
    channel = open_channel(made(tmp_path))
    assert isinstance(channel, Catcher)
    assert channel.folder == tmp_path / "outbox"


def test_a_mail_server_is_used_as_the_settings_say(tmp_path: Path) -> None:
    (tmp_path / "mail.password").write_text("示例口令\n", encoding="utf-8")
    mail = {
        "channel": "smtp", "host": "mail.example.cn", "security": "tls", "login": "office", "timeout": 12,
        "password_file": "mail.password", "sender": "office@example.cn", "sender_name": "示例办公室",
        "reply_to": "answers@example.cn",
    }  # fmt: skip
    channel = open_channel(made(tmp_path, mail=mail))
    assert isinstance(channel, Smtp)
    assert channel.server == MailServer("mail.example.cn", 465, "tls", "office", "示例口令", 12)
    assert channel.sender == Sender("office@example.cn", "示例办公室", "answers@example.cn")


def test_a_web_address_is_used_as_the_settings_say(tmp_path: Path) -> None:
    webhook = {"url": "https://hook.example.cn/x", "secret": "示例密钥", "timeout": 5}
    channel = open_channel(made(tmp_path, mail={"channel": "webhook"}, webhook=webhook))
    assert isinstance(channel, Webhook)
    assert channel.address == WebhookAddress("https://hook.example.cn/x", "示例密钥", 5)


def test_a_missing_password_file_is_refused_in_words(tmp_path: Path) -> None:
    mail = {
        "channel": "smtp", "host": "mail.example.cn", "login": "office", "password_file": "gone",
        "sender": "office@example.cn",
    }  # fmt: skip
    with pytest.raises(Refused, match=r"mail\.password_file 指定的文件.+无法读取（路径不存在）"):
        open_channel(made(tmp_path, mail=mail))


def test_letters_leave_at_any_time_unless_hours_are_set(tmp_path: Path) -> None:
    assert office_hours(made(tmp_path)) is None


def test_office_hours_follow_the_calendar(tmp_path: Path) -> None:
    hours = office_hours(made(tmp_path, mail={"hours": "08:30-17:30"}))
    assert hours is not None
    assert (hours.opens, hours.closes) == (time(8, 30), time(17, 30))
    # 29 September 2024 is a Sunday that was worked.
    assert hours.is_open(at_time(date(2024, 9, 29), 9))
