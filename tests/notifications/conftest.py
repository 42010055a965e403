"""Real mail servers on this machine, good and bad, and a certificate for them."""

import asyncio
import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from notifications.mail import OutgoingMail, Sender


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Postbox:
    """What a server took in, and how it answers: by recipient, and at the end of DATA."""

    mails: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 OK"
    sender_answer: str = ""
    hangs_up: bool = False

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data_answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        if self.hangs_up:
            asyncio.get_running_loop().call_soon(server.transport.close)
        return self.data_answer


Serve = Callable[..., tuple[Postbox, int]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a mail server; gives its postbox and its port."""
    running: list[Controller] = []

    def start(**options: Any) -> tuple[Postbox, int]:
        postbox, port = Postbox(), free_port()
        controller = Controller(postbox, hostname="127.0.0.1", port=port, **options)
        controller.start()
        running.append(controller)
        return postbox, port

    yield start
    for controller in running:
        controller.stop(no_assert=True)


@pytest.fixture
def crude_server() -> Iterator[Callable[[list[bytes]], int]]:
    """A server that says the given lines, one after each line it hears, and then hangs up; an empty list hangs."""
    stop = threading.Event()
    threads: list[threading.Thread] = []
    sockets: list[socket.socket] = []

    def start(lines: list[bytes]) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        sockets.append(listener)
        threads.append(threading.Thread(target=_talk, args=(listener, lines, stop)))
        threads[-1].start()
        return listener.getsockname()[1]

    yield start
    stop.set()
    for each in sockets:
        each.shutdown(socket.SHUT_RDWR)
        each.close()
    for thread in threads:
        thread.join()


def _talk(listener: socket.socket, lines: list[bytes], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        with peer, peer.makefile("rb") as heard:
            if not lines:
                stop.wait()
                return
            for line in lines:
                peer.sendall(line)
                heard.readline()


@dataclass(frozen=True)
class Certificate:
    file: Path
    server: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A self-signed certificate for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2090, 1, 1, tzinfo=datetime.UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return Certificate(public, context)


@pytest.fixture
def sender() -> Sender:
    return Sender("linxuan@office.example.cn", "数字技术工程师培育项目办公室", "reply@office.example.cn")


@pytest.fixture
def letter() -> OutgoingMail:
    return OutgoingMail(
        "zhao@jiangbei.example.cn",
        "关于已收到申报的通知（B3-SJAQ-0007）",
        "江北测评中心：\n\n　　申报已于2024年6月12日收到。\n\n　　办理期限：2024年6月21日（含当日）\n\n办公室\n2024年6月12日",
        "<B3-SJAQ-0007.received.applicant.v2@office.example.cn>",
        datetime.datetime(2024, 6, 12, 1, 30, tzinfo=datetime.UTC),
    )
