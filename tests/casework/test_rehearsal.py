"""A rehearsal: the same again for the same seed, refused in words, told on one page that needs nothing else."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from casework.rehearsal.agenda import Agenda
from casework.rehearsal.page import page
from casework.rehearsal.rehearse import Wanted, last_day, rehearse
from casework.rehearsal.report import Report
from casework.rehearsal.telling import summary
from states.refusals import Refused

SHORT = Wanted("B3", until=date(2024, 10, 15), institutions=12, seed=7)


@pytest.fixture(scope="module")
def short() -> Report:
    return rehearse(SHORT)


def test_one_seed_gives_one_report_to_the_byte(short: Report) -> None:
    again = rehearse(SHORT)
    assert (again.to_json(), page(again)) == (short.to_json(), page(short))


def test_another_seed_gives_another(short: Report) -> None:
    other = rehearse(replace(SHORT, seed=8))
    assert other.ok
    assert other.to_json() != short.to_json()


def test_the_page_needs_nothing_else(short: Report) -> None:
    text = page(short)
    assert re.findall(r"(?:src|href)\s*=\s*\"(?!#)|<script|<link|@import|url\(", text) == []
    assert len(text.encode()) < 2_000_000


def test_the_report_names_no_place_of_the_machine(short: Report, tmp_path: Path) -> None:
    told = short.to_json() + page(short)
    assert [place for place in ("/tmp", str(tmp_path.parent), str(Path.home())) if place in told] == []


def test_the_report_is_json_for_programs(short: Report) -> None:
    told = json.loads(short.to_json())
    assert (told["ok"], told["call"], told["seed"], told["until"]) == (True, "B3", 7, "2024-10-15")


def test_the_terminal_says_the_verdict_last(short: Report) -> None:
    assert [part.title for part in summary(short)][-1] == (
        f"核对无误：{short.cases}件申报逐件核对一致，审计日志{short.entries}条，哈希链完整。"
    )


def test_a_fault_is_said_on_the_page_and_on_the_terminal(short: Report) -> None:
    faulty = replace(short, faults=("B3-SJAQ-0001：版本3与审计日志中的办理次数不一致",))
    assert not faulty.ok
    assert "核对发现1处问题" in page(faulty)
    assert [part.title for part in summary(faulty)][-2:] == [
        "核对发现1处问题：", "  B3-SJAQ-0001：版本3与审计日志中的办理次数不一致",
    ]  # fmt: skip


def test_what_a_form_says_cannot_break_the_page(short: Report) -> None:
    letter = replace(short.letters[0], subject="<script>alert(1)</script>")
    assert "<script>" not in page(replace(short, letters=(letter,)))


def test_few_institutions_are_enough() -> None:
    assert rehearse(Wanted("B3", until=date(2024, 12, 31), institutions=1, seed=1)).ok


@pytest.mark.clause("I21-4.4", "CQ23-1.3a")
def test_a_call_without_recheck_goes_through_audit_and_decision() -> None:
    told = rehearse(Wanted("CQ23", until=date(2023, 10, 31), institutions=16, seed=1))
    assert told.ok
    assert [each.stage for each in told.lines[0].phases] == [
        "submitted", "initial_review", "expert_review", "audit", "decision", "publicity",
    ]  # fmt: skip
    assert {each.occupation for each in told.listings}.isdisjoint({"智能制造", "大数据", "区块链"})


def test_it_lasts_until_the_year_in_which_the_first_terms_end() -> None:
    assert last_day(Wanted("B3")) == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (Wanted("B3", institutions=0), "申报单位数应为1至2000的整数，收到的是0。"),
        (
            Wanted("B3", until=date(2024, 5, 1)),
            "演练截止日2024-05-01早于第三批的受理起始日2024-05-15，请改填以后的日期。",
        ),
    ],
)
def test_what_cannot_be_rehearsed_is_refused(wanted: Wanted, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        rehearse(wanted)
    assert refusal.value.sentence == sentence


def test_an_unknown_call_is_refused() -> None:
    with pytest.raises(Refused):
        rehearse(Wanted("B99"))


def test_a_folder_with_something_in_it_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="不是空的"):
        rehearse(SHORT, keep=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.clause("M24-7.3b", "M24-7.3c", "M24-7.3d")
def test_a_rehearsal_that_ends_between_commitment_and_draw_tells_so(short: Report) -> None:
    told = rehearse(replace(SHORT, until=date(2024, 7, 30)))
    assert {each.state for each in told.panels} == {"已承诺，待抽取"}
    assert {(kept.digits, kept.certificate_sha256) for each in told.panels for kept in each.rounds} == {
        ("", "")
    }
    committed = {each.rounds[0].commitment for each in told.panels}
    assert committed == {each.rounds[0].commitment for each in short.panels}


@pytest.mark.clause("M24-7.3c")
def test_the_panels_of_another_seed_are_drawn_from_other_digits(short: Report) -> None:
    other = rehearse(replace(SHORT, seed=8))
    assert not _digits(short) & _digits(other)
    assert {each.state for each in (*short.panels, *other.panels)} == {"结果已发布"}


def _digits(report: Report) -> set[str]:
    return {kept.digits for each in report.panels for kept in each.rounds}


def test_the_agenda_keeps_the_order_of_time_and_of_writing() -> None:
    start, said, agenda = datetime(2024, 6, 3, tzinfo=UTC), [], Agenda()
    for name, hours in (("b", 2), ("a", 1), ("c", 2), ("d", 9)):
        agenda.at(start + timedelta(hours=hours), lambda name=name: said.append(name))  # type: ignore[misc]
    while act := agenda.take(start + timedelta(hours=2)):
        act()
    assert said == ["a", "b", "c"]
    assert agenda.next() == start + timedelta(hours=9)
