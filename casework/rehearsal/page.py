"""The report as one page that needs nothing else: style and drawings inside, no script, prints well."""

from functools import cache
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, StrictUndefined, Template

from casework.rehearsal.drawing import lives_drawing, phases_drawing
from casework.rehearsal.journal import NO_CLAUSE
from casework.rehearsal.report import Report, SentLetter, spoken
from states.clauses import CLAUSES


def page(report: Report) -> str:
    """The whole page as HTML text (UTF-8)."""
    return _template().render(
        report=report,
        style=_text("page.css"),
        phases=[(line.label, phases_drawing(report, line)) for line in report.lines],
        lives=lives_drawing(report),
        asks={id_: clause.asks for id_, clause in CLAUSES.items()} | {NO_CLAUSE: "文件本身无法读取，或尚无批次可受理"},
        letters=by_month(report.letters),
        digests=fullest(report.digests),
    )  # fmt: skip


def by_month(letters: tuple[SentLetter, ...]) -> list[tuple[str, list[SentLetter]]]:
    """Letters under the month in which they left: 2024年6月."""
    return [
        (f"{month[:4]}年{int(month[5:7])}月", list(group))
        for month, group in groupby(letters, key=lambda each: spoken(each.at)[:7])
    ]


def fullest(digests: tuple[SentLetter, ...]) -> list[tuple[str, list[tuple[str, str, int, SentLetter]]]]:
    """By month and kind of reader, how many there were and the one that says most: they come every working day."""
    found = []
    for month, group in by_month(digests):
        by_reader: dict[tuple[str, str], list[SentLetter]] = {}
        for each in group:
            by_reader.setdefault((each.title, each.role), []).append(each)
        told = [
            (title, role, len(all_), max(all_, key=lambda each: len(each.body)))
            for (title, role), all_ in by_reader.items()
        ]
        found.append((month, told))
    return found


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )  # fmt: skip
    environment.filters["spoken"] = spoken
    environment.filters["short"] = lambda title: title.removesuffix("工程技术人员")
    return environment.from_string(_text("page.html.j2"))


def _text(name: str) -> str:
    return files("casework.rehearsal").joinpath(name).read_text(encoding="utf-8")
