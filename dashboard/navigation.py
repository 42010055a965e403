"""The way through: which pages stand in the menu, in order; each reader sees those the policy allows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.visit import Visit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: where it leads, its word (``nav.<word>``), the action that opens it."""

    path: str
    word: str
    action: str
    here: bool = False


ENTRIES = (
    Entry("/home", "home", "home.see"),
    Entry("/stuck", "stuck", "stuck.see"),
    Entry("/recommend", "recommend", "recommend.see"),
    Entry("/apply", "apply", "application.write"),
    Entry("/cases", "cases", "case.see"),
    Entry("/batch", "batch", "batch.see"),
    Entry("/map", "process", "process.see"),
    Entry("/calls", "calls", "call.see"),
    Entry("/outlook", "outlook", "clock.foresee"),
    Entry("/experts", "experts", "expert.see"),
    Entry("/panels", "panels", "panel.see"),
    Entry("/recheck", "recheck", "recheck.see"),
    Entry("/objections", "objections", "objection.see"),
    Entry("/duties", "duties", "duty.see"),
    Entry("/inspections", "inspections", "inspection.see"),
    Entry("/letters", "letters", "letter.see"),
    Entry("/audit", "audit", "audit.search"),
    Entry("/health", "health", "health.see"),
)
"""Of the signed in. A page not built yet does not show: its path must be registered."""

PUBLIC = (
    Entry("/", "front", "public.see"),
    Entry("/publicity", "publicity", "public.see"),
    Entry("/directory", "directory", "public.see"),
    Entry("/draws", "draws", "public.see"),
    Entry("/clauses", "clauses", "public.see"),
)
"""Of everybody."""


def navigation(visit: "Visit") -> tuple[Entry, ...]:
    """The entries this reader may open, the present one marked."""
    path, known = visit.request.url.path, visit.request.app.state.paths
    complete = visit.session is not None and visit.session.complete
    return tuple(
        Entry(each.path, each.word, each.action, _within(path, each.path))
        for each in (ENTRIES if complete else PUBLIC)
        if each.path in known and visit.may(each.action)
    )


def _within(path: str, entry: str) -> bool:
    return path == entry or (entry != "/" and path.startswith(f"{entry}/"))
