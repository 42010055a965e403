"""Where a running installation writes what developers read: one file in the data folder, kept small."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

LIMIT, KEPT = 5_000_000, 3


def log_to(folder: Path, level: str) -> None:
    """Log to ``linxuan.log`` in the folder (made when missing), from ``level`` (a setting's value) upwards."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / "linxuan.log", maxBytes=LIMIT, backupCount=KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level.upper())
    for chatty in ("apscheduler", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
