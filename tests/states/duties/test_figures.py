"""Figures of a year: what is impossible is refused, what is reported twice counts once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.duties.figures import Figures, YearFigures, check_yearly, total
from states.refusals import Refused

LEVELS = ("初级", "中级")
COUNTS = st.integers(0, 5000)


def sound(draw_from: st.SearchStrategy[int] = COUNTS) -> st.SearchStrategy[Figures]:
    return st.tuples(draw_from, draw_from, draw_from).map(lambda three: Figures(*sorted(three, reverse=True)))


BY_LEVEL = st.dictionaries(st.sampled_from(LEVELS), sound())


@pytest.mark.clause("M24-14")
@pytest.mark.parametrize(
    ("figures", "fault"),
    [
        (Figures(10, 8, 8), ""),
        (Figures(0, 0, 0), ""),
        (Figures(10, 11, 0), "合格人数11多于人次10"),
        (Figures(10, 8, 9), "发证数9多于合格人数8"),
        (Figures(-1, 0, 0), "人次应为0至10000000的整数，收到的是-1"),
        (Figures(10_000_001, 0, 0), "人次应为0至10000000的整数，收到的是10000001"),
    ],
)
def test_impossible_figures_are_told_apart(figures: Figures, fault: str) -> None:
    assert figures.fault() == fault


@pytest.mark.clause("M24-14", "I21-4.6.1")
def test_a_yearly_report_may_not_say_less_than_its_examinations() -> None:
    examined = {"初级": Figures(80, 60, 60)}
    check_yearly({"初级": Figures(80, 60, 60)}, examined, LEVELS, "M24-14")
    check_yearly({"初级": Figures(90, 61, 60), "中级": Figures(5, 5, 5)}, examined, LEVELS, "M24-14")
    with pytest.raises(Refused, match="初级的人次为79，少于已逐场报告的合计80"):
        check_yearly({"初级": Figures(79, 60, 60)}, examined, LEVELS, "M24-14")
    with pytest.raises(Refused, match="初级的人次为0，少于已逐场报告的合计80"):
        check_yearly({"中级": Figures(100, 60, 60)}, examined, LEVELS, "M24-14")
    with pytest.raises(Refused, match="没有等级“特级”"):
        check_yearly({"特级": Figures()}, examined, LEVELS, "M24-14")


@pytest.mark.clause("M24-9.2", "M24-9.3")
@given(BY_LEVEL, st.none() | BY_LEVEL)
def test_no_examination_counts_twice_and_none_is_lost(
    examined: dict[str, Figures], reported: dict[str, Figures] | None
) -> None:
    year = YearFigures(2025, 3, examined, reported)
    singly, yearly = total(examined).person_times, total(reported or {}).person_times
    assert max(singly, yearly) <= year.activity <= singly + yearly
    for level, each in year.by_level.items():
        several = (examined.get(level, Figures()), (reported or {}).get(level, Figures()))
        assert each.person_times == max(one.person_times for one in several)


@given(BY_LEVEL)
def test_a_yearly_report_that_repeats_the_examinations_changes_nothing(examined: dict[str, Figures]) -> None:
    assert YearFigures(2025, 3, examined, examined).activity == YearFigures(2025, 3, examined).activity
