"""A data folder made again from a backup: proved first, put in place last."""

import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from casework.archive import DATABASE, ArchiveReader, Manifest, open_archive
from casework.backup import prove_database
from casework.data_folder import close_to_others, prepare_folder
from casework.faults import database_refusal, os_fault
from casework.settings import DATABASE_FILE
from records.upgrade import head, knows
from states.refusals import Refused

_UNFINISHED = ".restoring"


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What stands there again, and what staff must be told."""

    manifest: Manifest
    audit_entries: int
    notes: tuple[str, ...]


def restore(file: Path, data: Path) -> RestoreReport:
    """Unpack a backup into a folder that is missing or empty.

    Everything is unpacked aside and proved before the first file is put in place, the database last: a
    restore that is cut off leaves no installation, and can be run again. Raises Refused for a folder with
    something in it, a damaged or tampered file, and a backup of a newer version.
    """
    with open_archive(file) as archive:
        manifest = archive.manifest
        if not knows(manifest.revision):
            raise Refused(
                f"备份文件{file}的数据库结构版本（{manifest.revision}）比本程序（{head()}）新，请先升级本程序。"
            )
        prepare_folder(data)
        if any(each.name != _UNFINISHED for each in data.iterdir()):
            raise Refused(f"文件夹{data}不是空的，为免覆盖，未作恢复；请换一个空文件夹。")
        aside = data / _UNFINISHED
        try:
            shutil.rmtree(aside, ignore_errors=True)
            close_to_others(data)
            _refuse_if_too_large(manifest, data)
            aside.mkdir(mode=0o700)
            for name in manifest.files:
                if name != DATABASE:
                    _unpack(archive, name, aside)
            entries = prove_database(archive, aside / DATABASE, file)
            _put_in_place(aside, data)
        except OSError as error:
            raise Refused(f"文件夹{data}无法写入（{os_fault(error)}），恢复未完成，请处理后重试。") from None
        except sqlite3.Error as error:
            raise (database_refusal(error) or error) from None
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return RestoreReport(manifest, entries, tuple(_notes(manifest, data)))


def _unpack(archive: ArchiveReader, name: str, aside: Path) -> None:
    place = aside / name
    for folder in reversed(place.relative_to(aside).parents[:-1]):
        (aside / folder).mkdir(mode=0o700, exist_ok=True)
    with place.open("xb") as out:
        place.chmod(0o600)
        archive.copy(name, out)
        out.flush()
        os.fsync(out.fileno())


def _put_in_place(aside: Path, data: Path) -> None:
    for leftover in aside.glob(f"{DATABASE}-*"):
        leftover.unlink()
    for each in sorted(aside.iterdir(), key=lambda path: path.name == DATABASE):
        each.rename(data / (DATABASE_FILE if each.name == DATABASE else each.name))


def _refuse_if_too_large(manifest: Manifest, data: Path) -> None:
    free = shutil.disk_usage(data).free
    if manifest.size > free:
        raise Refused(f"恢复需要{manifest.size >> 20}MB，{data}所在磁盘只剩{free >> 20}MB，请换一个位置。")


def _notes(manifest: Manifest, data: Path) -> list[str]:
    notes = []
    if not manifest.with_key:
        notes.append(
            f"备份不含加密密钥，请把原来的密钥文件（密钥标记 {'、'.join(manifest.key_marks) or '无'}）"
            f"放到{data / 'secret.key'}后再启动。"
        )
    if manifest.revision != head():
        notes.append(f"数据库结构版本是{manifest.revision}，请运行 linxuan db upgrade 升级到{head()}。")
    return notes
