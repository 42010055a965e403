"""What group robots are told: that cases are overdue, and the office's digest, each in one line a day.

A robot's line is a letter like any other: queued as a row, sent by the post, tried again, an incident in the end.
It is the subject of a letter to the office or its head, which names nobody.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from casework.actors import CLOCK
from casework.audit import Chain, Entry
from casework.settings import Settings
from records.transaction import transaction
from states.calendar import day_of
from states.roles import Role

if TYPE_CHECKING:
    from notifications.channels.robots import Robot

READERS = {"escalation": Role.HEAD, "digest": Role.OFFICE}
"""Whose letter of a kind a robot repeats: the one that speaks of the whole programme."""


def robots_of(settings: Settings) -> "Mapping[str, Robot]":
    """The robots that are set, by name."""
    asked = settings.robots
    if not (asked.wecom or asked.dingtalk or asked.feishu):
        return {}
    from notifications.channels.robots import DingTalk, Feishu, WeCom

    found: dict[str, Robot] = {}
    if asked.wecom:
        found["wecom"] = WeCom(asked.wecom.get_secret_value())
    if asked.dingtalk:
        secret = asked.dingtalk_secret
        found["dingtalk"] = DingTalk(
            asked.dingtalk.get_secret_value(), secret.get_secret_value() if secret else ""
        )
    if asked.feishu:
        secret = asked.feishu_secret
        found["feishu"] = Feishu(asked.feishu.get_secret_value(), secret.get_secret_value() if secret else "")
    return found


def queue_robot_letters(engine: Engine, settings: Settings, *, as_of: datetime) -> int:
    """Queue for each robot the lines of the day of ``as_of``, once; how many that is.

    They repeat letters that are queued already: call it after the digests.
    """
    robots = robots_of(settings)
    if not robots:
        return 0
    from notifications.channels.robots import PREFIX

    today = day_of(as_of)
    queued = 0
    with transaction(engine) as tx:
        chain = Chain(tx)  # also keeps a second run away where the database does not lock as a whole
        for letter in settings.robots.letters.split(","):
            row = tx.one(
                "SELECT subject FROM letter WHERE letter = ? AND role = ? AND occasion LIKE ? ORDER BY id LIMIT 1",
                (letter, str(READERS[letter]), f"{today}:%"),
            )
            if row is None:
                continue
            for name in robots:
                occasion = f"{today}:{PREFIX}{name}"
                if tx.one("SELECT 1 FROM letter WHERE letter = ? AND occasion = ?", (letter, occasion)):
                    continue
                tx.run(
                    "INSERT INTO letter (letter, role, recipient, occasion, clause, subject, body, message_id,"
                    " created_at, not_before, state, attempts) VALUES (?,'robot',?,?,'',?,?,?,?,?,'queued',0)",
                    (
                        letter, f"{PREFIX}{name}", occasion, row[0], f"{row[0]}\n详情请登录系统或查看邮件。",
                        f"<{letter}.{today}.{name}@{settings.mail.domain}>", as_of, as_of,
                    ),
                )  # fmt: skip
                queued += 1
        if queued:
            detail = {"letters": queued, "day": today}
            chain.append(Entry(as_of, as_of, CLOCK.signature, "letter", "robots", detail=detail))
            chain.write()
    return queued
