"""Letters through a mail server: one connection kept for a run, every answer read by its code.

The mail library is asynchronous and the post is not: the connection lives on a thread of its own, so that the
channel works the same whether or not its caller runs inside an event loop.
"""

import asyncio
import ssl
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from notifications.mail import Delivery, Outcome, OutgoingMail, Sender, address, compose

SERVICE_CLOSING = 421
LAST_TURNS = 3
"""Turns of the loop in which a dropped connection, encrypted or not, is let go of."""
NEEDS_SIGN_IN = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where the mail server is and how to talk to it.

    ``security``: ``starttls`` upgrades a plain connection and fails when the server cannot; ``tls`` is
    encrypted from the first byte; ``none`` is for a server on this machine. ``timeout`` is in seconds, for each
    answer. ``authority`` is a file of certificates to trust instead of the system's.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    login: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0
    authority: Path | None = None


class Smtp:
    """The channel of a mail server."""

    repeatable = False

    def __init__(self, server: MailServer, sender: Sender) -> None:
        self.server, self.sender = server, sender
        self._client: SMTP | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._runner: asyncio.Runner | None = None

    def deliver(self, message: OutgoingMail) -> Delivery:
        """Hand one letter to the server."""
        try:
            content = compose(message, self.sender).as_bytes()
            recipient = address(message.recipient).addr_spec
        except ValueError as error:
            return Delivery(Outcome.REFUSED, str(error))
        delivery: Delivery = self._run(self._deliver(recipient, content))
        return delivery

    def close(self) -> None:
        """Say goodbye to the server and end the thread."""
        if self._thread is None or self._runner is None:
            return
        with suppress(SMTPException, OSError):
            self._run(self._part())
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()
        self._client = self._thread = self._runner = None

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        if self._thread is None or self._runner is None:
            self._thread = ThreadPoolExecutor(1, "smtp")
            self._runner = asyncio.Runner()
        return self._thread.submit(self._runner.run, work).result()

    async def _deliver(self, recipient: str, content: bytes) -> Delivery:
        try:
            client = await self._begin()
        except (SMTPException, OSError, ValueError) as error:
            self._drop()
            return Delivery(
                Outcome.DOWN, f"邮件服务器{self.server.host}:{self.server.port}不可用：{_said(error)}"
            )
        try:
            await client.rcpt(recipient)
            await client.data(content)
        except SMTPResponseException as error:
            outcome = _outcome(error.code)
            await self._start_over(client, outcome)
            return Delivery(outcome, _said(error))
        except (SMTPException, OSError) as error:
            self._drop()
            return Delivery(Outcome.BROKEN, f"发送中途连接中断：{_said(error)}")
        return Delivery(Outcome.SENT, "250")

    async def _begin(self) -> SMTP:
        """A connection that has accepted our sender; a kept one that has gone stale is replaced once."""
        if self._client is not None and self._client.is_connected:
            try:
                await self._client.mail(self.sender.mail)
                return self._client
            except (SMTPException, OSError):
                self._drop()
        self._client = client = self._connection()
        await client.connect()
        await client.mail(self.sender.mail)
        return client

    def _connection(self) -> SMTP:
        server = self.server
        context = None
        if server.security != "none":
            context = ssl.create_default_context(cafile=str(server.authority) if server.authority else None)
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.login or None,
            password=server.password or None,
            local_hostname=self.sender.mail.partition("@")[2] or "localhost",
            timeout=server.timeout,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=context,
        )

    async def _start_over(self, client: SMTP, outcome: Outcome) -> None:
        """Forget the letter that was turned away, keeping the connection where that works."""
        if outcome is Outcome.DOWN:
            self._drop()
            return
        try:
            await client.rset()
        except (SMTPException, OSError):
            self._drop()

    async def _part(self) -> None:
        """Say goodbye, and see the connection through to its end: the loop does not turn any more after this."""
        transport = self._client.transport if self._client is not None else None
        try:
            if self._client is not None and self._client.is_connected:
                await self._client.quit(timeout=min(5.0, self.server.timeout))
        finally:
            self._drop()
            _cut(transport)
            for _ in range(LAST_TURNS):
                await asyncio.sleep(0)

    def _drop(self) -> None:
        if self._client is not None:
            transport = self._client.transport
            self._client.close()
            _cut(transport)
            self._client = None


def _cut(transport: asyncio.BaseTransport | None) -> None:
    """End a connection without waiting for the other side to say goodbye, as an encrypted one would."""
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


def _outcome(code: int) -> Outcome:
    """4xx asks to come again, 5xx is for good; what concerns the session is not the letter's fault."""
    if code == SERVICE_CLOSING or code in NEEDS_SIGN_IN:
        return Outcome.DOWN
    return Outcome.REFUSED if code >= 500 else Outcome.LATER


def _said(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {' '.join(str(error.message).split())}"[:300]
    return " ".join(f"{type(error).__name__} {error}".split())[:300]
