"""What every page stands on: the installation, its desk, the clock, templates, words and assets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from casework.access.sessions import Limits
from casework.ballots.presenting import SharesInHand
from casework.desk import Desk
from casework.installation import Installation
from casework.passwords import Passwords
from dashboard.filters import FILTERS
from dashboard.language import LANGUAGES

HERE = Path(__file__).parent
ASSETS = HERE / "assets"


@dataclass(slots=True)
class Ground:
    """One per application. ``now`` reads the clock; ``key`` signs what a browser is asked to hand back."""

    installation: Installation
    now: Callable[[], datetime]
    desk: Desk = field(init=False)
    templates: Environment = field(init=False)
    passwords: Passwords = field(default_factory=Passwords)
    shares: dict[int, SharesInHand] = field(default_factory=dict)
    """Shares of a panel's key that officers hold here, by panel: in memory only (M24-7.3d)."""
    prefect_url: Callable[[], str | None] = lambda: None
    """Where the local Prefect answers, while it does."""

    def __post_init__(self) -> None:
        self.desk = self.installation.desk()
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True, auto_reload=False, extensions=["jinja2.ext.do"],
        )  # fmt: skip
        self.templates.filters.update(FILTERS)
        self.templates.globals["asset"] = asset

    @property
    def key(self) -> str:
        """Signs flashes; derived from the installation's key, and not that key."""
        return sha256(f"linxuan pages 1\n{self.installation.keys[0]}".encode()).hexdigest()

    @property
    def limits(self) -> Limits:
        """How long sessions last."""
        web = self.installation.settings.web
        return Limits(timedelta(minutes=web.idle_minutes), timedelta(hours=web.session_hours))

    @property
    def language(self) -> str:
        """The language of pages whose reader chose none."""
        language = self.installation.settings.language
        return language if language in LANGUAGES else LANGUAGES[0]

    def render(self, template: str, words: Mapping[str, Any]) -> str:
        """A template filled in."""
        return self.templates.get_template(template).render(**words)


@cache
def asset(name: str) -> str:
    """The address of a file under ``assets``, which changes when the file does. KeyError when it is not there."""
    file = ASSETS / name
    if not file.is_file():
        raise KeyError(f"no such asset: {name}")
    return f"/assets/{name}?v={sha256(file.read_bytes()).hexdigest()[:10]}"
