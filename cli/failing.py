"""What nobody foresaw: logged with its traceback, told in one sentence."""

import os
import sys
from pathlib import Path

LOG = "errors.log"


class Failed(Exception):
    """Something went wrong that is no refusal; ``str()`` is the sentence, the details stand in a log."""


def failure(error: BaseException, data: Path | None = None) -> Failed:
    """Log an unexpected error with its traceback; the sentence that says so and where."""
    import tempfile
    import traceback
    from datetime import UTC, datetime

    details = "".join(traceback.format_exception(error))
    entry = (
        f"{datetime.now(UTC).isoformat(timespec='seconds')} linxuan {' '.join(sys.argv[1:2])}\n{details}\n"
    )
    for folder in (data / "logs" if data else None, Path(tempfile.gettempdir(), f"linxuan-{os.getuid()}")):
        if folder is None:
            continue
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            log = folder / LOG
            descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8", errors="replace") as out:
                out.write(entry)
        except OSError:
            continue
        return Failed(
            f"程序出错（{type(error).__name__}），未完成的办理没有保存；详情已记入{log}，请交技术人员查看。"
        )
    return Failed(f"程序出错（{type(error).__name__}：{error}），未完成的办理没有保存；日志无法写入。")
