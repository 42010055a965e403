"""What a command shows: tables for people, JSON for programs, progress on terminals, nothing odd in pipes."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any, Protocol


class NobodyReads(Exception):
    """The reader of standard output went away."""


class Ticking(Protocol):
    """Told how far long work has come."""

    def __call__(self, done: int, total: int | None = None) -> None: ...


def _unseen(done: int, total: int | None = None) -> None: ...


def say(text: str = "") -> None:
    """One or more lines to standard output."""
    try:
        sys.stdout.write(f"{text}\n")
    except BrokenPipeError:
        raise NobodyReads from None


def note(text: str) -> None:
    """A line beside the result, to standard error."""
    sys.stderr.write(f"{text}\n")


def warn_of_the_future(as_of: datetime) -> None:
    """Say beside the result that a later time than now was asked for: what is written then is dated by it."""
    from datetime import UTC

    if as_of > datetime.now(UTC) + timedelta(minutes=5):
        note(f"提示：--as-of（{shown(as_of)}）晚于现在，写入的记录以该时间为准。")


def say_json(value: Any) -> None:
    """A value as JSON: instants in Shanghai time with their zone, days as ISO."""
    import json

    say(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def record(each: Any) -> dict[str, Any]:
    """The fields of a dataclass by name, for ``say_json``."""
    return {field.name: getattr(each, field.name) for field in fields(each)}


def table(headings: Sequence[str], rows: Sequence[Sequence[Any]], *, right: Sequence[int] = ()) -> None:
    """A table as wide as the terminal; in a pipe as wide as its content. ``right`` are columns of numbers."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for at, heading in enumerate(headings):
        made.add_column(heading, justify="right" if at in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(shown(value)) for value in row))
    width = None if sys.stdout.isatty() else 10_000
    console = Console(file=sys.stdout, highlight=False, width=width)
    with console.capture() as captured:
        console.print(made)
    say("\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n")))


def pairs(rows: Mapping[str, Any]) -> None:
    """Names and values, one to a line; those without a value are left out."""
    from cli.chinese import cells

    kept = {name: shown(value) for name, value in rows.items() if value not in (None, "")}
    widest = max(map(cells, kept), default=0)
    for name, value in kept.items():
        say(f"{name}{' ' * (widest - cells(name))}  {value}")


def shown(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{_here(value):%Y-%m-%d %H:%M}"
    return str(value)


def last_day(due: datetime | None) -> str:
    """A due instant as the last day allowed, the way people speak of limits."""
    return "" if due is None else f"{_here(due - timedelta(microseconds=1)):%Y-%m-%d}"


@contextmanager
def working(label: str) -> Iterator[Ticking]:
    """A progress bar on standard error, only when that is a terminal."""
    if not sys.stderr.isatty():
        yield _unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)

        def tick(done: int, total: int | None = None) -> None:
            progress.update(task, completed=done, total=total)

        yield tick


def plain(value: Any) -> Any:
    """What JSON does not know as it does: instants in Shanghai time with their zone, days as ISO."""
    if isinstance(value, datetime):
        return _here(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)


def _here(instant: datetime) -> datetime:
    # Imported late, like everything here that the help page does without.
    from states.calendar import SHANGHAI

    return instant.astimezone(SHANGHAI)
