"""What every test shares: how properties are tried, and which clauses the tests cite.

A test says which clauses of the regulation it proves with ``@pytest.mark.clause("B3-5.4", "D-9")``. The
citations are read from the source of the tests, so that what is known of them does not depend on which tests
a run happened to choose.
"""

from collections.abc import Mapping
from itertools import groupby

import pytest
from hypothesis import settings

from docs.clause_map import CLAUSE_LIST, ROOT, BadCitation, Place, listed, proved

# The same examples in every run, and no clock: a slow machine is no failure.
settings.register_profile("linxuan", derandomize=True, deadline=None, database=None)
settings.load_profile("linxuan")


@pytest.fixture(scope="session")
def cited_clauses() -> Mapping[str, tuple[Place, ...]]:
    """Every clause id cited by a test, with the tests that cite it."""
    try:
        return proved()
    except BadCitation as fault:
        raise pytest.UsageError(str(fault)) from None


@pytest.fixture(scope="session")
def listed_clauses() -> tuple[str, ...]:
    """Every clause id of ``states/clauses.toml``, in its order."""
    return listed()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """After a full run, say which clauses no test cites yet."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or not (ROOT / CLAUSE_LIST).exists():
        return
    uncited = [clause_id for clause_id in listed() if clause_id not in proved()]
    terminalreporter.section("clauses")
    terminalreporter.line(f"{len(listed()) - len(uncited)} of {len(listed())} clauses are cited by a test")
    for _, ids in groupby(uncited, key=lambda clause_id: clause_id.partition("-")[0]):
        terminalreporter.line("  " + " ".join(ids))
