"""Certificates as files: written to be compared, read without trust. Needs no data folder, database or network."""

import json
import os
import stat
from pathlib import Path
from typing import Any

from states.draw.certificate import Certificate
from states.refusals import Refused

LARGEST = 256 * 1024 * 1024
"""A pool of 100,000 experts makes a sealed certificate of some 60 MB."""


def write_certificate(certificate: Certificate, path: Path, *, sealed: bool) -> None:
    """Write the file, readable by its owner alone when sealed. Raises Refused when it exists or cannot be written."""
    text = json.dumps(certificate, ensure_ascii=False, indent=1) + "\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if sealed else 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise Refused(f"文件{path}已存在，请换一个文件名。") from None
    except OSError as error:
        raise Refused(f"证书未能写入{path}（{_fault(error)}）。") from None


def read_certificate(path: Path) -> Any:
    """What a file says, whatever it is; ``states.draw.verification`` judges it.

    Raises Refused for what cannot be read, is not a plain file, is too large, is no JSON, or says one thing twice.
    """
    try:
        with path.open("rb") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise Refused(f"{path}不是普通文件，不能作为抽取证书核验。")
            if found.st_size > LARGEST:
                raise Refused(f"文件{path}超过{LARGEST // 1024 // 1024}MB，不是抽取证书。")
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise Refused(f"文件{path}无法读取（{_fault(error)}），请检查路径。") from None
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise Refused(f"文件{path}嵌套过深，不是抽取证书。") from None
    except _Twice as twice:
        raise Refused(f"文件{path}中“{twice}”写了两次，不能作为抽取证书核验。") from None
    except ValueError:
        raise Refused(f"文件{path}不是JSON格式的抽取证书，可能不完整。") from None


def _fault(error: OSError) -> str:
    # Imported when something fails: it brings the database's library along, which verifying does without.
    from casework.faults import os_fault

    return os_fault(error)


class _Twice(Exception):
    """A key that stands in one object twice: two readers might see two certificates."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        raise _Twice(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)
