"""A backup while work goes on: database, materials, letters and settings in one file, tried before it counts."""

import json
import os
import sqlite3
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy.exc import DBAPIError

from casework.archive import (
    DATABASE,
    FOLDERS,
    KEY,
    SETTINGS,
    ArchiveReader,
    ArchiveWriter,
    Manifest,
    key_mark,
    open_archive,
)
from casework.audit import verify as verify_audit
from casework.faults import database_refusal, os_fault
from casework.installation import Installation, sqlite_file
from casework.settings import SETTINGS_FILE
from records.copying import copy_database, faults_in
from records.engine import open_engine, sqlite_url
from records.upgrade import revision_of
from states.refusals import Refused

_SECRETS = (
    ("encryption", "keys"), ("mail", "password"), ("webhook", "secret"), ("robots", "wecom"), ("robots", "dingtalk"),
    ("robots", "dingtalk_secret"), ("robots", "feishu"), ("robots", "feishu_secret"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was written and proved: how many files and entries, and what staff must be told."""

    file: Path
    files: int
    size: int
    audit_entries: int
    notes: tuple[str, ...]


def backup(
    installation: Installation, file: Path, *, as_of: datetime, with_key: bool = False
) -> BackupReport:
    """Write a backup to a new file, readable by its owner only, and prove that it can be read again.

    Without `with_key` the encryption key stays out: the report says where it must be kept. Other secrets are
    left out always. Raises Refused, leaving no file, when `file` exists or cannot be written, when the
    database is on a server, or when what was written does not stand the proof.
    """
    if sqlite_file(installation.settings) is None:
        raise Refused(
            "数据库在服务器上，linxuan backup 只备份本机数据库；请用 pg_dump 备份数据库，并另行复制数据文件夹。"
        )
    if file.exists():
        raise Refused(f"备份文件{file}已存在，请换一个文件名。")
    part = file.with_name(f".{file.name}-{token_hex(6)}")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        notes = _write(installation, part, as_of, with_key)
        manifest, entries = verify_backup(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.rename(file)
    except OSError as error:
        raise Refused(f"备份文件{file}无法写入（{os_fault(error)}），请处理后重试。") from None
    except (sqlite3.Error, DBAPIError) as error:
        raise (database_refusal(error) or error) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return BackupReport(file, len(manifest.files), manifest.size, entries, tuple(notes))


def verify_backup(file: Path) -> tuple[Manifest, int]:
    """Read a backup through: every file's digest, the database's soundness, its audit chain, its materials.

    Gives the manifest and the number of audit entries. Raises Refused with the first fault.
    """
    with (
        open_archive(file) as archive,
        tempfile.TemporaryDirectory(dir=file.parent, prefix=".linxuan-") as folder,
    ):
        for name in archive.manifest.files:
            if name != DATABASE:
                archive.copy(name, None)
        return archive.manifest, prove_database(archive, Path(folder, DATABASE), file)


def prove_database(archive: ArchiveReader, place: Path, file: Path) -> int:
    """Unpack the database to `place` and prove it sound; the number of its audit entries. May be Refused."""
    with place.open("xb") as out:
        place.chmod(0o600)
        archive.copy(DATABASE, out)
        out.flush()
        os.fsync(out.fileno())
    try:
        faults = faults_in(place)
        with closing(sqlite3.connect(place)) as connection:
            kept = [str(row[0]) for row in connection.execute("SELECT DISTINCT digest FROM material")]
    except sqlite3.DatabaseError as error:
        faults, kept = [str(error)], []
    if faults:
        raise Refused(f"备份文件{file}中的数据库不完好（{faults[0]}），请换一个备份文件。")
    if missing := [
        digest for digest in kept if f"materials/{digest[:2]}/{digest}" not in archive.manifest.files
    ]:
        raise Refused(
            f"备份文件{file}缺少{len(missing)}份已登记的材料（如{missing[0][:12]}…），请检查材料文件夹。"
        )
    engine = open_engine(sqlite_url(place))
    try:
        report = verify_audit(engine)
    finally:
        engine.dispose()
    if not report.ok:
        raise Refused(f"备份文件{file}中的审计日志不连贯（{report.why}），请查明原因。")
    return report.entries


def _write(installation: Installation, part: Path, as_of: datetime, with_key: bool) -> list[str]:
    notes: list[str] = []
    with (
        zipfile.ZipFile(part, "w") as archive,
        tempfile.TemporaryDirectory(dir=part.parent, prefix=".linxuan-") as folder,
    ):
        writer = ArchiveWriter(archive, as_of)
        copy = Path(folder, DATABASE)
        # The database goes first: a material is stored before the row that names it, so every material the
        # copy names is there to be added after it.
        copy_database(installation.engine, copy)
        writer.add(DATABASE, copy)
        for name, source in _files(installation.data):
            # A letter the catcher is just replacing may be gone again; whatever a row names stays.
            with suppress(FileNotFoundError):
                writer.add(name, source)
        stated, left_out = _settings_text(installation.data / SETTINGS_FILE)
        if stated is not None:
            writer.add_text(SETTINGS, stated)
        if left_out:
            notes.append(f"设置中的下列各项不进入备份，恢复后请重新填写：{'、'.join(left_out)}。")
        marks = tuple(map(key_mark, installation.keys))
        if with_key:
            writer.add_text(KEY, "".join(f"{key}\n" for key in installation.keys))
            notes.append("备份中含有加密密钥，得到此文件者即可读取身份证件号码，请按涉密要求保管。")
        else:
            notes.append(
                f"备份不含加密密钥（密钥标记 {marks[0] if marks else '无'}），缺少密钥就无法读取身份证件号码，"
                f"请将{_where_the_key_is(installation)}另行妥善保管。"
            )
        revision = revision_of(installation.engine) or ""
        writer.finish(Manifest(as_of, revision, marks, with_key, writer.files))
    return notes


def _files(data: Path) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path.relative_to(data).as_posix(), path


def _where_the_key_is(installation: Installation) -> str:
    encryption = installation.settings.encryption
    if encryption.keys is not None:
        return "设置 encryption.keys 的值"
    return f"密钥文件{installation.settings.within_data(encryption.key_file or Path(KEY))}"


def _settings_text(file: Path) -> tuple[str | None, list[str]]:
    """The settings file without its secrets, and which they were; as it stands when there are none."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        stated = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None, []
    left_out = []
    for group, name in _SECRETS:
        if isinstance(stated.get(group), dict) and stated[group].pop(name, None):
            left_out.append(f"{group}.{name}")
    if stated.pop("database", None):  # it may hold a password, and names a place on this machine
        left_out.append("database")
    return (_toml(stated) if left_out else text), left_out


def _toml(stated: Mapping[str, Any]) -> str:
    """Settings as TOML: plain values and one level of groups is all there is."""
    plain = [f"{name} = {_value(value)}" for name, value in stated.items() if not isinstance(value, dict)]
    groups = [
        "\n".join(["", f"[{group}]", *(f"{name} = {_value(value)}" for name, value in inner.items())])
        for group, inner in stated.items()
        if isinstance(inner, dict)
    ]
    return "\n".join([*plain, *groups, ""])


def _value(value: Any) -> str:
    return (
        json.dumps(value, ensure_ascii=False) if isinstance(value, bool | int | float | str) else str(value)
    )
