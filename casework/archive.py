"""The backup file: a zip whose manifest names every member with its size and SHA-256, and nothing else inside."""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple

from casework.faults import os_fault
from states.calendar import SHANGHAI
from states.refusals import Refused

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
SETTINGS = "linxuan.toml"
KEY = "secret.key"
FOLDERS = ("materials", "letters", "outbox", "calls")
_LARGEST_MANIFEST = 256 << 20
_CHUNK = 1 << 20


class Damaged(Exception):
    """The archive is not what its manifest says, or no archive at all."""


class Member(NamedTuple):
    """A file in the archive."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, and which key reads it: `key_marks` recognise keys without giving them away."""

    made_at: datetime
    revision: str
    key_marks: tuple[str, ...]
    with_key: bool
    files: Mapping[str, Member]

    @property
    def size(self) -> int:
        """Bytes of all members, unpacked."""
        return sum(member.size for member in self.files.values())

    def text(self) -> str:
        """As it stands in the archive."""
        content = {
            "program": "linxuan", "format": FORMAT, "made_at": self.made_at.isoformat(), "revision": self.revision,
            "key_marks": self.key_marks, "with_key": self.with_key,
            "files": {name: member._asdict() for name, member in sorted(self.files.items())},
        }  # fmt: skip
        return json.dumps(content, ensure_ascii=False, indent=1)


class ArchiveWriter:
    """Adds members one by one; the manifest comes last."""

    def __init__(self, archive: zipfile.ZipFile, made_at: datetime) -> None:
        self._archive, self._at = archive, made_at.astimezone(SHANGHAI).timetuple()[:6]
        self.files: dict[str, Member] = {}

    def add(self, name: str, source: Path) -> None:
        """A file as it is while it is read: size and digest are those of what went in."""
        with source.open("rb") as stream:
            self.files[name] = self._write(name, stream)

    def add_text(self, name: str, text: str) -> None:
        """A small member."""
        self._archive.writestr(self._info(name), text)
        self.files[name] = Member(len(text.encode()), sha256(text.encode()).hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """The manifest."""
        self._archive.writestr(self._info(MANIFEST), manifest.text())

    def _write(self, name: str, stream: BinaryIO) -> Member:
        size, digest = 0, sha256()
        with self._archive.open(self._info(name), "w", force_zip64=True) as out:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                digest.update(chunk)
                out.write(chunk)
        return Member(size, digest.hexdigest())

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self._at)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o100600 << 16
        return info


class ArchiveReader:
    """An opened backup whose list of members has been checked; contents are checked as they are read."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive, self.manifest = archive, manifest

    def copy(self, name: str, out: BinaryIO | None) -> None:
        """Write a member out (None: only check it). Raises Damaged when it is not what the manifest says."""
        member, size, digest = self.manifest.files[name], 0, sha256()
        with _noticing_damage(), self._archive.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > member.size:
                    break
                digest.update(chunk)
                if out is not None:
                    out.write(chunk)
        if (size, digest.hexdigest()) != member:
            raise Damaged(name)


@contextmanager
def open_archive(file: Path) -> Iterator[ArchiveReader]:
    """Open a backup for reading. Raises Refused for a missing, damaged, newer or dishonest file, also when the
    damage is only met inside the block.
    """
    try:
        with _opened(file) as archive:
            yield ArchiveReader(archive, _manifest(archive, file))
    except Damaged:
        raise Refused(f"备份文件{file}已损坏或不是 linxuan 的备份，请换一个备份文件。") from None


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        with _noticing_damage():
            return zipfile.ZipFile(file)
    except OSError as error:
        raise Refused(f"备份文件{file}无法读取（{os_fault(error)}），请检查路径和权限。") from None


@contextmanager
def _noticing_damage() -> Iterator[None]:
    # What zipfile and its decompressors raise on files that are cut off, altered, encrypted or no zip at all.
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Damaged(str(error)) from error


def key_mark(key: str) -> str:
    """By which a key is recognised without giving it away."""
    return sha256(key.encode()).hexdigest()[:8]


def safe_name(name: str) -> bool:
    """Whether a member may be unpacked: a plain relative path to one of the places a backup has."""
    parts = name.split("/")
    if any(part in ("", ".", "..") or re.search(r"[\\:\x00-\x1f]", part) for part in parts):
        return False
    return name in (DATABASE, SETTINGS, KEY) or (len(parts) > 1 and parts[0] in FOLDERS)


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    present = [info.filename for info in archive.infolist()]
    if present.count(MANIFEST) != 1 or archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
        raise Damaged("no manifest")
    with _noticing_damage():
        content = json.loads(archive.read(MANIFEST))
    try:
        if content["program"] != "linxuan" or type(content["format"]) is not int:
            raise Damaged("another program's archive")
        if content["format"] > FORMAT:
            raise Refused(f"备份文件{file}由更新版本的 linxuan 写成，请先升级本程序。")
        files = {
            str(name): Member(int(each["size"]), str(each["sha256"]))
            for name, each in content["files"].items()
        }
        marks, made_at = tuple(map(str, content["key_marks"])), datetime.fromisoformat(content["made_at"])
        manifest = Manifest(made_at, str(content["revision"]), marks, bool(content["with_key"]), files)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged("not a manifest") from error
    if outside := [name for name in present if name != MANIFEST and not safe_name(name)]:
        raise Refused(f"备份文件{file}中有不应出现的路径“{outside[0]}”，可能被人动过手脚，未作恢复。")
    if sorted(present) != sorted([*files, MANIFEST]) or DATABASE not in files:
        raise Damaged("members and manifest differ")
    return manifest
