"""The repository stands alone: it carries no address, no machine and nobody else's files."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

REGISTRY_HOST = re.compile(
    r"pypi\.(?:org|python)|files\.python[h]osted|registry\.(?:npmjs|yarnpkg)|deb\.debian|crates\.[i]o"
)
MACHINE_PATH = re.compile(r"(?<![\w./$}~-])/(?:root|home|Users|work|opt/pypi|opt/wheels)(?:/\w|\b(?=/))")
ADDRESS = re.compile(r"https?://|file:|\bgit\+")
THIRD_PARTY_FILE = re.compile(r"\.min\.(?:js|css)$|(?:^|/)node_modules/|\.(?:woff2?|ttf|otf|whl|pyc)$")


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """The paths that git tracks and that still exist, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def lines_with(pattern: re.Pattern[str], names: list[str]) -> Iterator[str]:
    """Every line of the text files among `names` in which `pattern` occurs, as ``file:line: text``."""
    for name in names:
        content = (ROOT / name).read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()[:100]}"


def test_no_package_registry_is_named(tracked: list[str]) -> None:
    assert list(lines_with(REGISTRY_HOST, tracked)) == []


def test_no_path_of_a_machine_is_named(tracked: list[str]) -> None:
    assert list(lines_with(MACHINE_PATH, tracked)) == []


def test_lock_files_carry_hashes_and_no_addresses(tracked: list[str]) -> None:
    locks = [name for name in tracked if name.endswith((".lock", "package-lock.json"))]
    assert list(lines_with(ADDRESS, locks)) == []
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.split(r"\n(?=\S)", text.strip())
        assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_nobody_elses_files_are_carried(tracked: list[str]) -> None:
    assert [name for name in tracked if THIRD_PARTY_FILE.search(name)] == []


def test_no_package_in_docker_or_tests_shadows_a_library(tracked: list[str]) -> None:
    packages = [name for name in tracked if name.endswith("__init__.py")]
    assert [name for name in packages if name.startswith(("docker/", "tests/"))] == []


@pytest.mark.parametrize(
    ("pattern", "carried"),
    [
        (REGISTRY_HOST, "index-url = https://pypi." + "org/simple"),
        (REGISTRY_HOST, "https://registry." + "npmjs.org/htmx"),
        (MACHINE_PATH, 'DATA = "/' + 'root/data"'),
        (MACHINE_PATH, "see /" + "work/shared/notes"),
    ],
)
def test_what_must_not_be_carried_is_recognised(pattern: re.Pattern[str], carried: str) -> None:
    assert pattern.search(carried) is not None


@pytest.mark.parametrize(
    "harmless", ["https://example.cn/" + "work/7", "tests/homework", "/data", "~/" + "work/x", "a/root/b"]
)
def test_an_ordinary_path_is_not_mistaken_for_a_machine(harmless: str) -> None:
    assert MACHINE_PATH.search(harmless) is None
