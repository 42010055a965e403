"""Group robots against a real HTTP server: the shape of what is posted, the signatures, the answers."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from notifications.channels.catcher import Catcher
from notifications.channels.robots import DingTalk, Feishu, Robot, WeCom, WithRobots
from notifications.mail import Delivery, Outcome, OutgoingMail, Sender

NOW = datetime(2024, 7, 18, 1, tzinfo=UTC)
SECOND = 1721264400
LINE = OutgoingMail("robot:it", "督办：3件", "督办：3件超期未办结", "<x@x>", NOW)
TAKEN = b'{"errcode": 0, "errmsg": "ok", "code": 0}'


@dataclass
class Group:
    """What was posted, and how every post is answered."""

    url: str = ""
    status: int = 200
    body: bytes = TAKEN
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@pytest.fixture
def group() -> Iterator[Group]:
    kept = Group()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.posts.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(kept.status)
            self.send_header("Content-Length", str(len(kept.body)))
            self.end_headers()
            self.wfile.write(kept.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/send?key=K"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def tell(robot: Robot, tmp_path: Path, message: OutgoingMail = LINE) -> Delivery:
    channel = WithRobots(Catcher(tmp_path, Sender("office@example.cn")), {"it": robot}, timeout=5.0)
    try:
        return channel.deliver(message)
    finally:
        channel.close()


def test_wecom_is_told_in_its_words(group: Group, tmp_path: Path) -> None:
    assert tell(WeCom(group.url), tmp_path) == Delivery(Outcome.SENT, "群机器人已收")
    assert group.posts == [("/send?key=K", {"msgtype": "text", "text": {"content": "督办：3件超期未办结"}})]


def test_dingtalk_is_told_with_its_signature_in_the_address(group: Group, tmp_path: Path) -> None:
    assert tell(DingTalk(group.url, "SEC示例"), tmp_path).outcome is Outcome.SENT
    [(path, body)] = group.posts
    asked = parse_qs(urlsplit(path).query)
    sign = hmac.new("SEC示例".encode(), f"{SECOND * 1000}\nSEC示例".encode(), "sha256").digest()
    assert asked == {
        "key": ["K"],
        "timestamp": [f"{SECOND * 1000}"],
        "sign": [base64.b64encode(sign).decode()],
    }
    assert body == {"msgtype": "text", "text": {"content": "督办：3件超期未办结"}}


def test_feishu_is_told_with_its_signature_in_the_body(group: Group, tmp_path: Path) -> None:
    assert tell(Feishu(group.url, "示例"), tmp_path).outcome is Outcome.SENT
    [(_, body)] = group.posts
    sign = base64.b64encode(hmac.new(f"{SECOND}\n示例".encode(), b"", "sha256").digest()).decode()
    assert body == {
        "timestamp": str(SECOND), "sign": sign, "msg_type": "text", "content": {"text": "督办：3件超期未办结"},
    }  # fmt: skip


@pytest.mark.parametrize("robot", [DingTalk, Feishu])
def test_without_a_secret_there_is_no_signature(group: Group, tmp_path: Path, robot: Any) -> None:
    tell(robot(group.url), tmp_path)
    [(path, body)] = group.posts
    assert (path, "sign" in body) == ("/send?key=K", False)


def test_feishu_used_to_answer_in_other_words(group: Group, tmp_path: Path) -> None:
    group.body = b'{"StatusCode": 0, "StatusMessage": "success"}'
    assert tell(Feishu(group.url), tmp_path).outcome is Outcome.SENT


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (
            200,
            b'{"errcode": 45009, "errmsg": "reach max api frequency limit"}',
            "群机器人未接收（错误码45009）",
        ),
        (200, b'{"errcode": 310000, "errmsg": "sign not match"}', "群机器人未接收（错误码310000）"),
        (200, b"not json", "群机器人未接收（错误码不明）"),
        (200, b"[]", "群机器人未接收（错误码不明）"),
        (200, b'{"errcode": "K"}', "群机器人未接收（错误码不明）"),
        (502, b"", "群机器人答复 HTTP 502"),
        (302, b"", "群机器人答复 HTTP 302"),
    ],
)
def test_whatever_is_wrong_with_a_robot_is_tried_again(
    group: Group, tmp_path: Path, status: int, body: bytes, answer: str
) -> None:
    group.status, group.body = status, body
    assert tell(WeCom(group.url), tmp_path) == Delivery(Outcome.LATER, answer)


def test_the_address_which_is_a_secret_is_in_no_error(tmp_path: Path) -> None:
    for url in ("http://127.0.0.1:1/send?key=K", "no address K"):
        delivery = tell(WeCom(url), tmp_path)
        assert (delivery.outcome, "K" in delivery.answer) == (Outcome.LATER, False)
    assert "K" not in repr(WeCom("http://127.0.0.1:1/send?key=K"))


def test_a_long_text_is_cut_between_characters(group: Group, tmp_path: Path) -> None:
    tell(WeCom(group.url), tmp_path, OutgoingMail("robot:it", "x", "督" * 1000, "<x@x>", NOW))
    assert group.posts[0][1]["text"]["content"] == "督" * 666


def test_letters_to_people_go_on_to_the_channel_behind(group: Group, tmp_path: Path) -> None:
    letter = OutgoingMail("zhang@example.cn", "通知", "正文", "<y@x>", NOW)
    assert tell(WeCom(group.url), tmp_path, letter).outcome is Outcome.SENT
    assert (group.posts, len(list(tmp_path.glob("*.eml")))) == ([], 1)
