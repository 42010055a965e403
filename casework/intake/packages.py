"""Opening a Word or Excel file that may be anything: wrong, locked, broken, enormous or hostile.

Everything that is not a sound package of the wanted sort ends as one `Refused` sentence naming the file.
Nothing is unpacked before its declared sizes are judged, and no part is unpacked beyond a fixed size.
"""

import errno
import io
import stat
import zipfile
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lxml import etree

from states.refusals import Refused

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
LARGEST_PART = 40 * MEGABYTE
LARGEST_UNPACKED = 200 * MEGABYTE
MOST_PARTS = 2_000
STEEPEST_RATIO = 250  # a document of nothing but empty rows packs to 1:100; bombs start at 1:1000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    (b"%PDF", "PDF 文件"),
    (b"{\\rtf", "RTF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"<html", "网页"),
    (b"<!DOC", "网页"),
)
_MAIN = {".docx": "word/", ".xlsx": "xl/"}
_APPLICATION = {".docx": "Word", ".xlsx": "Excel"}


@dataclass(frozen=True, slots=True)
class Package:
    """A sound package. `digest` is the SHA-256 of the file's bytes, in hex."""

    name: str
    data: bytes
    digest: str
    archive: zipfile.ZipFile

    def part(self, name: str) -> bytes:
        """One part's bytes; Refused when it is missing, damaged or too large."""
        try:
            with self.archive.open(name) as opened:
                content = opened.read(LARGEST_PART + 1)
        except KeyError:
            raise _damaged(self.name) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            raise _damaged(self.name) from None
        if len(content) > LARGEST_PART:
            raise _swollen(self.name)
        return content

    def xml(self, name: str) -> etree._Element:
        """One part as XML, without entities: a part that declares any is Refused."""
        return parsed(self.part(name), self.name)


def contents_of(path: Path, *, largest: int = LARGEST_FILE) -> bytes:
    """The bytes of a regular, readable, not empty file of at most `largest` bytes, judged before it is read."""
    shown = f"“{path.name}”"
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise Refused(f"{shown}是文件夹，不是文件，请把该文件夹本身列为导入对象")
        if not stat.S_ISREG(found.st_mode):
            raise Refused(f"{shown}不是普通文件，无法导入")
        if found.st_size == 0:
            raise Refused(f"{shown}是空文件（0 字节），请重新取得原件后再导入")
        if found.st_size > largest:
            size, limit = _megabytes(found.st_size), _megabytes(largest)
            raise Refused(f"{shown}大小为 {size} MB，超过 {limit} MB 的上限，请把图片和附件另存后再导入")
        return path.read_bytes()
    except FileNotFoundError:
        raise Refused(f"找不到文件{shown}，请核对路径") from None
    except PermissionError:
        raise Refused(f"没有权限读取{shown}，请检查该文件的访问权限") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Refused(f"{shown}是首尾相连的链接，打不开，请改用原文件") from None
        raise Refused(f"读取{shown}时磁盘或系统出错（{error.strerror}），请稍后重试") from None


def open_package(path: Path) -> Package:
    """The package at `path`, whose suffix (.docx, .xlsx) says which sort it must be."""
    if path.name.startswith("~$"):
        raise Refused(f"“{path.name}”是办公软件打开文档时留下的临时文件，不是推荐表，请导入原文件")
    return package_from(contents_of(path), path.name, path.suffix.lower())


def package_from(data: bytes, name: str, suffix: str) -> Package:
    """The package made of `data`, shown to people as `name`; `suffix` is .docx or .xlsx."""
    wanted = _APPLICATION[suffix]
    if data.startswith(_OLE):
        raise Refused(_ole(data, name, wanted, suffix))
    for start, sort in _STARTS:
        if data[:64].lstrip().lower().startswith(start.lower()):
            raise Refused(f"“{name}”实际是{sort}，不是 {wanted} 文档，请导入 {suffix} 原件")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError):
        raise _damaged(name) from None
    _judge_sizes(entries, name)
    names = {entry.filename for entry in entries}
    for other, folder in _MAIN.items():
        if other != suffix and any(part.startswith(folder) for part in names):
            raise Refused(f"“{name}”实际是 {_APPLICATION[other]} 文档，扩展名应为 {other}，请改名后再导入")
    if "[Content_Types].xml" not in names or not any(part.startswith(_MAIN[suffix]) for part in names):
        raise Refused(f"“{name}”不是 {wanted} 文档，请用 Word 或 WPS 另存为 {suffix} 后再导入")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refused(f"“{name}”设有密码，请去掉密码后再导入")
    return Package(name, data, sha256(data).hexdigest(), archive)


def parsed(content: bytes, name: str) -> etree._Element:
    """`content` as XML; Refused when it is not well-formed, too deep, or declares a document type."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise _damaged(name) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused(f"“{name}”内含文档中不应有的实体定义，可能是恶意文件，没有导入")
    return root


def _judge_sizes(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise _swollen(name)
    for entry in entries:
        if entry.file_size > MEGABYTE and entry.file_size > STEEPEST_RATIO * max(entry.compress_size, 1):
            raise _swollen(name)


def _ole(data: bytes, name: str, wanted: str, suffix: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return f"“{name}”设有打开密码，请去掉密码后再导入"
    return f"“{name}”是旧版 {wanted} 文档（{suffix[:-1]}），请用 Word 或 WPS 另存为 {suffix} 后再导入"


def _damaged(name: str) -> Refused:
    return Refused(f"“{name}”已损坏，无法打开，请重新取得原件后再导入")


def _swollen(name: str) -> Refused:
    return Refused(f"“{name}”解压后体积异常，可能是恶意文件，没有打开，请重新取得原件")


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.0f}"
