"""A process whose children are killed: everything is imported once, each line of the input is done by a fork.

Input: one JSON object a line, ``{"job", "database", "key", "as_of", "port"}``. Output: the child's process id when
it starts, and a line when it has ended: what it said, or null when it was killed before it could.
"""

import json
import os
import sys
from datetime import datetime
from typing import Any

from casework import sweep as sweeping
from casework.actors import Actor
from casework.audit import verify
from casework.desk import Desk
from casework.gate import advance
from casework.invariants import check
from casework.post import post
from notifications.channels.smtp import MailServer, Smtp
from notifications.mail import Sender
from notifications.rendering import Renderer
from records.crypt import use_key
from records.engine import open_engine
from records.transaction import reading
from states.calendar import Calendar
from states.roles import Role

OFFICE = Actor("示例经办人", Role.OFFICE)
PORTION = 20
RENDERER = Renderer()


def batch(desk: Desk, as_of: datetime, _: int) -> None:
    """Take up every recommended case, twenty in one transaction."""
    with reading(desk.engine) as tx:
        ids = [row[0] for row in tx.rows("SELECT id FROM cases WHERE stage = 'recommended' ORDER BY id")]
    for start in range(0, len(ids), PORTION):
        advance(desk, "begin_review", ids[start : start + PORTION], by=OFFICE, as_of=as_of)


def sweep(desk: Desk, as_of: datetime, _: int) -> None:
    """Fire what is due, twenty in one transaction."""
    sweeping.PORTION = PORTION
    sweeping.sweep(desk, as_of=as_of)


def send(desk: Desk, as_of: datetime, port: int) -> None:
    """Send what is queued over SMTP, twenty claimed at a time."""
    server = MailServer("127.0.0.1", port, "none", timeout=10.0)
    channel = Smtp(server, Sender("office@example.cn", "示例办公室"))
    while post(desk.engine, channel, as_of=as_of, batch=PORTION, worker=f"worker {os.getpid()}").more:
        pass


def look(desk: Desk, as_of: datetime, _: int) -> dict[str, Any]:
    """What the nightly check and the chain say."""
    return {"faults": check(desk, as_of).faults, "chain": verify(desk.engine).ok}


JOBS = {"batch": batch, "sweep": sweep, "send": send, "look": look}


def do(asked: dict[str, Any]) -> str:
    """One job on one database, as a program of its own would do it."""
    use_key(asked["key"])
    engine = open_engine(asked["database"])
    desk = Desk.on(engine, Calendar.builtin(), RENDERER)
    said = JOBS[asked["job"]](desk, datetime.fromisoformat(asked["as_of"]), asked["port"])
    engine.dispose()
    return json.dumps(said or {"done": True}, ensure_ascii=False)


def in_a_child(line: str) -> str:
    """What the child said, or ``null`` when it died first."""
    mouth, ear = os.pipe()[::-1]
    pid = os.fork()
    if pid == 0:
        os.close(ear)
        try:
            os.write(mouth, do(json.loads(line)).encode())
        finally:
            os._exit(0)
    os.close(mouth)
    sys.stdout.write(f"{pid}\n")
    sys.stdout.flush()
    with os.fdopen(ear, encoding="utf-8") as heard:
        said = heard.read()
    os.waitpid(pid, 0)
    return said or "null"


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(in_a_child(line) + "\n")
        sys.stdout.flush()
