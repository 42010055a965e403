"""The event log: every move of every case, readable by process mining tools, naming no person."""

import io
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from casework.event_log import COLUMNS, events, write_csv, write_xes

Programme = Any  # of conftest
pytestmark = pytest.mark.clause("M24-11.6a", "I21-4.6.5")
XES = "{http://www.xes-standard.org/}"


@pytest.fixture
def lived(programme: Programme) -> Programme:
    programme.bring(programme.begin(2), "listed")
    programme.make(
        "withdraw_listing", 1, datetime(2025, 3, 3, 2, tzinfo=UTC), reason="张示例已离职，电话13800000000"
    )
    return programme


def test_every_move_is_an_event_at_its_legal_time(lived: Programme) -> None:
    found = events(lived.desk)
    assert {each.case for each in found} == {"B3-SJAQ-0001", "B3-SJAQ-0002"}
    last = [each for each in found if each.case == "B3-SJAQ-0001"][-1]
    assert last.row() == (
        "B3-SJAQ-0001", "主动退出目录", "2025-03-03T10:00:00.000+08:00", "applicant", "complete", "在册", "已退出",
        "M24-20c", "B3", "evaluation", "SJAQ", "50",
    )  # fmt: skip
    moves = lived.rows("SELECT count(*) FROM audit WHERE kind = 'move'")[0][0]
    assert len(found) == moves
    assert events(lived.desk, call="CQ23") == []


def test_xes_has_a_trace_for_each_case_with_the_standard_keys(lived: Programme) -> None:
    out = io.StringIO()
    write_xes(events(lived.desk), out)
    log = ElementTree.fromstring(out.getvalue())
    traces = log.findall(f"{XES}trace")
    assert [_value(trace, "concept:name") for trace in traces] == ["B3-SJAQ-0001", "B3-SJAQ-0002"]
    assert sum(len(trace.findall(f"{XES}event")) for trace in traces) == len(events(lived.desk))
    last = traces[0].findall(f"{XES}event")[-1]
    assert (_value(last, "concept:name"), _value(last, "org:role")) == ("主动退出目录", "applicant")
    assert last.find(f"{XES}date").attrib == {  # type: ignore[union-attr]
        "key": "time:timestamp", "value": "2025-03-03T10:00:00.000+08:00",
    }  # fmt: skip


def test_neither_form_says_who_did_it_or_what_was_stated(lived: Programme) -> None:
    table, log = io.StringIO(newline=""), io.StringIO()
    write_csv(events(lived.desk), table)
    write_xes(events(lived.desk), log)
    assert table.getvalue().splitlines()[0] == ",".join(COLUMNS)
    for text in (table.getvalue(), log.getvalue()):
        assert [word for word in ("张示例", "13800000000", "示例机构", "@") if word in text] == []


def _value(element: Any, key: str) -> str:
    (found,) = [each.attrib["value"] for each in element.findall(f"{XES}string") if each.attrib["key"] == key]
    return str(found)
