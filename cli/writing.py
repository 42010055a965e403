"""Writing a file that was asked for."""

from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Write it, or refuse in words."""
    from casework.faults import os_fault
    from states.refusals import Refused

    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refused(f"文件{path}无法写入（{os_fault(error)}），请检查路径和权限。") from None
