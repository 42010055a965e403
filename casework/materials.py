"""Required papers on disk, each under the SHA-256 of its content: stored once, checked whenever it is read."""

import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from casework.faults import os_fault
from states.refusals import Refused

_CHUNK = 1 << 20


def store_material(folder: Path, source: Path | bytes) -> str:
    """Keep a file or bytes in the materials folder; the SHA-256 in hex under which it lies.

    Written beside its place, synced, then renamed: a crash leaves either nothing or all of it. The same
    content stored twice lies there once. Raises Refused when the source cannot be read or the disk is full.
    """
    part = folder / f".part-{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with part.open("xb") as out:
            part.chmod(0o600)
            digest = _copy(source, out)
            out.flush()
            os.fsync(out.fileno())
        place = _place(folder, digest)
        if place.exists() and _digest_of(place) == digest:
            return digest
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
        content = _place(folder, digest).read_bytes()
    except OSError as error:
        raise Refused(f"材料{digest[:12]}…无法读取（{os_fault(error)}），请从备份恢复。") from None
    if sha256(content).hexdigest() != digest:
        raise Refused(f"材料{digest[:12]}…的内容与登记的校验值不符，请从备份恢复。")
    return content


def material_path(folder: Path, digest: str) -> Path:
    """Where a material lies, for serving it as a file."""
    return _place(folder, digest)


def material_fault(folder: Path, digest: str) -> str | None:
    """What is wrong with a stored material, in Chinese, or None; without holding it in memory."""
    try:
        return None if _digest_of(_place(folder, digest)) == digest else "内容与登记的校验值不符"
    except OSError as error:
        return os_fault(error)


def _place(folder: Path, digest: str) -> Path:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError(f"not a SHA-256 in hex: {digest!r}")
    return folder / digest[:2] / digest


def _copy(source: Path | bytes, out: BinaryIO) -> str:
    if isinstance(source, bytes):
        out.write(source)
        return sha256(source).hexdigest()
    found = sha256()
    with source.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
            out.write(chunk)
    return found.hexdigest()


def _digest_of(path: Path) -> str:
    found = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
