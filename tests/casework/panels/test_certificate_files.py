"""Certificates as files: what is hostile is refused in one sentence, what is true is proved."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from casework.panels.certificate_files import read_certificate, write_certificate
from casework.panels.certificates import certificate
from states.draw.certificate import fingerprint
from states.draw.verification import verify
from states.refusals import Refused

Ground = Any  # of conftest


@pytest.fixture
def file(ground: Ground, tmp_path: Path) -> Path:
    """The public certificate of a draw."""
    no = ground.seated()
    path = tmp_path / "certificate.json"
    found = certificate(ground.desk, no, 1, actor=ground.office, as_of=ground.panel(no).updated_at)
    write_certificate(found, path, sealed=False)
    return path


@pytest.mark.clause("M24-7.3c")
def test_what_was_written_is_read_and_proved(file: Path) -> None:
    assert verify(read_certificate(file)).ok


def test_a_file_is_never_overwritten(file: Path) -> None:
    with pytest.raises(Refused, match="已存在，请换一个文件名"):
        write_certificate({}, file, sealed=False)


def test_the_sealed_form_is_for_its_owner_alone(ground: Ground, tmp_path: Path) -> None:
    no = ground.seated()
    path = tmp_path / "sealed.json"
    at = ground.panel(no).updated_at
    found = certificate(ground.desk, no, 1, actor=ground.office, as_of=at, sealed=True)
    write_certificate(found, path, sealed=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert verify(read_certificate(path)).ok


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "不是JSON格式的抽取证书"),
        (b"\xff\xfe\x00", "不是JSON格式的抽取证书"),
        (b'{"seats": NaN}', "不是JSON格式的抽取证书"),
        (b'{"seats": ' + b"9" * 5000 + b"}", "不是JSON格式的抽取证书"),
        (b"[" * 200_000, "嵌套过深"),
        (b'{"seats": [1], "seats": [2]}', "“seats”写了两次"),
    ],
)
def test_what_is_no_certificate_is_refused_in_words(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "hostile.json"
    path.write_bytes(content)
    with pytest.raises(Refused, match=sentence):
        read_certificate(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as out:
        os.truncate(out.fileno(), 300 * 1024 * 1024)
    with pytest.raises(Refused, match="超过256MB，不是抽取证书"):
        read_certificate(path)


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="无法读取"):
        read_certificate(tmp_path)
    with pytest.raises(Refused, match="不是普通文件"):
        read_certificate(Path(os.devnull))
    with pytest.raises(Refused, match="路径不存在"):
        read_certificate(tmp_path / "nothing.json")


@pytest.mark.parametrize(
    "value",
    [
        [], 3, None, {}, {"format": "linxuan draw 1"}, {"pool": 7},
    ],
)  # fmt: skip
def test_whatever_json_says_verify_answers_in_words(value: Any) -> None:
    assert verify(value).faults != []


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("digits", "\ud800"), ("secret", "\ud800" * 64), ("seats", [[], {}]), ("pool", [{"pseudonym": []}]),
        ("pool", [None]), ("exclusions", [7]), ("tickets", [{"ticket": float("inf")}]), ("frame", {"seats": "x"}),
        ("source", {"deep": 10**5000}),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_hostile_part_is_a_fault_and_never_an_error(file: Path, part: str, value: Any) -> None:
    assert verify({**read_certificate(file), part: value}).faults != []


def test_a_forgers_certificate_with_a_fresh_fingerprint_is_found_out(file: Path) -> None:
    forged = json.loads(file.read_text(encoding="utf-8"))
    forged["seats"] = forged["seats"][1:] + forged["seats"][:1]
    forged["sha256"] = fingerprint(forged)
    assert verify(forged).faults == ["入选名单与重新计算的不一致。"]
