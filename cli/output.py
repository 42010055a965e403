"""Files that a command writes: refused at the beginning when they could not be written at the end."""

from pathlib import Path

from states.refusals import Refused


def refuse_unwritable(path: Path, what: str) -> None:
    """Raises Refused, in words, when ``what`` cannot be written to that file; folders on the way are made."""
    from casework.faults import os_fault

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists()
        with path.open("a", encoding="utf-8"):
            pass
        if not there:
            path.unlink()
    except OSError as error:
        raise Refused(f"{what}{path}无法写入（{os_fault(error)}），请换一个路径。") from None


def write_text(path: Path, text: str, what: str) -> None:
    """Write a file as UTF-8. Raises Refused, in words, when that does not work to the end."""
    from casework.faults import os_fault

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{what}{path}未能写完（{os_fault(error)}），请处理后重来。") from None
