"""The installation's Ed25519 key: made on first use, kept encrypted in the database, and signatures anyone checks.

It lies where everything else lies, encrypted with the key file: it travels in backups, and several machines on one
database sign alike. Its birth stands in the audit log, so that nobody can put another in its place unseen.
"""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from sqlalchemy import Engine

from casework.audit import Entry, append
from records.crypt import decrypt, encrypt
from records.transaction import transaction
from states.refusals import Refused

NAME = "first"
KEY_BYTES, SIGNATURE_BYTES = 32, 64


@dataclass(frozen=True, slots=True)
class Signer:
    """A key to sign with. ``public`` is the base64 of the raw 32 bytes; ``key_id`` recognises it in short."""

    public: str
    key_id: str
    _private: Ed25519PrivateKey = field(repr=False)

    def sign(self, content: bytes) -> str:
        """The detached signature of these very bytes, in base64: always the same."""
        return base64.b64encode(self._private.sign(content)).decode()

    @property
    def pem(self) -> str:
        """The public half as PEM, for OpenSSL and others."""
        written = self._private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return written.decode()


def signer(engine: Engine, *, as_of: datetime) -> Signer:
    """The key of the installation; made, and entered in the audit log, when there is none yet."""
    with transaction(engine) as tx:
        row = tx.one("SELECT private FROM signing_key WHERE name = ?", (NAME,))
        if row is None:
            made = Ed25519PrivateKey.generate()
            new = signer_of(made)
            fresh = tx.run(
                "INSERT INTO signing_key (name, key_id, public, private, made_at) VALUES (?,?,?,?,?)"
                " ON CONFLICT DO NOTHING",
                (NAME, new.key_id, new.public, encrypt(made.private_bytes_raw().hex()), as_of),
            ).rowcount
            if fresh:
                detail = {"key_id": new.key_id, "public": new.public}
                append(tx, [Entry(as_of, as_of, "system:linxuan", "signing", "key_made", detail=detail)])
            row = tx.one("SELECT private FROM signing_key WHERE name = ?", (NAME,))
    assert row is not None
    return signer_of(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(decrypt(row[0]))))


def is_signed(content: bytes, signature: str, public: str) -> bool:
    """Whether the signature is that of the key over these very bytes, written the one way it is written."""
    try:
        raw = base64.b64decode(signature, validate=True)
        if base64.b64encode(raw).decode() != signature or len(raw) != SIGNATURE_BYTES:
            return False
        _public_key(public).verify(raw, content)
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def read_public_key(text: str) -> str:
    """A public key as ``Signer.public`` writes it, from that or from PEM. Raises Refused for anything else."""
    plain = text.strip()
    try:
        if plain.startswith("-----BEGIN"):
            found = load_pem_public_key(plain.encode())
            if not isinstance(found, Ed25519PublicKey):
                raise ValueError("another kind of key")
        else:
            found = _public_key(plain)
    except (binascii.Error, ValueError, TypeError):
        raise Refused(
            "公钥无法识别，应为 linxuan extract key 输出的44个字符，或其 PEM 文件。", clause="I21-6.1"
        ) from None
    return base64.b64encode(found.public_bytes_raw()).decode()


def key_id_of(public: str) -> str:
    """By which a public key is recognised: the first sixteen digits of the SHA-256 of its raw bytes."""
    return sha256(base64.b64decode(public)).hexdigest()[:16]


def _public_key(public: str) -> Ed25519PublicKey:
    raw = base64.b64decode(public, validate=True)
    if len(raw) != KEY_BYTES:
        raise ValueError("not 32 bytes")
    return Ed25519PublicKey.from_public_bytes(raw)


def signer_of(private: Ed25519PrivateKey) -> Signer:
    """A signer with this key."""
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    return Signer(public, key_id_of(public), private)
