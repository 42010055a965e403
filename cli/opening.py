"""The data folder a command works on, opened and let go of; what fails in between is logged there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cli.failing import failure
from cli.showing import NobodyReads, note
from states.refusals import Refused

if TYPE_CHECKING:
    from casework.desk import Desk
    from casework.installation import Installation
    from casework.settings import Settings


@dataclass
class Opened:
    """An opened installation and the desk on it."""

    installation: "Installation"

    @cached_property
    def desk(self) -> "Desk":
        """Made on first use."""
        return self.installation.desk()


def settings_for(data: Path | None) -> "Settings":
    """The settings of this start, from the environment and the data folder. May be Refused."""
    from casework.settings import load_settings

    return load_settings(data, os.environ)


@contextmanager
def opened(
    data: Path | None, *, as_of: datetime, creating: bool = False, upgrading: bool = False
) -> Iterator[Opened]:
    """Open the installation of a data folder for one command.

    A folder without one is Refused unless ``creating``, so that a mistyped path never passes for an empty
    office. What the operator must know is said once, on standard error.
    """
    from sqlalchemy.exc import DBAPIError

    from casework.faults import database_refusal
    from casework.installation import open_installation

    settings = settings_for(data)
    if not creating:
        refuse_without_data(settings)
    installation = open_installation(settings, as_of=as_of, upgrading=upgrading)
    for sentence in installation.notes:
        note(f"提示：{sentence}")
    try:
        yield Opened(installation)
    except DBAPIError as error:
        raise (database_refusal(error) or failure(error, installation.data)) from error
    except (Refused, NobodyReads, OSError):
        raise
    except Exception as error:
        if type(error).__module__.startswith("typer"):
            raise
        raise failure(error, installation.data) from error
    finally:
        installation.close()


def refuse_without_data(settings: "Settings") -> None:
    """Raises Refused when nothing was ever opened in the data folder."""
    from casework.installation import sqlite_file

    file = sqlite_file(settings)
    if file is not None and not file.exists():
        raise Refused(
            f"数据文件夹{settings.data}中还没有数据，请用 --data 指明数据文件夹，或先用 linxuan call open 开放一个批次。"
        )
