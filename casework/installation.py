"""An opened installation: its data folder, database, key, calendar and wording, or one sentence why not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from sqlite3 import Error as SQLiteError
from typing import Any

from sqlalchemy import Connection, Engine, event, insert, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from casework.calendars import current_calendar, seed_calendar
from casework.data_folder import close_to_others, find_keys, prepare_folder
from casework.desk import Desk
from casework.faults import database_refusal, os_fault
from casework.materials import read_material, store_material
from casework.processes import Processes
from casework.settings import Settings
from notifications.rendering import Renderer
from records.copying import copy_database
from records.crypt import WrongKey, make_key, use_key
from records.engine import open_engine
from records.tables import Seal
from records.upgrade import Standing, create, head, revision_of, standing, upgrade
from states.calendar import Calendar
from states.refusals import Refused

SEALED_TEXT = "遴选"


@dataclass(frozen=True, slots=True)
class Installation:
    """What every program works on. ``notes`` are sentences to show the operator once, at the start;
    ``keys`` encrypt personal identifiers, newest first, and never go into a log."""

    settings: Settings
    data: Path
    engine: Engine
    notes: tuple[str, ...] = ()
    keys: tuple[str, ...] = field(default=(), repr=False)

    @property
    def reading(self) -> Engine:
        """The same engine for those who only read: they hold up no writer."""
        return self.engine.execution_options(readonly=True)

    @property
    def materials(self) -> Path:
        """Where required papers lie, by digest."""
        return self.data / "materials"

    @property
    def outbox(self) -> Path:
        """Where the local catcher keeps letters as .eml files."""
        return self.data / "outbox"

    @property
    def wording(self) -> Path | None:
        """The office's own wording of letters, when it has any."""
        folder = self.data / "letters"
        return folder if folder.is_dir() else None

    def calendar(self) -> Calendar:
        """The State Council's calendar in its current edition here (D-6)."""
        return current_calendar(self.engine)

    def renderer(self) -> Renderer:
        """A new renderer with the office's own wording, compiled once: keep it."""
        return Renderer(self.wording)

    def desk(self) -> Desk:
        """What the gate works with; made once per program."""
        return Desk(
            self.engine, self.calendar(), Processes(self.engine), self.renderer(),
            mail_domain=self.settings.mail.domain, office_opens=self.settings.office.opens,
            address=self.settings.links.address.rstrip("/"), link_hours=self.settings.links.hours,
            change_days=self.settings.changes.days, change_reminder_days=self.settings.changes.reminder_days,
            nudge_days=self.settings.nudges.days,
        )  # fmt: skip

    def store_material(self, source: Path | bytes) -> str:
        """Keep a paper; its digest. May be Refused."""
        return store_material(self.materials, source)

    def read_material(self, digest: str) -> bytes:
        """A kept paper, verified. May be Refused."""
        return read_material(self.materials, digest)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def open_installation(settings: Settings, *, as_of: datetime, upgrading: bool = False) -> Installation:
    """Open the data folder, or make it when it is new: folder, key, database, calendar.

    With `upgrading` an older database is brought to the newest tables after a copy of it was put into
    ``backups/`` (a PostgreSQL database is not copied); without, it is Refused. Raises Refused, with one
    sentence that says what to do, for: a path that is a file, a read-only folder, a full disk, a database
    that is newer, foreign, corrupt or out of reach, and a key that is missing or not this database's.
    """
    prepare_folder(settings.data)
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        close_to_others(settings.data)
        _touch(file)
    engine = open_engine(settings.database_url)
    try:
        return _open(settings, engine, file, as_of, upgrading)
    except (DBAPIError, SQLiteError) as error:
        engine.dispose()
        refusal = database_refusal(error)
        if refusal is None:
            raise
        raise Refused(
            f"{refusal.sentence.removesuffix('；已提交的数据不受影响。')}（{_shown(settings)}）。"
        ) from None
    except BaseException:
        engine.dispose()
        raise


def scratch_installation(
    folder: Path, *, as_of: datetime, changes: Mapping[str, Any] | None = None
) -> Installation:
    """A throw-away installation in an existing folder, for rehearsals and tests: quick, not crash-safe.

    Its key lives in this process only, and replaces the key in use. `changes` are settings.
    """
    settings = Settings(**{**(changes or {}), "data": folder})
    key = make_key()
    use_key(key)
    engine = open_engine(settings.database_url)

    @event.listens_for(engine, "connect")
    def _hurry(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF").close()

    create(engine, lambda connection: _first_rows(connection, as_of))
    return Installation(settings, folder, engine, keys=(key,))


def sqlite_file(settings: Settings) -> Path | None:
    """The database file, or None when the database is on a server."""
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _open(
    settings: Settings, engine: Engine, file: Path | None, as_of: datetime, upgrading: bool
) -> Installation:
    found = standing(engine)
    _refuse_strangers(found, engine, settings)
    keys, notes = find_keys(settings, fresh=found is Standing.EMPTY)
    try:
        use_key(*keys)
    except ValueError:
        raise Refused("加密密钥的格式不符（应为44个字符的 Fernet 密钥），请放回原来的密钥。") from None
    if found is Standing.EMPTY:
        _refuse_lost_database(settings)
        create(engine, lambda connection: _first_rows(connection, as_of))
    _refuse_wrong_key(engine)
    if found is Standing.OLDER:
        if not upgrading:
            raise Refused(
                f"数据库的结构版本是{revision_of(engine)}，本程序需要{head()}，请先运行 linxuan db upgrade。"
            )
        notes.append(_upgrade(engine, settings.data if file is not None else None))
    return Installation(settings, settings.data, engine, tuple(notes), keys)


def _refuse_strangers(found: Standing, engine: Engine, settings: Settings) -> None:
    if found is Standing.NEWER:
        raise Refused(
            f"数据库的结构版本（{revision_of(engine)}）比本程序（{head()}）新，"
            "请改用建立它的新版 linxuan，或从本版本的备份恢复。"
        )
    if found is Standing.FOREIGN:
        raise Refused(f"数据库{_shown(settings)}中已有其他程序的表，请换一个空的数据库。")


def _refuse_lost_database(settings: Settings) -> None:
    if any((settings.data / "materials").glob("??/*")):
        raise Refused(
            f"数据库{_shown(settings)}是空的，但数据文件夹中已有申报材料，数据库可能已丢失，请从备份恢复。"
        )


def _refuse_wrong_key(engine: Engine) -> None:
    try:
        with engine.execution_options(readonly=True).connect() as connection:
            sealed = connection.execute(select(col(Seal.sealed))).scalars().all()
    except WrongKey:
        sealed = []
    if SEALED_TEXT not in sealed:
        raise Refused("加密密钥与这个数据库不符，请放回建立数据库时的密钥文件。", clause="M24-11.6a")


def _first_rows(connection: Connection, as_of: datetime) -> None:
    connection.execute(insert(Seal).values(name="first", sealed=SEALED_TEXT, at=as_of))
    seed_calendar(connection, as_of=as_of)


def _upgrade(engine: Engine, data: Path | None) -> str:
    before = revision_of(engine)
    kept = ""
    if data is not None:
        folder = data / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        taken = [
            int(n) for each in folder.glob("before-*.sqlite3") for n in re.findall(r"-(\d+)\.", each.name)
        ]
        copy = folder / f"before-{head()}-{max(taken, default=0) + 1}.sqlite3"
        try:
            copy_database(engine, copy)
        except OSError as error:
            raise Refused(f"升级前的副本{copy}无法写入（{os_fault(error)}），数据库未作改动。") from None
        kept = f"，升级前的副本是{copy}"
    upgrade(engine)
    return f"数据库已从结构版本{before}升级到{head()}{kept}。"


def _touch(file: Path) -> None:
    try:
        file.touch(mode=0o600)
    except OSError as error:
        raise Refused(f"数据库文件{file}无法建立（{os_fault(error)}），请检查路径和权限。") from None


def _shown(settings: Settings) -> str:
    file = sqlite_file(settings)
    return str(file) if file else make_url(settings.database_url).render_as_string(hide_password=True)
