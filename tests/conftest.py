"""What every test shares: how properties are tried, and which clauses the tests cite.

A test says which clauses of the regulation it proves with ``@pytest.mark.clause("B3-5.4", "D-9")``. The
citations are read from the source of the tests, so that what is known of them does not depend on which tests
a run happened to choose.
"""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent
CLAUSE_LIST = TESTS.parent / "states" / "clauses.toml"

# The same examples in every run, and no clock: a slow machine is no failure.
settings.register_profile("linxuan", derandomize=True, deadline=None, database=None)
settings.load_profile("linxuan")


def _is_clause_marker(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="clause", value=ast.Attribute(attr="mark"))):
            return True
    return False


def citations_in(path: Path) -> Iterator[tuple[str, str]]:
    """The clause ids that one test file cites, each with its place as ``file:line``.

    Raises ``pytest.UsageError`` when an id is not written out as a plain string, or none is given.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if not _is_clause_marker(node):
            continue
        assert isinstance(node, ast.Call)
        place = f"{path.relative_to(TESTS.parent).as_posix()}:{node.lineno}"
        ids = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if not ids or len(ids) != len(node.args) or node.keywords:
            raise pytest.UsageError(f"{place}: write each clause id out as a plain string")
        for clause_id in ids:
            yield str(clause_id), place


def _all_citations() -> Mapping[str, list[str]]:
    cited: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for clause_id, place in citations_in(path):
            cited.setdefault(clause_id, []).append(place)
    return MappingProxyType(cited)


def _all_clauses() -> list[str]:
    return list(tomllib.loads(CLAUSE_LIST.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def cited_clauses() -> Mapping[str, list[str]]:
    """Every clause id cited by a test, with the places that cite it."""
    return _all_citations()


@pytest.fixture(scope="session")
def listed_clauses() -> list[str]:
    """Every clause id of ``states/clauses.toml``, in its order."""
    return _all_clauses()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """After a full run, say which clauses no test cites yet."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or not CLAUSE_LIST.exists():
        return
    cited, listed = _all_citations(), _all_clauses()
    uncited = [clause_id for clause_id in listed if clause_id not in cited]
    terminalreporter.section("clauses")
    terminalreporter.line(
        f"{len(listed) - len(uncited)} of {len(listed)} clauses are cited by a test; not yet:"
    )
    for _, ids in groupby(uncited, key=lambda clause_id: clause_id.partition("-")[0]):
        terminalreporter.line("  " + " ".join(ids))
