"""Evidence handed in by anybody at all: told by its content, limited in size, its name made harmless, kept encrypted."""

import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath

from records.crypt import encrypt, encrypt_bytes
from records.transaction import Transaction
from states.refusals import Refused

MEGABYTE = 1024 * 1024
LARGEST, LARGEST_TOGETHER, MOST = 20 * MEGABYTE, 50 * MEGABYTE, 10
LONGEST_NAME = 80
_MOST_PARTS = 5_000
_LARGEST_UNPACKED = 200 * MEGABYTE
_CLAUSE = "D-2"
_STARTS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_PACKAGES = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("OFD.xml", "ofd"))
_ENDINGS = {"jpeg": "jpg"}

Store = Callable[[bytes], str]
"""Keeps content in the data folder and gives the digest it lies under; may raise Refused (a full disk)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as handed in: the name its sender gave it, and its content."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept. ``name`` is harmless and ends as its content says."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of what was handed in."""
        return sha256(self.content).hexdigest()


def check_evidence(
    files: Sequence[Evidence], *, what: str = "证据文件", clause: str = _CLAUSE
) -> list[Checked]:
    """Every file told by its content. Refused for too many, too large, empty, or of a kind that is not taken.

    ``what`` the files are called and the ``clause`` they are asked for by are for the refusal.
    """
    if len(files) > MOST:
        raise Refused(f"{what}共{len(files)}个，至多{MOST}个，请合并后再提交。", clause=clause)
    found = [_checked(each, what, clause) for each in files]
    together = sum(len(each.content) for each in found)
    if together > LARGEST_TOGETHER:
        raise Refused(
            f"{what}合计{_size(together)}，至多{_size(LARGEST_TOGETHER)}，请删减后再提交。", clause=clause
        )
    return found


def keep_evidence(
    tx: Transaction, objection_id: int, files: Sequence[Checked], store: Store, at: datetime
) -> int:
    """Keep the files with an objection, encrypted: they may show who handed them in. The same file lies there once.

    Gives how many were new. Refused when there would be more than one objection may have, however often it is said.
    """
    known = {
        row[0]
        for row in tx.rows("SELECT sha256 FROM objection_evidence WHERE objection_id = ?", (objection_id,))
    }
    new = {each.sha256: each for each in files if each.sha256 not in known}
    if len(known) + len(new) > MOST:
        raise Refused(
            f"这件异议已有证据文件{len(known)}个，至多{MOST}个，不能再附{len(new)}个，请合并后再提交。",
            clause=_CLAUSE,
        )
    for each in new.values():
        tx.run(
            "INSERT INTO objection_evidence (objection_id, name, kind, size, sha256, digest, at) VALUES (?,?,?,?,?,?,?)",
            (
                objection_id, encrypt(each.name), each.kind, len(each.content), each.sha256,
                store(encrypt_bytes(each.content)), at,
            ),
        )  # fmt: skip
    return len(new)


def harmless_name(name: str, kind: str) -> str:
    """A file name without folders, control characters or tricks of direction, that ends as its content says."""
    base = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(char for char in base if char.isprintable() and char not in '<>:"|?*').strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if dot and _ENDINGS.get(ending.lower(), ending.lower()) == kind:
        kept = stem
    return f"{kept[:LONGEST_NAME].strip(' .') or '证据'}.{kind}"


def _checked(file: Evidence, what: str, clause: str) -> Checked:
    shown = harmless_name(file.name, "x")[:-2]
    if not file.content:
        raise Refused(f"{what}“{shown}”是空的，请核对后重新提交。", clause=clause)
    if len(file.content) > LARGEST:
        raise Refused(
            f"{what}“{shown}”过大，单个文件至多{_size(LARGEST)}，请压缩或拆分后再提交。", clause=clause
        )
    parts = _parts(file.content)
    if sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise Refused(
            f"{what}“{shown}”解压后体积异常，可能是恶意文件，没有接收，请重新取得原件。", clause=clause
        )
    kind = _kind(file.content, {part.filename for part in parts})
    if kind is None:
        raise Refused(
            f"{what}“{shown}”的内容不是可以接收的类型，可以提交PDF、OFD、PNG、JPG、DOCX、XLSX和文本文件（不含宏）。",
            clause=clause,
        )
    return Checked(harmless_name(file.name, kind), kind, file.content)


def _kind(content: bytes, parts: set[str]) -> str | None:
    """What the content is, whatever it is called; None for anything that is not taken."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content.startswith(b"PK"):
        return _package(parts)
    return "txt" if _is_text(content) else None


def _parts(content: bytes) -> list[zipfile.ZipInfo]:
    """What an office document says it consists of: nothing is unpacked. Empty for what is no package."""
    if not content.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return []


def _package(parts: set[str]) -> str | None:
    if len(parts) > _MOST_PARTS or any(name.endswith("vbaProject.bin") for name in parts):
        return None
    return next((kind for part, kind in _PACKAGES if part in parts), None)


def _is_text(content: bytes) -> bool:
    if b"\0" in content or content.lstrip()[:1] == b"<":
        return False  # a page or a drawing would run in a browser
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(char.isprintable() or char in "\r\n\t\u3000" for char in text)
    return False


def _size(count: int) -> str:
    return f"{count / MEGABYTE:.1f}".removesuffix(".0") + "MB"
