"""``python -m records.migrations "what changes"``: write the next step from what the tables have become.

``--again`` writes the newest step anew instead: only while it has not been released.
"""

import argparse
import tempfile
from pathlib import Path

from alembic import command

from records.engine import open_engine, sqlite_url
from records.upgrade import configuration, head, upgrade

VERSIONS = Path(__file__).parent / "versions"


def write_step(message: str, *, again: bool) -> Path:
    """Compare a database at the newest step with the tables, and write the difference as a new step."""
    newest = head()
    if again and newest:
        next(VERSIONS.glob(f"{newest}_*.py")).unlink()
        newest = head()
    number = f"{int(newest or 0) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(sqlite_url(Path(folder, "now.sqlite3")))
        if newest:
            upgrade(engine)
        with engine.begin() as connection:
            command.revision(configuration(connection), message, autogenerate=True, rev_id=number)
        engine.dispose()
    return next(VERSIONS.glob(f"{number}_*.py"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m records.migrations", description=__doc__)
    parser.add_argument("message", help="what changes, in a few English words")
    parser.add_argument("--again", action="store_true", help="write the newest step anew")
    asked = parser.parse_args()
    write_step(asked.message, again=asked.again)


if __name__ == "__main__":
    main()
