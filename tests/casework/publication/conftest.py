"""A receiver as they are: a real HTTP server that keeps what it is sent, and fails in every way it is told to."""

import datetime
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from casework.publication.publish import PublishReport, publish
from casework.settings import Settings

PATIENCE = 0.5
"""Seconds we wait for a receiver in these tests; one that hangs does so for longer."""


@dataclass
class Receiver:
    """What came in, and what is done with the next requests: a word for each, ``good`` once they are used up."""

    url: str = ""
    port: int = 0
    will: list[str] = field(default_factory=list)
    always: str = "good"
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    kept: dict[str, bytes] = field(default_factory=dict)
    go: threading.Event = field(default_factory=threading.Event)

    @property
    def documents(self) -> list[Any]:
        """What it keeps, in the order of arrival."""
        return [json.loads(body) for body in self.kept.values()]

    def objects(self) -> list[tuple[str, int]]:
        """What it keeps, as object and edition."""
        return [(each["object"], each["number"]) for each in self.documents]


def handler_for(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.posts.append((dict(self.headers.items()), body))
            what = receiver.will.pop(0) if receiver.will else receiver.always
            hash_ = sha256(body).hexdigest()
            if what in ("good", "created", "already", "cut", "lie", "cut lie"):
                receiver.kept.setdefault(self.headers["Idempotency-Key"], body)
            receipt = json.dumps({"sha256": hash_}).encode()
            match what:
                case "good" | "created":
                    self.answer(200 if what == "good" else 201, receipt)
                case "already":
                    self.answer(409, receipt)
                case "lie":
                    self.answer(200, json.dumps({"sha256": "0" * 64}).encode())
                case "silent":
                    self.answer(200, b"")
                case "list":
                    self.answer(200, b"[1, 2]")
                case "deep":
                    self.answer(200, b"[" * 60_000)
                case "endless":
                    self.answer(200, b" " * 1_000_000)
                case "cut":
                    self.answer(200, receipt[:10], length=len(receipt))
                case "hang up":
                    self.close_connection = True
                case "hang":
                    receiver.go.wait(20)
                    self.close_connection = True
                case "drip":
                    self.send_response(200)
                    self.send_header("Content-Length", "1000")
                    self.end_headers()
                    for _ in range(20):
                        if receiver.go.wait(PATIENCE / 4):
                            break
                        try:
                            self.wfile.write(b" ")
                        except OSError:
                            break
                    self.close_connection = True
                case status:
                    self.answer(int(status), receipt)

        def answer(self, status: int, body: bytes, length: int | None = None) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("Location", receiver.url)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)
            if length is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class Server(ThreadingHTTPServer):
    """Says nothing of peers that went away."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


Serve = Callable[..., Receiver]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a receiver; with a TLS context it speaks HTTPS."""
    running: list[tuple[Server, threading.Thread, Receiver]] = []

    def start(context: ssl.SSLContext | None = None) -> Receiver:
        receiver = Receiver()
        server = Server(("127.0.0.1", 0), handler_for(receiver))
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_port
        receiver.url = f"http{'s' if context else ''}://127.0.0.1:{server.server_port}/in"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        running.append((server, thread, receiver))
        return receiver

    yield start
    for server, thread, receiver in running:
        receiver.go.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def platform(serve: Serve) -> Receiver:
    """The service platform."""
    return serve()


Publish = Callable[..., PublishReport]


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[..., Settings]:
    """Settings with these receivers."""

    def make(**receivers: Any) -> Settings:
        return Settings(data=tmp_path, receivers={"timeout": PATIENCE, **receivers})  # type: ignore[arg-type]

    return make


@pytest.fixture
def run(programme: Any, platform: Receiver, settings_for: Callable[..., Settings]) -> Publish:
    """Publish at an instant, to the platform unless other receivers are given."""

    def make(as_of: datetime.datetime, worker: str = "test", **receivers: Any) -> PublishReport:
        asked = receivers or {"platform": platform.url}
        return publish(programme.desk, settings_for(**asked), as_of=as_of, worker=worker)

    return make


@dataclass(frozen=True)
class Certificate:
    file: Path
    context: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A self-signed certificate for this machine, and a server's context with it."""
    folder = tmp_path_factory.mktemp("tls")
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
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return Certificate(public, context)
