"""What several tests of casework need: a database with the call open, people who act on it, a small disk."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casework.actors import Actor
from casework.calls import open_call
from casework.desk import Desk
from notifications.rendering import Renderer
from records.crypt import make_key, use_key
from records.engine import open_engine, sqlite_url
from records.tables import METADATA
from states.call_rules import CallRules
from states.roles import Role

ActorFor = Callable[[str], Actor]


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """The wording of letters, compiled once for all tests."""
    return Renderer()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite database with every table, and a key of its own."""
    opened = open_engine(sqlite_url(tmp_path / "linxuan.db"))
    METADATA.create_all(opened)
    use_key(make_key())
    yield opened
    opened.dispose()


@pytest.fixture
def desk(engine: Engine, renderer: Renderer) -> Desk:
    """A desk on that database, with the built-in calendar and wording."""
    return Desk.on(engine, renderer=renderer)


@pytest.fixture
def office() -> Actor:
    """A clerk of the national office."""
    return Actor("示例经办人", Role.OFFICE)


@pytest.fixture
def recommender() -> ActorFor:
    """The clerk of a recommending office, by channel code (P50, D01)."""
    return lambda channel: Actor(f"{channel}经办人", Role.RECOMMENDER, channel)


@pytest.fixture
def province() -> ActorFor:
    """The clerk of a province that decides for itself, by two-digit code (50)."""
    return lambda code: Actor(f"{code}省级经办人", Role.PROVINCE, code)


@pytest.fixture
def b3(desk: Desk, office: Actor) -> CallRules:
    """The rules of the third batch, open since the morning of its notice."""
    opened_at = datetime(2024, 5, 15, 1, tzinfo=UTC)
    return open_call(desk, "B3", by=office, as_of=opened_at).rules


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB, where the machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)
