"""Group robots of WeCom, DingTalk and Feishu: one line of text to a group, nothing personal in it.

A robot is a recipient like ``robot:wecom``. What a robot answers never holds up the mail: whatever is wrong with it
is tried again later.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from notifications.mail import Channel, Delivery, Outcome, OutgoingMail

PREFIX = "robot:"
LONGEST = 2000
"""Bytes of text that all three take."""


class Robot(Protocol):
    """One kind of robot: how a text is posted to it, and what its answer means."""

    def request(self, text: str, at: int) -> tuple[str, dict[str, Any]]:
        """The address and the JSON to post; ``at`` is the second of sending since 1970."""
        ...

    def accepted(self, answer: Mapping[str, Any]) -> bool:
        """Whether the answer, which comes as HTTP 200 in any case, says that it was taken."""
        ...


@dataclass(frozen=True, slots=True)
class WeCom:
    """企业微信: the key stands in the address; there is no signature."""

    url: str = field(repr=False)

    def request(self, text: str, at: int) -> tuple[str, dict[str, Any]]:
        return self.url, {"msgtype": "text", "text": {"content": text}}

    def accepted(self, answer: Mapping[str, Any]) -> bool:
        return answer.get("errcode") == 0


@dataclass(frozen=True, slots=True)
class DingTalk:
    """钉钉: with 加签, the HMAC of milliseconds and secret goes into the address."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)

    def request(self, text: str, at: int) -> tuple[str, dict[str, Any]]:
        url = httpx.URL(self.url)
        if self.secret:
            timestamp = str(at * 1000)
            sign = _hmac(self.secret, f"{timestamp}\n{self.secret}")
            url = url.copy_merge_params({"timestamp": timestamp, "sign": sign})
        return str(url), {"msgtype": "text", "text": {"content": text}}

    def accepted(self, answer: Mapping[str, Any]) -> bool:
        return answer.get("errcode") == 0


@dataclass(frozen=True, slots=True)
class Feishu:
    """飞书: with 签名校验, seconds and an HMAC keyed with seconds and secret go into the body."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)

    def request(self, text: str, at: int) -> tuple[str, dict[str, Any]]:
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if self.secret:
            body = {"timestamp": str(at), "sign": _hmac(f"{at}\n{self.secret}", ""), **body}
        return self.url, body

    def accepted(self, answer: Mapping[str, Any]) -> bool:
        return bool(answer.get("code", answer.get("StatusCode")) == 0)


class WithRobots:
    """A channel that hands letters to ``robot:…`` to that robot, and everything else to the channel behind it."""

    repeatable = False

    def __init__(self, behind: Channel, robots: Mapping[str, Robot], timeout: float = 10.0) -> None:
        self.behind, self.robots, self.timeout = behind, dict(robots), timeout
        self._client: httpx.Client | None = None

    def deliver(self, message: OutgoingMail) -> Delivery:
        """Hand one letter over."""
        if not message.recipient.startswith(PREFIX):
            return self.behind.deliver(message)
        robot = self.robots.get(message.recipient.removeprefix(PREFIX))
        if robot is None:
            return Delivery(Outcome.REFUSED, "这个群机器人已不在设置中")
        return self._tell(robot, message)

    def close(self) -> None:
        """Close every connection."""
        self.behind.close()
        if self._client is not None:
            self._client.close()
            self._client = None

    def _tell(self, robot: Robot, message: OutgoingMail) -> Delivery:
        text = message.body.encode()[:LONGEST].decode(errors="ignore")
        if self._client is None:
            self._client = httpx.Client(timeout=self.timeout)
        try:
            url, body = robot.request(text, int(message.date.timestamp()))
            answer = self._client.post(url, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The address is a secret: only the kind of error is told.
            return Delivery(Outcome.LATER, f"群机器人未应答：{type(error).__name__}")
        if answer.status_code != httpx.codes.OK:
            return Delivery(Outcome.LATER, f"群机器人答复 HTTP {answer.status_code}")
        try:
            said = json.loads(answer.content)
        except ValueError:
            said = None
        if isinstance(said, dict) and robot.accepted(said):
            return Delivery(Outcome.SENT, "群机器人已收")
        code = said.get("errcode", said.get("code")) if isinstance(said, dict) else None
        return Delivery(Outcome.LATER, f"群机器人未接收（错误码{code if isinstance(code, int) else '不明'}）")


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), "sha256").digest()).decode()
