"""Single values of settings: what is taken, and the Chinese words for what is not."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from states.forms.identities import mailbox_fault
from states.places import OFFICES

ROBOT_LETTERS = ("escalation", "digest")

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)(:00)?")


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of the working day on the Shanghai clock: from `opens`, up to but not including `closes`."""

    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


def wall_time(value: Any) -> time:
    """A Shanghai wall-clock time, written 09:00."""
    if isinstance(value, time) and value.tzinfo is None:
        return value
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("形如 09:00 的北京时间")
    return time(int(found[1]), int(found[2]))


def hours(value: Any) -> Hours | None:
    """A span of the day, written 08:30-17:30; empty means the whole day."""
    if value is None or isinstance(value, Hours):
        return value
    parts = re.split(r"\s*[-–—~至]\s*", value.strip()) if isinstance(value, str) else []
    if parts == [""]:
        return None
    if len(parts) != 2:
        raise ValueError("形如 08:30-17:30 的时段，留空表示不限")
    opens, closes = wall_time(parts[0]), wall_time(parts[1])
    if closes <= opens:
        raise ValueError("形如 08:30-17:30 的时段，结束须晚于开始")
    return Hours(opens, closes)


def address(value: str) -> str:
    """One mail address, or empty."""
    if value and mailbox_fault(value):
        raise ValueError("有效的电子邮箱地址，形如 linxuan@example.cn")
    return value


def web_address(value: str) -> str:
    """An http or https URL, or empty."""
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if value and not sound:
        raise ValueError("以 http:// 或 https:// 开头的地址")
    return value


def secret_web_address(value: SecretStr | None) -> SecretStr | None:
    """An http or https URL that is itself a secret, as those of group robots are; empty is none."""
    if value is None or not value.get_secret_value():
        return None
    web_address(value.get_secret_value())
    return value


def province_addresses(value: str) -> str:
    """Addresses of provinces, written 50=https://…,46=https://…; in the order of the digits."""
    found: dict[str, str] = {}
    for part in re.split(r"[,，;；\s]+", value.strip()) if value.strip() else ():
        province, _, url = part.partition("=")
        if f"P{province}" not in OFFICES or not url or province in found:
            raise ValueError("形如 50=https://sheng.example.cn/in 的各省接收地址，每省一个，多个用逗号分开")
        found[province] = web_address(url)
    return ",".join(f"{province}={url}" for province, url in sorted(found.items()))


def robot_letters(value: str) -> str:
    """The kinds of letters robots are told of, written escalation,digest."""
    words = set(filter(None, re.split(r"[,，、\s]+", value)))
    if not words or not words <= set(ROBOT_LETTERS):
        raise ValueError("escalation（督办）、digest（每日汇总）中的一项或两项，用逗号分开")
    return ",".join(letter for letter in ROBOT_LETTERS if letter in words)


def no_line_break(value: str) -> str:
    """Text that may stand in a mail header."""
    if not value.isprintable():
        raise ValueError("不含换行等控制字符的一行文字")
    return value
