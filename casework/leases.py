"""Who runs what only one may run: a lease in the database, and a lock on the data folder of one machine."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from casework.faults import os_fault
from records.transaction import Transaction, transaction
from states.calendar import SHANGHAI
from states.refusals import Refused

LOCK_FILE = "runner.lock"

# Taken when it is free, has run out, or is one's own already; decided by the database in one statement.
_TAKE = (
    "INSERT INTO lease (name, holder, until, beat_at, note) VALUES (?,?,?,?,?)"
    " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,"
    " beat_at = excluded.beat_at, note = excluded.note"
    " WHERE lease.until <= excluded.beat_at OR lease.holder = excluded.holder"
)
_RENEW = "UPDATE lease SET until = ?, beat_at = ? WHERE name = ? AND holder = ? AND until > ?"
_RELEASE = "DELETE FROM lease WHERE name = ? AND holder = ?"
_HOLDS = "SELECT 1 FROM lease WHERE name = ? AND holder = ? AND until > ?"


def holder_name() -> str:
    """A name nobody else has: host, process and a random part, so that a restarted process is another holder."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def acquire(
    engine: Engine, name: str, holder: str, *, as_of: datetime, ttl: timedelta, note: str = ""
) -> bool:
    """Take the lease until `as_of + ttl`, or prolong one's own. False when another holder has it.

    `holder` must be unique to the process and its life (``holder_name``).
    """
    with transaction(engine) as tx:
        taken: int = tx.run(_TAKE, (name, holder, as_of + ttl, as_of, note)).rowcount
    return taken == 1


def renew(engine: Engine, name: str, holder: str, *, as_of: datetime, ttl: timedelta) -> bool:
    """Prolong a lease that is still one's own and has not run out. False means: stop, it is lost."""
    with transaction(engine) as tx:
        renewed: int = tx.run(_RENEW, (as_of + ttl, as_of, name, holder, as_of)).rowcount
    return renewed == 1


def release(engine: Engine, name: str, holder: str) -> bool:
    """Give the lease back. False when it was no longer one's own; nobody else's is touched."""
    with transaction(engine) as tx:
        released: int = tx.run(_RELEASE, (name, holder)).rowcount
    return released == 1


def holds(tx: Transaction, name: str, holder: str, *, as_of: datetime) -> bool:
    """Whether the lease is still one's own, asked inside the transaction whose writes depend on it.

    On PostgreSQL the row is locked until the transaction ends, so that nobody takes the lease meanwhile.
    """
    suffix = "" if tx.sqlite else " FOR UPDATE"
    return tx.one(_HOLDS + suffix, (name, holder, as_of)) is not None


@contextmanager
def hold_folder(data: Path, *, as_of: datetime) -> Iterator[None]:
    """Be the only runner on this data folder for the length of the block.

    The operating system gives the lock back when the process ends, however it ends. Raises Refused, naming
    the process, its host and since when, while another runner holds it.
    """
    path = data / LOCK_FILE
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise Refused(f"锁文件{path}无法打开（{os_fault(error)}），请检查权限。") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"数据文件夹{data}已有一个 linxuan 在运行{_who(file)}，请先停止它。") from None
        except OSError as error:
            raise Refused(
                f"数据文件夹{data}所在的磁盘不支持文件锁（{os_fault(error)}），请换一个本机文件夹。"
            ) from None
        me = {"pid": os.getpid(), "host": socket.gethostname(), "since": as_of.isoformat()}
        file.truncate(0)
        file.write(json.dumps(me))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _who(file: IO[str]) -> str:
    try:
        file.seek(0)
        other = json.load(file)
        since = datetime.fromisoformat(other["since"]).astimezone(SHANGHAI)
        return f"（进程{other['pid']}，主机{other['host']}，自{since:%Y-%m-%d %H:%M}起）"
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # it has taken the lock and is about to say who it is
