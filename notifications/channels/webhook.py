"""Letters as JSON to a web address, signed so that the other side can tell they are ours."""

import hmac
import json
from dataclasses import dataclass, field

import httpx

from notifications.mail import Delivery, Outcome, OutgoingMail

LATER = frozenset({408, 409, 423, 425, 429})
MISCONFIGURED = frozenset({401, 403, 404, 405, 407})


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Where to, the secret that signs (empty: no signature), and the seconds to wait."""

    url: str
    secret: str = field(default="", repr=False)
    timeout: float = 15.0


class Webhook:
    """POSTs one JSON object per letter: message_id, recipient, subject, body, date.

    ``X-Linxuan-Signature`` is ``sha256=`` and the HMAC-SHA-256 of the timestamp header, a full stop and the raw
    body. ``Idempotency-Key`` is the message id, the same at every attempt.
    """

    repeatable = False

    def __init__(self, address: WebhookAddress) -> None:
        self.address = address
        self._client: httpx.Client | None = None

    def deliver(self, message: OutgoingMail) -> Delivery:
        """Post one letter and read the answer by its status."""
        content = payload(message)
        timestamp = str(int(message.date.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.message_id.strip("<>"),
            "X-Linxuan-Timestamp": timestamp,
        }
        if self.address.secret:
            headers["X-Linxuan-Signature"] = signature(self.address.secret, timestamp, content)
        if self._client is None:
            self._client = httpx.Client(timeout=self.address.timeout)
        try:
            answer = self._client.post(self.address.url, content=content, headers=headers)
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.UnsupportedProtocol,
            httpx.InvalidURL,
        ) as error:
            return Delivery(Outcome.DOWN, f"无法连接：{type(error).__name__}")
        except (httpx.TransportError, httpx.TooManyRedirects) as error:
            return Delivery(Outcome.BROKEN, f"对方未应答：{type(error).__name__}")
        return Delivery(_outcome(answer.status_code), f"HTTP {answer.status_code}")

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None


def payload(message: OutgoingMail) -> bytes:
    """The JSON of a letter, in UTF-8."""
    fields = {
        "message_id": message.message_id,
        "recipient": message.recipient,
        "subject": message.subject,
        "body": message.body,
        "date": message.date.isoformat(),
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, timestamp: str, content: bytes) -> str:
    """The signature the other side computes and compares."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + content, "sha256").hexdigest()
    return f"sha256={digest}"


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.SENT
    if status in LATER or status >= 500:
        return Outcome.LATER
    if status in MISCONFIGURED or status < 400:
        return Outcome.DOWN
    return Outcome.REFUSED
