"""One push: the bytes of an edition, signed, and a receipt from the other side that it has kept these very bytes."""

import json
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from casework.faults import os_fault
from casework.publication.attempts import Answered
from casework.publication.receivers import Receiver
from casework.signing import Signer
from notifications.mail import Delivery, Outcome, OutgoingMail
from states.draw.canonical import digest
from states.refusals import Refused

FOR_GOOD = frozenset({400, 406, 410, 411, 413, 414, 415, 422, 451})
ALREADY = 409
LONGEST_ANSWER = 64 << 10


@dataclass(slots=True)
class Push:
    """A channel of the post to one receiver.

    POSTs the edition as JSON. ``Idempotency-Key`` is the SHA-256 of the body, the same at every attempt;
    ``Linxuan-Signature`` is the Ed25519 signature of the body's bytes in base64, by the key ``Linxuan-Key-Id``.
    Only an answer 2xx (or 409, “have it already”) whose JSON carries that SHA-256 as ``sha256`` counts as arrived.
    After ``allowed`` failures in a row, ``failed`` of them before this run, it says that it is down.
    """

    receiver: Receiver
    signer: Signer
    timeout: float = 20.0
    allowed: int = 3
    failed: int = 0
    ca_file: Path | None = None
    repeatable: bool = False
    _client: httpx.Client | None = field(default=None, repr=False)

    def deliver(self, message: OutgoingMail) -> Delivery:
        """Push one edition. Never raises for what the other side does."""
        if self.failed >= self.allowed:
            return Delivery(Outcome.DOWN, f"{self.receiver.label}连续{self.failed}次推送失败，暂停推送")
        started = time.perf_counter()
        outcome, answer, status = self._push(message.body.encode())
        # A receiver that turns one object down for good is there all the same.
        self.failed = 0 if outcome in (Outcome.SENT, Outcome.REFUSED) else self.failed + 1
        return Answered(outcome, answer, status, round((time.perf_counter() - started) * 1000))

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _push(self, body: bytes) -> tuple[Outcome, str, int | None]:
        hash_ = digest(body.decode())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": hash_,
            "Linxuan-Key-Id": self.signer.key_id,
            "Linxuan-Signature": self.signer.sign(body),
        }
        if self._client is None:
            self._client = httpx.Client(timeout=self.timeout, verify=self._trusted())
        try:
            with self._client.stream("POST", self.receiver.url, content=body, headers=headers) as answer:
                said = self._read(answer)
                return _judged(answer.status_code, said, hash_)
        except httpx.TimeoutException:
            return Outcome.LATER, f"{self.timeout:g}秒内没有答复", None
        except httpx.ConnectError as error:
            return Outcome.LATER, _why_not_connected(error), None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            return Outcome.LATER, "接收地址有误，请改正设置 receivers", None
        except httpx.HTTPError as error:
            return Outcome.LATER, f"连接中断：{type(error).__name__}", None

    def _read(self, answer: httpx.Response) -> bytes:
        """The answer, as far as a receipt may reach; one that drips is a timeout all the same."""
        said, deadline = b"", time.perf_counter() + self.timeout
        for chunk in answer.iter_bytes():
            said += chunk
            if len(said) > LONGEST_ANSWER:
                break
            if time.perf_counter() > deadline:
                raise httpx.ReadTimeout("the answer does not end")
        return said

    def _trusted(self) -> ssl.SSLContext | bool:
        if self.ca_file is None:
            return True
        try:
            return ssl.create_default_context(cafile=str(self.ca_file))
        except ssl.SSLError:
            why = "不是 PEM 证书"
        except OSError as error:
            why = os_fault(error)
        raise Refused(f"设置 receivers.ca_file 指定的文件{self.ca_file}无法使用（{why}），请检查。")


def _judged(status: int, said: bytes, hash_: str) -> tuple[Outcome, str, int | None]:
    if 200 <= status < 300 or status == ALREADY:
        receipt = None
        with suppress(ValueError, AttributeError, TypeError, RecursionError):
            receipt = json.loads(said).get("sha256")
        if receipt == hash_:
            return Outcome.SENT, f"HTTP {status}", status
        why = "回执中没有校验值" if receipt is None else "回执的校验值与所发内容不符"
        return Outcome.LATER, f"HTTP {status}，{why}", status
    outcome = Outcome.REFUSED if status in FOR_GOOD else Outcome.LATER
    return outcome, f"HTTP {status}", status


def _why_not_connected(error: httpx.ConnectError) -> str:
    said = str(error).lower()
    if "certificate" in said or "ssl" in said:
        return "无法连接：对方证书不受信任"
    return "无法连接"
