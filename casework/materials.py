"""Documents on disk, each encrypted under the SHA-256 of its content: stored once, checked whenever it is read.

Whatever anybody hands in goes through here: forms, certificates, evidence, reports. None of it can be read in the data
folder without the installation's key (M24-11.6a); the digest is that of the document itself, so that the same document
lies there once, and one written with an older key is still read while that key is among those in use.
"""

import os
import secrets
from hashlib import sha256
from pathlib import Path

from casework.faults import os_fault
from records.crypt import WrongKey, decrypt_bytes, encrypt_bytes
from states.refusals import Refused

_UNSOUND = "内容与登记的校验值不符"


def store_material(folder: Path, source: Path | bytes) -> str:
    """Keep a file or bytes in the materials folder, encrypted; the SHA-256 in hex of what it says.

    Written beside its place, synced, then renamed: a crash leaves either nothing or all of it. The same
    content stored twice lies there once. Raises Refused when the source cannot be read or the disk is full.
    """
    part = folder / f".part-{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = source if isinstance(source, bytes) else source.read_bytes()
        digest = sha256(content).hexdigest()
        place = _place(folder, digest)
        if place.exists() and _content(place, digest) is not None:
            return digest
        with part.open("xb") as out:
            part.chmod(0o600)
            out.write(encrypt_bytes(content))
            out.flush()
            os.fsync(out.fileno())
        place.parent.mkdir(mode=0o700, exist_ok=True)
        part.replace(place)
        _sync_folder(place.parent)
        return digest
    except OSError as error:
        named = source if isinstance(source, Path) else "材料"
        raise Refused(f"{named}未能存入数据文件夹（{os_fault(error)}），请处理后重试。") from None
    finally:
        part.unlink(missing_ok=True)


def read_material(folder: Path, digest: str) -> bytes:
    """The content again, verified. Raises Refused when it is missing or no longer what was stored."""
    try:
        content = _content(_place(folder, digest), digest)
    except OSError as error:
        raise Refused(f"材料{digest[:12]}…无法读取（{os_fault(error)}），请从备份恢复。") from None
    if content is None:
        raise Refused(f"材料{digest[:12]}…的{_UNSOUND}，请从备份恢复。")
    return content


def material_path(folder: Path, digest: str) -> Path:
    """Where a material lies, encrypted."""
    return _place(folder, digest)


def material_fault(folder: Path, digest: str) -> str | None:
    """What is wrong with a stored material, in Chinese, or None."""
    try:
        return _UNSOUND if _content(_place(folder, digest), digest) is None else None
    except OSError as error:
        return os_fault(error)


def _place(folder: Path, digest: str) -> Path:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError(f"not a SHA-256 in hex: {digest!r}")
    return folder / digest[:2] / digest


def _content(place: Path, digest: str) -> bytes | None:
    """What lies there, decrypted; None when it is not what the digest says, or no key in use reads it."""
    try:
        content = decrypt_bytes(place.read_bytes())
    except WrongKey:
        return None
    return content if sha256(content).hexdigest() == digest else None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
