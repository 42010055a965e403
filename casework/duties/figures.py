"""The figures of one listing by calendar year: what renewal, summaries and the activity count read."""

from typing import Any

from records.transaction import Transaction
from states.duties.figures import NOTHING, Figures, YearFigures


def figures(tx: Transaction, case_id: int) -> dict[int, YearFigures]:
    """Every year with an examination reported or a yearly report, oldest first. ``.activity`` is what counts."""
    return figures_of(tx, [case_id]).get(case_id, {})


def figures_of(
    tx: Transaction, case_ids: list[int], year: int | None = None
) -> dict[int, dict[int, YearFigures]]:
    """``figures`` of several cases at once: case id → year → figures; of one year when it is given."""
    these, listed = tx.is_one_of("case_id", case_ids)
    narrowed, values = ("AND year = ?", [year]) if year is not None else ("", [])
    sessions: dict[tuple[int, int], int] = {}
    examined: dict[tuple[int, int], dict[str, Figures]] = {}
    for case_id, of, level, held, person_times, passed, certificates in tx.rows(
        "SELECT case_id, year, level, count(*), sum(person_times), sum(passed), sum(certificates) FROM examination"
        f" WHERE {these} AND reported_at IS NOT NULL AND cancelled_at IS NULL {narrowed}"
        " GROUP BY case_id, year, level ORDER BY level",
        (listed, *values),
    ):
        key = (case_id, of)
        sessions[key] = sessions.get(key, 0) + held
        examined.setdefault(key, {})[level] = Figures(int(person_times), int(passed), int(certificates))
    reported = _reported(tx, these, listed, narrowed, values)
    found: dict[int, dict[int, YearFigures]] = {}
    for case_id, of in sorted(examined.keys() | reported.keys()):
        key = (case_id, of)
        found.setdefault(case_id, {})[of] = YearFigures(
            of, sessions.get(key, 0), examined.get(key, {}), reported.get(key)
        )
    return found


def _reported(
    tx: Transaction, these: str, listed: Any, narrowed: str, values: list[Any]
) -> dict[tuple[int, int], dict[str, Figures]]:
    found: dict[tuple[int, int], dict[str, Figures]] = {}
    for case_id, of, level, person_times, passed, certificates in tx.rows(
        "SELECT r.case_id, r.year, f.level, f.person_times, f.passed, f.certificates FROM yearly_report r"
        " LEFT JOIN yearly_figure f ON f.report_id = r.id"
        " WHERE r.number = (SELECT max(number) FROM yearly_report l WHERE l.case_id = r.case_id AND l.year = r.year)"
        f" AND r.id IN (SELECT id FROM yearly_report WHERE {these} {narrowed}) ORDER BY f.level",
        (listed, *values),
    ):
        by_level = found.setdefault((case_id, of), {})
        if level is not None:
            by_level[level] = Figures(person_times, passed, certificates)
    return found


def year_of(tx: Transaction, case_id: int, year: int) -> YearFigures:
    """The figures of one year, empty ones when nothing was reported."""
    return figures_of(tx, [case_id], year).get(case_id, {}).get(year, YearFigures(year))


__all__ = ["NOTHING", "Figures", "YearFigures", "figures", "figures_of", "year_of"]
