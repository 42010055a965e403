"""A backup taken while work goes on comes back whole, and a damaged or tampered one does not come back at all."""

import json
import shutil
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from casework.actors import Actor
from casework.archive import safe_name
from casework.audit import verify
from casework.backup import backup, verify_backup
from casework.installation import Installation, open_installation
from casework.people import add_user
from casework.restore import restore
from casework.settings import Settings
from records.crypt import decrypt, encrypt
from records.transaction import transaction
from states.refusals import Refused
from states.roles import Role

NOW = datetime(2024, 5, 15, 1, tzinfo=UTC)
HEAD = Actor("示例主任", Role.HEAD)
PAPER = b"%PDF-1.4 licence"
DIGEST = sha256(PAPER).hexdigest()
IDENTITY = "11010119900307109X"


@pytest.fixture
def office(tmp_path: Path) -> Installation:
    """An installation with an account, a case with its paper and an identity number, a letter kept, a wording."""
    installation = open_installation(Settings(data=tmp_path / "data"), as_of=NOW)
    add_user(
        installation.engine,
        login="li.hua",
        name="李示例",
        mail="li@example.cn",
        role="office",
        as_of=NOW,
        by=HEAD,
    )
    installation.store_material(PAPER)
    with transaction(installation.engine) as tx:
        tx.run(
            "INSERT INTO institution (id, uscc, name, province, address, unit_type) VALUES (1, 'X', '示例', '50', '', '')"
        )
        columns = {
            "no": "B3-SJAQ-0001", "version": 1, "call": "B3", "track": "evaluation", "process": "B3/evaluation@1",
            "occupation": "SJAQ", "institution_id": 1, "province": "50", "channel": "P50", "stage": "submitted",
            "entered_at": NOW, "updated_at": NOW, "materials_missing": 0, "warnings_open": 0, "priority": 0,
            "departs": False, "objections_open": 0, "term_no": 0, "activity": 0, "duties_done": "", "levels": "",
            "contact_mail": "", "due_provisional": False, "recommended_on": date(2024, 5, 20),
        }  # fmt: skip
        tx.run(
            f"INSERT INTO cases ({', '.join(columns)}) VALUES ({','.join('?' * len(columns))})",
            list(columns.values()),
        )
        tx.run(
            "INSERT INTO material (case_id, kind, name, digest, size, at) VALUES (1, 'licence', 'a.pdf', ?, ?, ?)",
            (DIGEST, len(PAPER), NOW),
        )
        tx.run(
            "INSERT INTO filing (case_id, number, at, source, digest, form, identity) VALUES (1, 1, ?, 'a', 'd', '{}', ?)",
            (NOW, encrypt(IDENTITY)),
        )
    for name in ("outbox/one.eml", "letters/listed/applicant.txt.j2", "calls/B4.toml"):
        (installation.data / name).parent.mkdir(parents=True, exist_ok=True)
        (installation.data / name).write_text(name)
    return installation


def shape(installation: Installation) -> dict[str, list[tuple[object, ...]]]:
    with installation.reading.connect() as connection:
        names = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        ).scalars()
        return {
            name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
            for name in names
        }


def refusal(file: Path, data: Path) -> str:
    with pytest.raises(Refused) as refused:
        restore(file, data)
    return str(refused.value).replace(str(file), "FILE").replace(str(data), "DATA")


@pytest.mark.clause("M24-11.6a")
def test_what_was_backed_up_with_its_key_comes_back_as_it_was(office: Installation, tmp_path: Path) -> None:
    report = backup(office, tmp_path / "b.zip", as_of=NOW, with_key=True)
    assert (report.files, report.audit_entries, (tmp_path / "b.zip").stat().st_mode & 0o777) == (6, 1, 0o600)
    assert report.notes == ("备份中含有加密密钥，得到此文件者即可读取身份证件号码，请按涉密要求保管。",)
    before = shape(office)
    office.close()
    done = restore(tmp_path / "b.zip", tmp_path / "again")
    assert (done.audit_entries, done.notes) == (1, ())
    again = open_installation(Settings(data=tmp_path / "again"), as_of=NOW)
    assert (shape(again), again.notes, again.keys) == (before, (), office.keys)
    assert again.read_material(DIGEST) == PAPER
    assert (again.data / "letters/listed/applicant.txt.j2").read_text() == "letters/listed/applicant.txt.j2"
    with again.reading.connect() as connection:
        assert decrypt(connection.execute(text("SELECT identity FROM filing")).scalar_one()) == IDENTITY
    assert again.data.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o077 for each in again.data.rglob("*")} == {0}


@pytest.mark.clause("M24-11.6a")
def test_without_the_key_it_says_where_the_key_must_be_kept_and_opens_only_with_it(
    office: Installation, tmp_path: Path
) -> None:
    report = backup(office, tmp_path / "b.zip", as_of=NOW)
    mark = sha256(office.keys[0].encode()).hexdigest()[:8]
    assert report.notes[0] == (
        f"备份不含加密密钥（密钥标记 {mark}），缺少密钥就无法读取身份证件号码，"
        f"请将密钥文件{office.data}/secret.key另行妥善保管。"
    )
    content = (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        content += b"".join(archive.read(name) for name in archive.namelist())
    assert office.keys[0].encode() not in content
    assert IDENTITY.encode() not in content
    data = tmp_path / "again"
    assert restore(tmp_path / "b.zip", data).notes == (
        f"备份不含加密密钥，请把原来的密钥文件（密钥标记 {mark}）放到{data}/secret.key后再启动。",
    )
    with pytest.raises(Refused, match="缺少加密密钥文件"):
        open_installation(Settings(data=data), as_of=NOW)
    shutil.copy(office.data / "secret.key", data)
    assert open_installation(Settings(data=data), as_of=NOW).keys == office.keys


def test_secrets_in_the_settings_stay_out_and_are_named(office: Installation, tmp_path: Path) -> None:
    stated = (
        'language = "en"\ndatabase = "sqlite:////elsewhere"\n'
        '[mail]\nhost = "mx.example.cn"\nport = 25\npassword = "geheim"\n[office]\nopens = 08:30:00\n'
    )
    (office.data / "linxuan.toml").write_text(stated)
    report = backup(office, tmp_path / "b.zip", as_of=NOW)
    assert report.notes[0] == "设置中的下列各项不进入备份，恢复后请重新填写：mail.password、database。"
    restore(tmp_path / "b.zip", tmp_path / "again")
    assert (tmp_path / "again" / "linxuan.toml").read_text() == (
        'language = "en"\n\n[mail]\nhost = "mx.example.cn"\nport = 25\n\n[office]\nopens = 08:30:00\n'
    )


def test_settings_without_secrets_are_kept_to_the_letter(office: Installation, tmp_path: Path) -> None:
    stated = "# 本办公室的设置\n[office]\nopens = 08:30:00  # 夏令\n"
    (office.data / "linxuan.toml").write_text(stated)
    backup(office, tmp_path / "b.zip", as_of=NOW)
    restore(tmp_path / "b.zip", tmp_path / "again")
    assert (tmp_path / "again" / "linxuan.toml").read_text() == stated


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from casework.audit import Entry, append
from casework.installation import open_installation
from casework.settings import Settings
from records.transaction import transaction
now = datetime(2024, 5, 15, 1, tzinfo=UTC)
office = open_installation(Settings(data=Path(sys.argv[1])), as_of=now)
n = 0
while True:
    n += 1
    with transaction(office.engine) as tx:
        tx.run("INSERT INTO counter (prefix, last) VALUES (?, ?)", (f"n{n}", n))
        append(tx, [Entry(now, now, "clock:clock", "test", "count", detail={"n": n})])
    if n == 20:
        print("busy", flush=True)
"""


def test_a_backup_taken_while_others_write_is_one_instant_of_the_database(
    office: Installation, tmp_path: Path
) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(office.data)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "busy\n"
        reports = [backup(office, tmp_path / f"{n}.zip", as_of=NOW) for n in range(3)]
    finally:
        writer.kill()
        writer.communicate()
    for n, report in enumerate(reports):
        restore(report.file, tmp_path / str(n))
        with closing(sqlite3.connect(tmp_path / str(n) / "linxuan.sqlite3")) as connection:
            counted = connection.execute("SELECT count(*), max(last) FROM counter").fetchone()
        # The fixture wrote one entry, the writer one for every number it counted.
        assert counted == (report.audit_entries - 1, report.audit_entries - 1)


def test_a_backup_does_not_replace_a_file(office: Installation, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("mine")
    with pytest.raises(Refused, match="b.zip已存在，请换一个文件名。"):
        backup(office, tmp_path / "b.zip", as_of=NOW)
    assert (tmp_path / "b.zip").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_refused(office: Installation, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        backup(office, tmp_path / "none" / "b.zip", as_of=NOW)
    assert str(refused.value) == f"备份文件{tmp_path}/none/b.zip无法写入（路径不存在），请处理后重试。"


def test_a_disk_that_fills_up_leaves_no_half_backup(office: Installation, tiny_disk: Path) -> None:
    (tiny_disk / "ballast").write_bytes(b"x" * 150 * 1024)
    with pytest.raises(Refused, match="磁盘空间不足"):
        backup(office, tiny_disk / "b.zip", as_of=NOW)
    assert [each.name for each in tiny_disk.iterdir()] == ["ballast"]


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        ("UPDATE audit SET seq = 2", "审计日志不连贯（缺少第1条记录），请查明原因。"),
        ("UPDATE audit SET actor = 'nobody'", "审计日志不连贯（第1条记录与其哈希不符"),
        ("UPDATE material SET digest = 'ab'", "缺少1份已登记的材料（如ab…），请检查材料文件夹。"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM institution", "数据库不完好（row 1 of cases refers"),
    ],
)  # fmt: skip
def test_a_backup_that_would_not_stand_is_not_left_behind(
    office: Installation, tmp_path: Path, harm: str, sentence: str
) -> None:
    with closing(sqlite3.connect(office.data / "linxuan.sqlite3", isolation_level=None)) as connection:
        connection.executescript(harm)
    with pytest.raises(Refused) as refused:
        backup(office, tmp_path / "b.zip", as_of=NOW)
    assert sentence in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


@pytest.fixture
def archived(office: Installation, tmp_path: Path) -> Path:
    file = tmp_path / "b.zip"
    backup(office, file, as_of=NOW)
    return file


def test_a_folder_with_something_in_it_is_left_alone(archived: Path, tmp_path: Path) -> None:
    data = tmp_path / "mine"
    data.mkdir()
    (data / "letter.txt").write_text("mine")
    assert refusal(archived, data) == "文件夹DATA不是空的，为免覆盖，未作恢复；请换一个空文件夹。"
    assert [each.name for each in data.iterdir()] == ["letter.txt"]


def test_an_empty_folder_or_one_a_restore_was_cut_off_in_will_do(archived: Path, tmp_path: Path) -> None:
    data = tmp_path / "again"
    (data / ".restoring" / "materials").mkdir(parents=True)
    restore(archived, data)
    assert sorted(each.name for each in data.iterdir()) == [
        "calls", "letters", "linxuan.sqlite3", "materials", "outbox",
    ]  # fmt: skip


DAMAGED = "备份文件FILE已损坏或不是 linxuan 的备份，请换一个备份文件。"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_cut_off_file_is_refused(archived: Path, tmp_path: Path, share: float) -> None:
    content = archived.read_bytes()
    archived.write_bytes(content[: int(len(content) * share)])
    assert refusal(archived, tmp_path / "again") == DAMAGED


def test_a_single_changed_byte_is_noticed_wherever_it_lies(archived: Path, tmp_path: Path) -> None:
    content = archived.read_bytes()
    with zipfile.ZipFile(archived) as archive:
        members = archive.infolist()
    for member in members:
        lengths = content[member.header_offset + 26 : member.header_offset + 30]
        start = member.header_offset + 30 + sum(struct.unpack("<HH", lengths))
        place = start + member.compress_size // 2
        changed = bytearray(content)
        changed[place] ^= 0x55
        archived.write_bytes(changed)
        assert refusal(archived, tmp_path / "again") == DAMAGED
        assert not (tmp_path / "again").exists() or list((tmp_path / "again").iterdir()) == []


def test_a_file_that_is_no_backup_or_not_there_is_refused(tmp_path: Path) -> None:
    assert (
        refusal(tmp_path / "none.zip", tmp_path / "again")
        == "备份文件FILE无法读取（路径不存在），请检查路径和权限。"
    )
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(tmp_path / "other.zip", tmp_path / "again") == DAMAGED
    assert not (tmp_path / "again").exists()


def rewritten(file: Path, change: Callable[[dict[str, bytes], dict[str, object]], None]) -> Path:
    """The same backup with members and manifest changed by somebody who knows how to."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(members, manifest)
    manifest["files"] = {
        name: {"size": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in members.items()
    }
    out = file.with_name("rewritten.zip")
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))
    return out


@pytest.mark.parametrize(
    "name", ["../evil", "materials/../../evil", "/tmp/evil", "materials\\..\\evil", "x", "materials"]
)
def test_a_path_that_leads_elsewhere_is_refused(archived: Path, tmp_path: Path, name: str) -> None:
    file = rewritten(archived, lambda members, _: members.update({name: b"x"}))
    assert refusal(file, tmp_path / "again").endswith(
        f"中有不应出现的路径“{name}”，可能被人动过手脚，未作恢复。"
    )
    assert not (tmp_path / "again").exists()
    assert not safe_name(name)


def test_a_newer_backup_is_refused(archived: Path, tmp_path: Path) -> None:
    file = rewritten(archived, lambda _, manifest: manifest.update(revision="9999"))
    assert refusal(file, tmp_path / "again") == (
        "备份文件FILE的数据库结构版本（9999）比本程序（0001）新，请先升级本程序。"
    )
    file = rewritten(archived, lambda _, manifest: manifest.update(format=2))
    assert refusal(file, tmp_path / "again") == "备份文件FILE由更新版本的 linxuan 写成，请先升级本程序。"


def test_a_backup_without_one_of_its_materials_is_refused(archived: Path, tmp_path: Path) -> None:
    file = rewritten(archived, lambda members, _: members.__delitem__(f"materials/{DIGEST[:2]}/{DIGEST}"))
    assert "缺少1份已登记的材料" in refusal(file, tmp_path / "again")
    assert list((tmp_path / "again").iterdir()) == []


def test_a_backup_can_be_proved_without_restoring_it(archived: Path, office: Installation) -> None:
    manifest, entries = verify_backup(archived)
    assert (manifest.made_at, manifest.revision, manifest.with_key) == (NOW, "0001", False)
    assert entries == verify(office.engine).entries == 1
    assert not any(each.name.startswith(".linxuan-") for each in archived.parent.iterdir())
