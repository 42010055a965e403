"""A data folder opens, is made when it is new, or says in one sentence why not."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from casework.installation import Installation, open_installation, scratch_installation
from casework.settings import Settings
from records.crypt import decrypt, encrypt, make_key
from records.engine import open_engine, sqlite_url
from records.upgrade import MIGRATIONS, Standing, standing
from states.calendar import Calendar
from states.refusals import Refused

NOW = datetime(2024, 5, 15, 1, tzinfo=UTC)


def opened(data: Path, *, upgrading: bool = False, **settings: Any) -> Installation:
    return open_installation(
        Settings.model_validate({**settings, "data": data}), as_of=NOW, upgrading=upgrading
    )


def refusal(data: Path, **settings: Any) -> str:
    with pytest.raises(Refused) as refused:
        opened(data, **settings)
    return str(refused.value).replace(str(data), "DATA")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(data: Path, *statements: str) -> None:
    engine = open_engine(sqlite_url(data / "linxuan.sqlite3"))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.mark.clause("M24-11.6a")
def test_a_new_folder_is_made_for_its_owner_alone_and_says_where_the_key_is(data: Path) -> None:
    installation = opened(data / "new")
    folder = data / "new"
    modes = {each.name: each.stat().st_mode & 0o777 for each in [folder, *folder.iterdir()]}
    assert modes.items() >= {"new": 0o700, "linxuan.sqlite3": 0o600, "secret.key": 0o600}.items()
    assert installation.notes == (
        f"已生成加密密钥文件{folder}/secret.key，丢失后已加密的身份证件号码无法恢复，请另行妥善备份。",
    )
    assert standing(installation.engine) is Standing.CURRENT
    assert installation.calendar() == Calendar.builtin()
    assert installation.keys[0] not in repr(installation)


def test_opening_again_finds_everything_and_has_nothing_to_say(data: Path) -> None:
    first = opened(data)
    stored = encrypt("11010119900307109X")
    digest = first.store_material(b"licence")
    first.close()
    again = opened(data)
    assert (again.notes, again.keys, decrypt(stored)) == ((), first.keys, "11010119900307109X")
    assert again.read_material(digest) == b"licence"


def test_processes_that_open_a_new_folder_together_share_one_key(data: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC;"
        "from casework.installation import open_installation; from casework.settings import Settings;"
        "print(open_installation(Settings(data=Path(sys.argv[1])), as_of=datetime(2024, 5, 15, tzinfo=UTC)).keys)"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(data)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = {process.communicate()[0] for process in started}
    assert said == {f"{opened(data).keys}\n"}


def test_a_path_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a letter")
    assert refusal(tmp_path / "data") == "数据文件夹DATA是一个文件，请换一个路径。"
    assert (
        refusal(tmp_path / "data" / "x")
        == "数据文件夹DATA无法建立（路径中有一段是文件而不是文件夹），请检查路径和权限。"
    )


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Permissions bind everybody but root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_folder_is_refused_and_left_as_it_is() -> None:
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        data = Path(parent, "data")
        data.mkdir(mode=0o555)
        with as_an_ordinary_user():
            said = refusal(data)
        assert said == "数据文件夹DATA无法写入（没有权限），请处理后重试。"
        assert list(data.iterdir()) == []


def test_a_folder_where_no_file_may_grow_is_refused(data: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        said = refusal(data)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert said == "数据文件夹DATA无法写入（文件大小超出系统限制），请处理后重试。"
    assert list(data.iterdir()) == []


def test_a_full_disk_is_refused(tiny_disk: Path) -> None:
    (tiny_disk / "ballast").write_bytes(b"x" * 200 * 1024)
    data = tiny_disk / "data"
    assert refusal(data) == "数据文件夹DATA无法写入（磁盘空间不足），请处理后重试。"
    assert list(data.iterdir()) == []


def test_a_disk_that_fills_while_the_database_is_made_leaves_a_folder_that_opens_later(
    tiny_disk: Path,
) -> None:
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(b"x" * 150 * 1024)
    data = tiny_disk / "data"
    assert refusal(data) == "数据库操作未能完成：磁盘空间不足（DATA/linxuan.sqlite3）。"
    subprocess.run(["mount", "-o", "remount,size=8m", str(tiny_disk)], check=True)
    installation = opened(data)
    assert standing(installation.engine) is Standing.CURRENT
    installation.close()


def test_a_file_that_is_no_database_is_refused(data: Path) -> None:
    data.mkdir()
    (data / "linxuan.sqlite3").write_bytes(b"this is a text, not a database\n" * 200)
    assert (
        refusal(data)
        == "数据库操作未能完成：文件不是数据库，可能已损坏，请从备份恢复（DATA/linxuan.sqlite3）。"
    )
    assert sorted(each.name for each in data.iterdir()) == ["linxuan.sqlite3"]


def test_a_database_with_a_torn_header_page_is_refused(data: Path) -> None:
    opened(data).close()
    file = data / "linxuan.sqlite3"
    content = bytearray(file.read_bytes())
    content[100:4096] = b"\xff" * 3996
    file.write_bytes(content)
    assert refusal(data) == "数据库操作未能完成：数据库文件已损坏，请从备份恢复（DATA/linxuan.sqlite3）。"


def test_a_newer_database_is_refused_and_left_as_it_is(data: Path) -> None:
    opened(data).close()
    run(data, "UPDATE alembic_version SET version_num = '9999'")
    before = (data / "linxuan.sqlite3").read_bytes()
    assert refusal(data) == (
        "数据库的结构版本（9999）比本程序（0001）新，请改用建立它的新版 linxuan，或从本版本的备份恢复。"
    )
    assert (data / "linxuan.sqlite3").read_bytes() == before


def test_somebody_elses_database_is_refused(data: Path, tmp_path: Path) -> None:
    run(tmp_path, "CREATE TABLE ledger (x INTEGER)")
    other = f"sqlite:///{tmp_path}/linxuan.sqlite3"
    assert refusal(data, database=other) == (
        f"数据库{tmp_path}/linxuan.sqlite3中已有其他程序的表，请换一个空的数据库。"
    )


def test_an_older_database_waits_for_its_upgrade_and_is_copied_before(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(data).close()
    run(data, "INSERT INTO counter (prefix, last) VALUES ('B3-SJAQ', 7)")
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0002_motto.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = '0002'\ndown_revision = '0001'\n"
        "def upgrade():\n    op.add_column('counter', sa.Column('motto', sa.String()))\n"
    )
    monkeypatch.setattr("records.upgrade.MIGRATIONS", folder)
    assert refusal(data) == "数据库的结构版本是0001，本程序需要0002，请先运行 linxuan db upgrade。"
    installation = opened(data, upgrading=True)
    copy = data / "backups" / "before-0002-1.sqlite3"
    assert installation.notes == (f"数据库已从结构版本0001升级到0002，升级前的副本是{copy}。",)
    with installation.reading.connect() as connection:
        assert connection.execute(text("SELECT last, motto FROM counter")).one() == (7, None)
    monkeypatch.undo()
    assert standing(open_engine(sqlite_url(copy))) is Standing.CURRENT
    assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.clause("M24-11.6a")
def test_another_key_is_refused(data: Path) -> None:
    opened(data).close()
    (data / "secret.key").write_text(make_key())
    assert refusal(data) == "加密密钥与这个数据库不符，请放回建立数据库时的密钥文件。（M24-11.6a）"


def test_a_lost_key_is_not_replaced_by_a_new_one(data: Path) -> None:
    opened(data).close()
    (data / "secret.key").unlink()
    assert refusal(data) == "缺少加密密钥文件DATA/secret.key，请放回原来的密钥文件，或从带密钥的备份恢复。"
    assert not (data / "secret.key").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"short", "加密密钥的格式不符（应为44个字符的 Fernet 密钥），请放回原来的密钥。"),
        (b" \n", "加密密钥文件DATA/secret.key中没有密钥，请填入由 linxuan 生成的密钥。"),
        ("密钥".encode(), "DATA/secret.key不是加密密钥文件，请放回原来的密钥文件。"),
    ],
)
def test_a_key_file_that_holds_no_key_is_refused(data: Path, content: bytes, sentence: str) -> None:
    opened(data).close()
    (data / "secret.key").write_bytes(content)
    assert refusal(data) == sentence


def test_a_key_file_others_can_read_is_pointed_out(data: Path) -> None:
    opened(data).close()
    (data / "secret.key").chmod(0o644)
    path = data / "secret.key"
    assert opened(data).notes == (f"加密密钥文件{path}可被其他用户读取，请执行 chmod 600 {path}。",)


def test_configured_keys_are_used_the_newest_first(data: Path) -> None:
    old, new = make_key(), make_key()
    opened(data, encryption={"keys": old}).close()
    stored = encrypt("遴选")
    assert opened(data, encryption={"keys": f"{new}, {old}"}).keys == (new, old)
    assert decrypt(stored) == "遴选"
    assert not (data / "secret.key").exists()
    assert refusal(data, encryption={"keys": new}).startswith("加密密钥与这个数据库不符")


def test_a_lost_database_beside_kept_materials_is_not_replaced_by_an_empty_one(data: Path) -> None:
    installation = opened(data)
    installation.store_material(b"licence")
    installation.close()
    for file in data.glob("linxuan.sqlite3*"):
        file.unlink()
    assert refusal(data) == (
        "数据库DATA/linxuan.sqlite3是空的，但数据文件夹中已有申报材料，数据库可能已丢失，请从备份恢复。"
    )


def test_a_scratch_installation_works_like_a_real_one(tmp_path: Path) -> None:
    scratch = scratch_installation(tmp_path, as_of=NOW, changes={"language": "en"})
    assert standing(scratch.engine) is Standing.CURRENT
    assert scratch.settings.language == "en"
    assert scratch.read_material(scratch.store_material(b"paper")) == b"paper"
    assert scratch.desk().engine is scratch.engine
    assert not (tmp_path / "secret.key").exists()
