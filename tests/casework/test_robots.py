"""What group robots are told, once a day, and that their trouble is not the mail's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.channels import open_channel
from casework.installation import scratch_installation
from casework.post import WAITS, post
from casework.robots import queue_robot_letters
from casework.settings import Settings
from notifications.channels.catcher import Catcher
from notifications.channels.robots import WithRobots
from notifications.mail import Delivery, Outcome, OutgoingMail, Sender

Programme = Any  # of conftest

NOW = datetime(2024, 7, 18, 1, tzinfo=UTC)
ROBOTS = {"wecom": "https://robot.example.cn/?key=1", "feishu": "https://robot.example.cn/hook/2"}


def settings(tmp_path: Path, **robots: Any) -> Settings:
    return Settings(data=tmp_path, robots=robots)  # type: ignore[arg-type]


@pytest.fixture
def told(programme: Programme) -> Programme:
    """A programme whose head and office have their letters of the day."""
    for letter, role, subject in (
        ("escalation", "head", "督办（2024年7月18日）：3件超期未办结"),
        ("digest", "office", "每日汇总（2024年7月18日）：逾期3件"),
        ("digest", "recommender", "每日汇总（2024年7月18日）：推荐单位的"),
    ):
        programme.spoil(
            "INSERT INTO letter (letter, role, recipient, occasion, clause, subject, body, message_id, created_at,"
            " not_before, state, attempts) VALUES (?, ?, 'zhang@example.cn', '2024-07-18:zhang', '', ?, '张示例：', ?, ?, ?,"
            " 'queued', 0)",
            letter, role, subject, f"<{letter}.{role}@x>", NOW, NOW,
        )  # fmt: skip
    return programme


def lines(programme: Programme) -> list[tuple[str, str]]:
    return [
        (row[0], row[1])
        for row in programme.rows("SELECT recipient, body FROM letter WHERE role = 'robot' ORDER BY id")
    ]


def test_each_robot_is_told_each_line_once_and_nobody_is_named(told: Programme, tmp_path: Path) -> None:
    asked = settings(tmp_path, **ROBOTS)
    counts = [queue_robot_letters(told.desk.engine, asked, as_of=NOW) for _ in range(2)]
    assert counts == [4, 0]
    escalation = "督办（2024年7月18日）：3件超期未办结\n详情请登录系统或查看邮件。"
    digest = "每日汇总（2024年7月18日）：逾期3件\n详情请登录系统或查看邮件。"
    assert lines(told) == [
        ("robot:wecom", escalation), ("robot:feishu", escalation), ("robot:wecom", digest), ("robot:feishu", digest),
    ]  # fmt: skip


def test_only_the_chosen_letters_are_told(told: Programme, tmp_path: Path) -> None:
    asked = settings(tmp_path, wecom=ROBOTS["wecom"], letters="escalation")
    assert queue_robot_letters(told.desk.engine, asked, as_of=NOW) == 1


def test_a_day_with_nothing_to_say_is_not_mentioned(told: Programme, tmp_path: Path) -> None:
    asked = settings(tmp_path, **ROBOTS)
    assert queue_robot_letters(told.desk.engine, asked, as_of=NOW + timedelta(days=1)) == 0


def test_without_robots_nothing_changes(told: Programme, tmp_path: Path) -> None:
    assert queue_robot_letters(told.desk.engine, settings(tmp_path), as_of=NOW) == 0
    assert lines(told) == []


def test_a_robot_that_is_down_is_tried_again_and_the_mail_leaves(told: Programme, tmp_path: Path) -> None:
    class Down:
        def request(self, text: str, at: int) -> tuple[str, dict[str, Any]]:
            return "http://127.0.0.1:1/", {"text": text}

        def accepted(self, answer: Any) -> bool:
            return True

    queue_robot_letters(told.desk.engine, settings(tmp_path, **ROBOTS), as_of=NOW)
    catcher = Catcher(tmp_path / "outbox", Sender("office@example.cn"))
    report = post(
        told.desk.engine, WithRobots(catcher, {"wecom": Down(), "feishu": Down()}), as_of=NOW, worker="test"
    )
    assert (report.sent, report.later, report.stopped) == (3, 4, "")
    found = told.rows("SELECT DISTINCT state, error, not_before FROM letter WHERE role = 'robot'")
    assert found == [
        ("queued", "群机器人未应答：ConnectError", (NOW + WAITS[0]).strftime("%Y-%m-%d %H:%M:%S.%f"))
    ]


def test_a_robot_no_longer_set_is_refused_not_mailed(tmp_path: Path) -> None:
    catcher = Catcher(tmp_path / "outbox", Sender("office@example.cn"))
    letter = OutgoingMail("robot:wecom", "x", "x", "<x@x>", NOW)
    assert WithRobots(catcher, {}).deliver(letter) == Delivery(Outcome.REFUSED, "这个群机器人已不在设置中")


def test_the_channel_of_an_installation_has_its_robots_before_it(tmp_path: Path) -> None:
    changes = {
        "robots": {**ROBOTS, "dingtalk": "https://d.example.cn/", "dingtalk_secret": "s", "timeout": 3}
    }
    channel = open_channel(scratch_installation(tmp_path, as_of=NOW, changes=changes))
    assert isinstance(channel, WithRobots)
    assert (sorted(channel.robots), channel.timeout) == (["dingtalk", "feishu", "wecom"], 3)
    assert isinstance(channel.behind, Catcher)
    assert "key=1" not in repr(channel.robots)
