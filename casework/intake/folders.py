"""Walking what someone points at: files and folders, in the order people expect, nothing silently left out."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from casework.intake.materials import FILE_TYPES, paper_of


class Sort(StrEnum):
    """What a file is taken for, by its name."""

    FORM = "form"
    SHEET = "sheet"
    PAPER = "paper"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """One file. `note` is a Chinese sentence for whatever is not read, empty otherwise."""

    path: Path
    sort: Sort
    note: str = ""


_OLD = {".doc": ".docx", ".wps": ".docx", ".xls": ".xlsx", ".et": ".xlsx"}
_IGNORED = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


def gather(paths: Iterable[Path]) -> Iterator[Found]:
    """Every file under `paths`, once each: a folder's files in natural order, then its folders.

    Hidden files and folders are left out; an office program's lock file (~$…) is named as skipped, and so is
    whatever cannot be told or opened. Links to folders are not followed.
    """
    seen: set[Path] = set()
    for path in paths:
        if not os.path.lexists(path):
            yield Found(path, Sort.UNKNOWN, f"找不到“{path.name}”，请核对路径")
        elif path.is_dir():
            yield from _walk(path, seen)
        else:
            yield from _once(path, seen)


def natural(name: str) -> list[tuple[int, int, str]]:
    """A sorting key by which 第2家 comes before 第10家."""
    return [
        (0, int(piece), "") if piece.isdecimal() else (1, 0, piece.lower())
        for piece in re.split(r"(\d+)", name)
        if piece
    ]


def _walk(folder: Path, seen: set[Path]) -> Iterator[Found]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: natural(entry.name))
    except OSError as error:
        yield Found(folder, Sort.UNKNOWN, f"打不开文件夹“{folder.name}”（{error.strerror}），请检查访问权限")
        return
    visible = [e for e in entries if not e.name.startswith(".") and e.name.lower() not in _IGNORED]
    for entry in visible:
        if not entry.is_dir(follow_symlinks=False):
            yield from _once(Path(entry.path), seen)
    for entry in visible:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), seen)


def _once(path: Path, seen: set[Path]) -> Iterator[Found]:
    try:
        real = path.resolve()
    except (OSError, RuntimeError):
        yield Found(path, Sort.UNKNOWN, f"“{path.name}”是首尾相连的链接，打不开")
        return
    if real not in seen:
        seen.add(real)
        yield _told(path)


def _told(path: Path) -> Found:
    suffix = path.suffix.lower()
    if path.name.startswith("~$"):
        return Found(path, Sort.SKIPPED, f"“{path.name}”是办公软件的临时文件，已跳过")
    if path.is_dir():
        return Found(path, Sort.UNKNOWN, f"“{path.name}”是指向文件夹的链接，没有进入")
    if suffix == ".docx":
        return Found(path, Sort.FORM)
    if suffix in (".xlsx", ".csv"):
        return Found(path, Sort.SHEET)
    if suffix in _OLD:
        new = _OLD[suffix]
        return Found(path, Sort.UNKNOWN, f"“{path.name}”是旧格式文件，请用 Word 或 WPS 另存为 {new} 后再导入")
    if suffix in FILE_TYPES and paper_of(path.name):
        return Found(path, Sort.PAPER)
    return Found(path, Sort.UNKNOWN, f"不认识“{path.name}”：既不是推荐表，也不是按规则命名的证明材料")
