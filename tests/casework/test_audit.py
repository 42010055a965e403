"""The audit log is a chain: whatever is changed, taken out, put in or turned round is found, offline as well."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.actors import Actor
from casework.audit import GENESIS, Entry, append, canonical_detail, export, verify, verify_export
from casework.gate import advance
from casework.sweep import sweep
from records.transaction import transaction
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role

NOW = at_time(date(2024, 6, 12), 10)
DAY = timedelta(days=1)
COLUMNS = (
    "seq, at, written_at, actor, kind, name, case_id, from_stage, to_stage, version, clause, detail, hash"
)


@pytest.fixture
def lived(programme: Any) -> Any:
    """A programme with a few dozen entries in its log."""
    programme.bring(programme.begin(2), "publicity")
    sweep(programme.desk, as_of=at_time(date(2024, 10, 12), 8))
    return programme


def test_an_empty_log_holds(desk: Any) -> None:
    report = verify(desk.engine)
    assert (report.ok, report.entries, report.head) == (True, 0, GENESIS)


@pytest.mark.clause("M24-11.6a")
def test_a_lived_log_holds_to_its_end(lived: Any) -> None:
    report = verify(lived.desk.engine)
    ((count,),) = lived.rows("SELECT count(*) FROM audit")
    ((head,),) = lived.rows("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1")
    assert (report.ok, report.entries, report.head) == (True, count, head)


def test_the_hash_can_be_worked_out_with_any_sha_256_tool(programme: Any) -> None:
    programme.begin()
    first, second = programme.rows(f"SELECT {COLUMNS} FROM audit ORDER BY seq")
    line = (
        '[1,"2024-05-15 01:00:00.000000","2024-05-15 01:00:00.000000","office:示例经办人","call","open",null,"","",0,'
        '"M24-7.1","{\\"call\\":\\"B3\\"}"]'
    )
    assert first[12] == sha256((GENESIS + line).encode()).hexdigest()
    line = (
        '[2,"2024-06-03 02:00:00.000000","2024-06-03 02:00:00.000000","office:示例经办人","move","file",1,"",'
        '"submitted",1,"B3-5.4","{\\"no\\":\\"B3-SJAQ-0001\\"}"]'
    )
    assert second[12] == sha256((first[12] + line).encode()).hexdigest()


@pytest.mark.parametrize("column", [name for name in COLUMNS.split(", ") if name != "seq"])
def test_a_changed_entry_is_found(lived: Any, column: str) -> None:
    spoilt = {"case_id": "case_id + 1", "version": "version + 1"}.get(column, f"{column} || 'x'")
    if column in ("at", "written_at"):
        spoilt = "'2024-06-12 02:00:00.000001'"
    lived.spoil(f"UPDATE audit SET {column} = {spoilt} WHERE seq = 7")
    report = verify(lived.desk.engine)
    assert (report.ok, report.entries, report.broken_at, report.why) == (
        False, 6, 7, "第7条记录与其哈希不符，记录或此前内容被改动过",
    )  # fmt: skip


def test_an_entry_changed_with_its_own_hash_made_good_is_found_at_the_next(lived: Any) -> None:
    rows = lived.rows(f"SELECT {COLUMNS} FROM audit WHERE seq IN (6, 7) ORDER BY seq")
    forged = [*rows[1][:12]]
    forged[3] = "office:冒名"
    digest = sha256(
        (rows[0][12] + json.dumps(forged, ensure_ascii=False, separators=(",", ":"))).encode()
    ).hexdigest()
    lived.spoil("UPDATE audit SET actor = ?, hash = ? WHERE seq = 7", forged[3], digest)
    assert verify(lived.desk.engine).broken_at == 8


@pytest.mark.parametrize("gap", [1, 7])
def test_an_entry_taken_out_is_found(lived: Any, gap: int) -> None:
    lived.spoil(f"DELETE FROM audit WHERE seq = {gap}")
    report = verify(lived.desk.engine)
    assert (report.broken_at, report.why) == (gap, f"缺少第{gap}条记录")


def test_an_entry_taken_out_with_the_numbers_closed_up_is_found(lived: Any) -> None:
    lived.spoil("DELETE FROM audit WHERE seq = 7")
    lived.spoil("UPDATE audit SET seq = -seq WHERE seq > 7")
    lived.spoil("UPDATE audit SET seq = -seq - 1 WHERE seq < 0")
    assert verify(lived.desk.engine).broken_at == 7


def test_an_entry_put_in_is_found(lived: Any) -> None:
    lived.spoil("UPDATE audit SET seq = -seq WHERE seq > 7")
    lived.spoil("UPDATE audit SET seq = 1 - seq WHERE seq < 0")
    lived.spoil(
        f"INSERT INTO audit ({COLUMNS}) SELECT 8, {COLUMNS.removeprefix('seq, ')} FROM audit WHERE seq = 7"
    )
    assert verify(lived.desk.engine).broken_at == 8


def test_two_entries_turned_round_are_found(lived: Any) -> None:
    lived.spoil("UPDATE audit SET seq = 100000 WHERE seq = 7")
    lived.spoil("UPDATE audit SET seq = 7 WHERE seq = 8")
    lived.spoil("UPDATE audit SET seq = 8 WHERE seq = 100000")
    assert verify(lived.desk.engine).broken_at == 7


def test_an_export_is_verified_with_nothing_but_the_file(lived: Any) -> None:
    lines = list(export(lived.desk.engine))
    report, offline = verify(lived.desk.engine), verify_export(lines)
    assert offline == report
    assert verify_export([]).head == GENESIS
    assert [json.loads(line)[0] for line in lines] == list(range(1, report.entries + 1))


@pytest.mark.parametrize(
    ("spoil", "broken_at"),
    [
        (lambda lines: [*lines[:6], lines[6].replace("B3-5.4", "B3-5.3"), *lines[7:]], 7),
        (lambda lines: [*lines[:6], *lines[7:]], 7),
        (lambda lines: [*lines[:6], lines[7], lines[6], *lines[8:]], 7),
        (lambda lines: [*lines[:7], lines[6], *lines[7:]], 8),
        (lambda lines: lines[1:], 1),
        (lambda lines: [*lines[:6], lines[6][:-9]], 7),
        (lambda lines: [*lines[:6], "[7]"], 7),
        (lambda lines: ["# 审计日志", *lines], 1),
    ],
    ids=[
        "changed",
        "taken out",
        "turned round",
        "put in",
        "beheaded",
        "cut short",
        "not an entry",
        "nonsense",
    ],
)
def test_a_spoilt_export_is_found(
    lived: Any, spoil: Callable[[list[str]], list[str]], broken_at: int
) -> None:
    assert verify_export(spoil(list(export(lived.desk.engine)))).broken_at == broken_at


def test_what_was_cut_off_at_the_end_shows_in_the_number_and_the_head(lived: Any) -> None:
    lines = list(export(lived.desk.engine))
    whole, cut = verify_export(lines), verify_export(lines[:-1])
    assert cut.ok
    assert (cut.entries, cut.head != whole.head) == (whole.entries - 1, True)


@pytest.mark.clause("M24-11.6a")
def test_the_log_names_no_mailbox_no_number_and_no_address_of_a_person(lived: Any) -> None:
    text = "\n".join(export(lived.desk.engine))
    assert re.findall(r"[\w.]+@[\w.]+|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?![\dA-Fa-f])", text) == []


@pytest.mark.clause("M24-11.6a")
def test_an_identity_number_is_not_let_into_the_log(programme: Any) -> None:
    (id_,) = programme.begin()
    office = Actor("示例经办人", Role.RECOMMENDER, "P50")
    before = programme.contents()
    with pytest.raises(Refused) as refused:
        advance(
            programme.desk, "decline", [id_], by=office, as_of=NOW,
            inputs={"reason": "负责人（身份证号11010119900307299X）不在岗"},
        )  # fmt: skip
    assert str(refused.value) == (
        "整批未办理：B3-SJAQ-0001：理由中含有居民身份证号，个人信息不得写入办理记录，请删去后再办理。（M24-11.6a）"
    )
    assert programme.contents() == before


@pytest.mark.clause("D-7")
def test_an_entry_says_when_it_took_effect_and_when_it_was_written(programme: Any) -> None:
    (id_,) = programme.begin()
    late = at_time(date(2024, 7, 1), 8)
    sweep(programme.desk, as_of=late)
    assert programme.rows("SELECT name, at, written_at FROM audit WHERE case_id = ? AND kind = 'move'", id_)[-1] == (
        "close_unrecommended", "2024-06-21 16:00:00.000000", "2024-07-01 00:00:00.000000",
    )  # fmt: skip


def test_entries_are_written_only_with_what_they_tell(desk: Any) -> None:
    def write_and_fail() -> None:
        with transaction(desk.engine) as tx:
            append(tx, [Entry(NOW, NOW, "office:示例", "case", "note")])
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_and_fail()
    assert verify(desk.engine).entries == 0


def test_an_entry_of_naive_time_is_not_written(desk: Any) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"), transaction(desk.engine) as tx:
        append(tx, [Entry(naive, NOW, "office:示例", "case", "note")])


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8),
        st.one_of(st.text(), st.integers(), st.dates(), st.none()),
        max_size=5,
    )
)
def test_detail_has_one_form_whatever_its_order(detail: dict[str, Any]) -> None:
    turned = dict(reversed(detail.items()))
    assert canonical_detail(detail) == canonical_detail(turned)
    assert json.loads(canonical_detail(detail)) == {
        key: value.isoformat() if isinstance(value, date) else value for key, value in detail.items()
    }
