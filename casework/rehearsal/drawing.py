"""Two drawings for the page, as inline SVG: the phases of the selection, and the lives in the directory."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import escape

from casework.rehearsal.report import Line, Listing, Report, Stay
from states.calendar import day_of, start_of

_WIDTH, _LEFT, _RIGHT = 1000, 190, 20
_ROW, _TOP = 26, 30
_COLOURS = {
    "selection": "#c9ced6",
    "publicity": "#d9b44a",
    "listed": "#3f8f7a",
    "renewal": "#4f82b8",
    "rectifying": "#d1803a",
    "lapsing": "#a58f7a",
}
_LEGEND = (
    ("selection", "申报与评审"), ("publicity", "公示"), ("listed", "在册"), ("renewal", "续期审核"),
    ("rectifying", "限期整改"), ("lapsing", "待退出"),
)  # fmt: skip


class _Scale:
    """Days to places along the drawing."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._from, self._span = start_of(first), (last - first).days or 1

    def x(self, at: datetime) -> float:
        """Where an instant lies."""
        share = (at - self._from) / timedelta(days=self._span)
        return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * min(1.0, max(0.0, share)), 1)


def phases_drawing(report: Report, line: Line) -> str:
    """The phases of the selection, each with its first and last day; empty when there was none."""
    ended = [day_of(each.until) for each in line.phases if each.until]
    if not line.phases or not ended:
        return ""
    scale = _Scale(report.begins, max(ended) + timedelta(days=24))
    parts = list(_months(scale, _TOP + _ROW * len(line.phases)))
    for place, each in enumerate(line.phases):
        y = _TOP + place * _ROW
        until = each.until or start_of(scale.last)
        colour = _COLOURS["publicity" if each.stage == "publicity" else "renewal"]
        parts.append(_label(y, each.label))
        parts.append(_bar(scale, y, each.since, until, colour))
        told = f"{_short(each.since)}—{_short(until - timedelta(microseconds=1))}"
        parts.append(f'<text x="{scale.x(until) + 6}" y="{y + 15}" class="at">{told}</text>')
    return _svg("遴选各环节的起止", _TOP + _ROW * len(line.phases) + 24, parts)


def lives_drawing(report: Report) -> str:
    """Everyone who entered the directory, from filing to the exit or the last rehearsed day."""
    if not report.listings:
        return ""
    scale = _Scale(report.begins, report.until)
    bottom = _TOP + _ROW * len(report.listings)
    parts = list(_years(scale, bottom))
    for place, each in enumerate(report.listings):
        parts += _life(scale, _TOP + place * _ROW, each)
    x = float(_LEFT)
    for key, words in _LEGEND:
        parts.append(
            f'<rect x="{x}" y="{bottom + 26}" width="14" height="10" rx="2" fill="{_COLOURS[key]}"/>'
        )
        parts.append(f'<text x="{x + 19}" y="{bottom + 35}" class="at">{words}</text>')
        x += 40 + 13 * len(words)
    parts.append(f'<text x="{x}" y="{bottom + 35}" class="gone">✕</text>')
    parts.append(f'<text x="{x + 16}" y="{bottom + 35}" class="at">退出目录</text>')
    return _svg("列入目录的机构各环节的起止", bottom + 48, parts)


def _life(scale: _Scale, y: int, each: Listing) -> Iterator[str]:
    yield _label(y, f"{each.no} {each.occupation.removesuffix('工程技术人员')}", each.institution)
    for stay in each.stays:
        if stay.stage == "exited":
            yield f'<text x="{scale.x(stay.since) + 4}" y="{y + 16}" class="gone">✕</text>'
            continue
        until = stay.until or start_of(scale.last + timedelta(days=1))
        colour = _COLOURS.get(stay.stage, _COLOURS["selection"])
        yield _bar(scale, y, stay.since, until, colour, _told(stay))


def _told(stay: Stay) -> str:
    until = f"至{day_of(stay.until - timedelta(microseconds=1))}" if stay.until else "至今"
    return f"{stay.label}：{day_of(stay.since)}{until}"


def _bar(scale: _Scale, y: int, since: datetime, until: datetime, colour: str, told: str = "") -> str:
    x = scale.x(since)
    width = round(max(1.5, scale.x(until) - x), 1)
    title = f"<title>{escape(told)}</title>" if told else ""
    return f'<rect x="{x}" y="{y + 4}" width="{width}" height="14" rx="2" fill="{colour}">{title}</rect>'


def _label(y: int, words: str, told: str = "") -> str:
    title = f"<title>{escape(told)}</title>" if told else ""
    return f'<text x="0" y="{y + 15}" class="who">{escape(words)}{title}</text>'


def _months(scale: _Scale, bottom: int) -> Iterator[str]:
    day = date(scale.first.year, scale.first.month, 1)
    while (day := _next_month(day)) <= scale.last:
        yield from _line(scale.x(start_of(day)), bottom, f"{day.month}月" if day.month > 1 else str(day.year))


def _years(scale: _Scale, bottom: int) -> Iterator[str]:
    for year in range(scale.first.year + 1, scale.last.year + 1):
        yield from _line(scale.x(start_of(date(year, 1, 1))), bottom, str(year))


def _line(x: float, bottom: int, words: str) -> Iterator[str]:
    yield f'<line x1="{x}" y1="{_TOP - 8}" x2="{x}" y2="{bottom + 4}" class="tick"/>'
    yield f'<text x="{x}" y="{_TOP - 13}" class="at" text-anchor="middle">{words}</text>'


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _short(at: datetime) -> str:
    day = day_of(at)
    return f"{day.month}月{day.day}日"


def _svg(words: str, height: int, parts: list[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )
