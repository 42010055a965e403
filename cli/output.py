"""Files that a command writes: refused at the beginning when they could not be written at the end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from states.refusals import Refused


@contextmanager
def refused_in_words(path: Path, what: str = "文件", advice: str = "请检查路径和权限") -> Iterator[None]:
    """Raises Refused when what is done here to the file at ``path`` fails: ``what`` it is, and what to do."""
    from casework.faults import os_fault

    try:
        yield
    except OSError as error:
        raise Refused(f"{what}{path}无法写入（{os_fault(error)}），{advice}。") from None


def refuse_unwritable(path: Path, what: str) -> None:
    """Raises Refused, in words, when ``what`` cannot be written to that file; folders on the way are made."""
    with refused_in_words(path, what, "请换一个路径"):
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists()
        with path.open("a", encoding="utf-8"):
            pass
        if not there:
            path.unlink()


def write_bytes(content: bytes, output: Path | None) -> None:
    """Write a file, or to standard output. Raises Refused when it cannot be written."""
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    with refused_in_words(output):
        output.write_bytes(content)


def write_text(path: Path, text: str, what: str) -> None:
    """Write a file as UTF-8. Raises Refused, in words, when that does not work to the end."""
    from casework.faults import os_fault

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{what}{path}未能写完（{os_fault(error)}），请处理后重来。") from None
