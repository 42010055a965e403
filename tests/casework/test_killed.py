"""Killed at a hundred random instants of a batch, a sweep and a post: nothing is lost, nothing happens twice."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from casework.actors import Actor
from casework.beginning import NewCase, begin_case
from casework.calls import open_call
from casework.desk import Desk
from casework.gate import advance
from notifications.rendering import Renderer
from records.crypt import make_key, use_key
from records.engine import open_engine, sqlite_url
from records.tables import METADATA
from records.transaction import transaction
from states.calendar import at_time
from states.roles import Role

KILLS = {"batch": 34, "sweep": 33, "send": 33}
KILLS_ON_ONE = 4
RECOMMENDED, SUBMITTED, LETTERS = 120, 120, 50
OCCUPATIONS = ("XNXS", "JQRG", "ZCZZ", "SJAQ", "MMGC")
OFFICE, GROUP = Actor("示例经办人", Role.OFFICE), Actor("示例协调小组", Role.GROUP)
RECOMMENDER = Actor("示例厅经办人", Role.RECOMMENDER, "P50")
FILED = at_time(date(2024, 6, 3), 10)
AT = {
    "batch": at_time(date(2024, 6, 17), 10),
    "sweep": at_time(date(2028, 1, 3), 8),
    "send": at_time(date(2024, 9, 27), 10),
}
LEASE_OVER = timedelta(minutes=31)


@pytest.fixture(scope="module")
def key() -> str:
    return make_key()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, key: str) -> Path:
    """A call at work: cases that wait to be taken up, to be recommended, to be listed, and fifty letters to send."""
    path = tmp_path_factory.mktemp("template") / "linxuan.db"
    use_key(key)
    engine = open_engine(sqlite_url(path))
    METADATA.create_all(engine)
    desk = Desk.on(engine, renderer=Renderer())
    open_call(desk, "B3", by=OFFICE, as_of=at_time(date(2024, 5, 15), 9))
    begun: dict[str, list[int]] = {occupation: [] for occupation in OCCUPATIONS}
    with transaction(engine) as tx:
        tx.run("INSERT INTO office_mailbox (channel, name, mail) VALUES ('P50', '示例厅', 'p50@example.cn')")
        for number in range(1, RECOMMENDED + SUBMITTED + 11):
            tx.run(
                "INSERT INTO institution (id, uscc, name, province, address, unit_type) VALUES (?, ?, ?, '50', '', '')",
                (number, f"U{number}", f"示例机构{number}"),
            )
            occupation = OCCUPATIONS[number % 5]
            new = NewCase(
                "B3", "evaluation", occupation, number, "50", "P50", "初级", f"c{number}@example.cn"
            )
            begun[occupation].append(begin_case(tx, desk, new, by=OFFICE, as_of=FILED).id)
    ids = sorted(id_ for each in begun.values() for id_ in each)
    listing = [id_ for each in begun.values() for id_ in each[:2]]
    others = [id_ for id_ in ids if id_ not in listing]
    letter = {"letter_no": "示例函1号", "letter_date": date(2024, 6, 11)}
    recommended = [*listing, *others[:RECOMMENDED]]
    advance(
        desk, "recommend", recommended, by=RECOMMENDER, as_of=at_time(date(2024, 6, 12), 10), inputs=letter
    )
    advance(desk, "receive_paper", recommended, by=OFFICE, as_of=at_time(date(2024, 6, 13), 10))
    at = at_time(date(2024, 6, 14), 10)
    advance(desk, "begin_review", listing, by=OFFICE, as_of=at)
    advance(desk, "pass_initial", listing, by=OFFICE, as_of=at)
    votes = {"votes_for": 5, "votes_cast": 7}
    advance(desk, "record_result", listing, by=OFFICE, as_of=at, inputs=votes)
    advance(desk, "conclude_review", listing, by=OFFICE, as_of=at)
    advance(desk, "publicise", listing, by=GROUP, as_of=at)
    with transaction(engine) as tx:
        tx.run("UPDATE letter SET state = 'sent' WHERE id > ?", (LETTERS,))
    engine.dispose()
    return path


@dataclass
class Postbox:
    """A mail server's handler that remembers what it accepted."""

    accepted: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.accepted.append((f"{mail['To']} {mail['Subject']}", mail["Message-ID"]))
        return "250 OK"


class Worker:
    """The process whose children do the work and are killed."""

    def __init__(self, key: str) -> None:
        self.key, self.took = key, 0.0
        script = Path(__file__).with_name("killable_worker.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def do(
        self, job: str, database: Path, as_of: datetime, port: int, kill_after: float | None = None
    ) -> Any:
        """What the child said; None when it was killed before it was done."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {
            "job": job,
            "database": sqlite_url(database),
            "key": self.key,
            "as_of": as_of.isoformat(),
            "port": port,
        }
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        started = time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        said = json.loads(self.process.stdout.readline())
        self.took = time.monotonic() - started
        return said

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass
class Round:
    """One database on which one job is killed a few times and then finished."""

    worker: Worker
    job: str
    database: Path
    port: int
    as_of: datetime

    def kill(self, after: float) -> bool:
        """Whether the child died before it was done."""
        died = self.worker.do(self.job, self.database, self.as_of, self.port, after) is None
        if self.job == "send":
            self.as_of += LEASE_OVER
        return died

    def sound(self) -> None:
        """Whatever stands in the file hangs together."""
        said = self.worker.do("look", self.database, self.as_of, self.port)
        assert said == {"faults": [], "chain": True}

    def finish(self) -> float:
        """Do the rest, and say how many seconds that took."""
        assert self.worker.do(self.job, self.database, self.as_of, self.port) == {"done": True}
        return self.worker.took

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(sql).fetchall()


def once(round_: Round, postbox: Postbox | None, kills: int) -> None:
    """Nothing happened twice and nothing is missing, now that the work is done."""
    round_.sound()
    twice = "SELECT case_id, version FROM audit WHERE kind = 'move' GROUP BY 1, 2 HAVING count(*) > 1"
    assert round_.rows(twice) == []
    assert round_.rows("SELECT count(*) FROM incident") == [(0,)]
    if round_.job == "batch":
        assert round_.rows(
            "SELECT name, count(*), count(DISTINCT case_id) FROM audit WHERE name = 'begin_review'"
        ) == [("begin_review", RECOMMENDED + 10, RECOMMENDED + 10)]
        assert round_.rows("SELECT count(*) FROM letter WHERE letter = 'accepted'") == [(RECOMMENDED + 10,)]
    elif round_.job == "sweep":
        assert round_.rows(
            "SELECT name, count(*), count(DISTINCT case_id) FROM audit WHERE actor = 'clock:clock' AND kind = 'move'"
            " GROUP BY name ORDER BY name"
        ) == [
            ("accept_at_close", RECOMMENDED, RECOMMENDED), ("close_unrecommended", SUBMITTED, SUBMITTED),
            ("exit", 10, 10), ("lapse", 10, 10), ("list", 10, 10),
        ]  # fmt: skip
        assert round_.rows(
            "SELECT letter, count(*), count(DISTINCT case_id || role || occasion) FROM letter"
            " WHERE letter IN ('accepted', 'unrecommended', 'listed', 'lapsed', 'exited') GROUP BY 1 ORDER BY 1"
        ) == [
            ("accepted", RECOMMENDED + 10, RECOMMENDED + 10), ("exited", 20, 20), ("lapsed", 20, 20),
            ("listed", 20, 20), ("unrecommended", 2 * SUBMITTED, 2 * SUBMITTED),
        ]  # fmt: skip
    else:
        assert postbox is not None
        assert round_.rows("SELECT state, count(*) FROM letter GROUP BY state")[0][0] == "sent"
        owed = {row[0] for row in round_.rows(f"SELECT message_id FROM letter WHERE id <= {LETTERS}")}
        ids = Counter(message_id for _, message_id in postbox.accepted)
        assert set(ids) == owed
        assert len({letter for letter, _ in postbox.accepted}) == len(owed)
        assert sum(ids.values()) - len(owed) <= kills


def port_of(postbox: Postbox) -> tuple[Controller, int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    return controller, port


@pytest.fixture(scope="module")
def workers(key: str) -> Iterator[list[Worker]]:
    """Two of them, one for each of the machine's cores."""
    workers = [Worker(key), Worker(key)]
    yield workers
    for each in workers:
        each.close()


@pytest.mark.clause("D-7")
@pytest.mark.parametrize("job", sorted(KILLS))
def test_killed_at_any_instant_and_started_again(
    job: str, template: Path, tmp_path: Path, workers: list[Worker]
) -> None:
    wanted = KILLS[job]

    def rounds(index: int) -> int:
        chance, landed, number = Random(f"{job}/{index}"), 0, 0
        takes = 0.0
        while landed < (wanted + 1 - index) // 2:
            number += 1
            postbox = Postbox()
            controller, port = port_of(postbox) if job == "send" else (None, 0)
            database = tmp_path / f"{index}-{number}.db"
            shutil.copyfile(template, database)
            round_ = Round(workers[index], job, database, port, AT[job])
            kills = 0
            if number == 1:
                takes = round_.finish()
            while number > 1 and kills < KILLS_ON_ONE and round_.kill(takes * chance.random()):
                kills += 1
                if kills == 1:
                    round_.sound()
            round_.finish()
            once(round_, postbox, kills)
            if controller:
                controller.stop(no_assert=True)
            landed += kills
        return landed

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(rounds, range(2))) >= wanted
