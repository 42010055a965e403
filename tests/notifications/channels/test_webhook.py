"""The webhook channel against a real HTTP server: what is posted, signed, and how answers are read."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from notifications.channels.webhook import Webhook, WebhookAddress, signature
from notifications.mail import Delivery, Outcome, OutgoingMail


@dataclass
class Receiver:
    """What was posted, and the status every post is answered with; 0 hangs up without an answer."""

    url: str = ""
    status: int = 200
    posts: list[tuple[Message, bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            kept.posts.append((self.headers, content))
            if kept.status:
                self.send_response(kept.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/letters"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def webhook(receiver: Receiver) -> Iterator[Webhook]:
    channel = Webhook(WebhookAddress(receiver.url, "shared secret", timeout=5.0))
    yield channel
    channel.close()


def test_a_letter_is_posted_as_json(receiver: Receiver, webhook: Webhook, letter: OutgoingMail) -> None:
    assert webhook.deliver(letter) == Delivery(Outcome.SENT, "HTTP 200")
    [(headers, content)] = receiver.posts
    assert json.loads(content) == {
        "message_id": letter.message_id,
        "recipient": letter.recipient,
        "subject": letter.subject,
        "body": letter.body,
        "date": "2024-06-12T01:30:00+00:00",
    }
    assert headers["Idempotency-Key"] == letter.message_id.strip("<>")


def test_the_signature_covers_the_time_and_the_very_bytes(
    receiver: Receiver, webhook: Webhook, letter: OutgoingMail
) -> None:
    webhook.deliver(letter)
    [(headers, content)] = receiver.posts
    assert headers["X-Linxuan-Signature"] == signature(
        "shared secret", headers["X-Linxuan-Timestamp"], content
    )
    assert headers["X-Linxuan-Timestamp"] == "1718155800"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (204, Outcome.SENT),
        (302, Outcome.DOWN),
        (400, Outcome.REFUSED),
        (401, Outcome.DOWN),
        (404, Outcome.DOWN),
        (410, Outcome.REFUSED),
        (429, Outcome.LATER),
        (503, Outcome.LATER),
        (0, Outcome.BROKEN),
    ],
)
def test_answers_are_read_by_their_status(
    receiver: Receiver, webhook: Webhook, letter: OutgoingMail, status: int, outcome: Outcome
) -> None:
    receiver.status = status
    assert webhook.deliver(letter).outcome is outcome


def test_nobody_listening_is_down(letter: OutgoingMail) -> None:
    channel = Webhook(WebhookAddress("http://127.0.0.1:1/"))
    assert channel.deliver(letter).outcome is Outcome.DOWN
    channel.close()


def test_the_secret_is_not_shown() -> None:
    assert "shared secret" not in repr(WebhookAddress("http://127.0.0.1:1/", "shared secret"))
