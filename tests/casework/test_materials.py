"""A paper is kept once under its digest, whole or not at all, and is verified whenever it is read."""

from hashlib import sha256
from pathlib import Path

import pytest

from casework.materials import material_fault, material_path, read_material, store_material
from records.crypt import make_key, use_key
from states.refusals import Refused

pytestmark = pytest.mark.clause("M24-11.6a")

PAPER = "营业执照（盖章复印件）".encode()
DIGEST = sha256(PAPER).hexdigest()


@pytest.fixture(autouse=True)
def key() -> str:
    """A key of the installation."""
    made = make_key()
    use_key(made)
    return made


@pytest.mark.parametrize("given", ["bytes", "path"])
def test_a_paper_comes_back_as_it_was(tmp_path: Path, given: str) -> None:
    source = tmp_path / "licence.pdf"
    source.write_bytes(PAPER)
    folder = tmp_path / "materials"
    assert store_material(folder, PAPER if given == "bytes" else source) == DIGEST
    assert read_material(folder, DIGEST) == PAPER
    assert material_path(folder, DIGEST).stat().st_mode & 0o777 == 0o600


def test_the_same_paper_lies_there_once(tmp_path: Path) -> None:
    assert store_material(tmp_path, PAPER) == store_material(tmp_path, PAPER)
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [material_path(tmp_path, DIGEST)]


def test_a_damaged_paper_is_not_handed_out_and_heals_when_it_is_stored_again(tmp_path: Path) -> None:
    store_material(tmp_path, PAPER)
    material_path(tmp_path, DIGEST).write_bytes(b"something else")
    with pytest.raises(Refused, match="与登记的校验值不符"):
        read_material(tmp_path, DIGEST)
    assert material_fault(tmp_path, DIGEST) == "内容与登记的校验值不符"
    store_material(tmp_path, PAPER)
    assert (read_material(tmp_path, DIGEST), material_fault(tmp_path, DIGEST)) == (PAPER, None)


def test_what_lies_in_the_folder_cannot_be_read_without_the_key(tmp_path: Path) -> None:
    store_material(tmp_path, PAPER)
    kept = material_path(tmp_path, DIGEST).read_bytes()
    assert PAPER not in kept
    use_key(make_key())
    with pytest.raises(Refused, match="与登记的校验值不符"):
        read_material(tmp_path, DIGEST)


def test_a_paper_kept_under_an_older_key_is_still_read(tmp_path: Path, key: str) -> None:
    store_material(tmp_path, PAPER)
    use_key(make_key(), key)
    assert read_material(tmp_path, DIGEST) == PAPER


def test_a_lost_paper_is_said_to_be_lost(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_material(tmp_path, DIGEST)
    assert str(refused.value) == f"材料{DIGEST[:12]}…无法读取（路径不存在），请从备份恢复。"


def test_a_source_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        store_material(tmp_path / "materials", tmp_path / "none.pdf")
    assert str(refused.value) == f"{tmp_path}/none.pdf未能存入数据文件夹（路径不存在），请处理后重试。"
    assert list((tmp_path / "materials").iterdir()) == []


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "A" * 64, "a" * 63])
def test_only_a_digest_names_a_paper(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        read_material(tmp_path, digest)
