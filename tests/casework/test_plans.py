"""Batches: what was previewed is what runs (law 7)."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.actors import Actor
from casework.gate import BatchRefused
from casework.plans import Plan, digest, preview, read, run, save
from casework.selection import Selection
from states.refusals import Refused
from states.roles import Role

Programme = Any  # of conftest

OFFICE = Actor("示例经办人", Role.OFFICE)
GROUP = Actor("示例小组", Role.GROUP)
ON = datetime(2024, 6, 18, 2, tzinfo=UTC)
LATER = ON + timedelta(minutes=5)
B3 = Selection(call="B3")


def accept(programme: Programme, chosen: Selection = B3) -> Plan:
    return preview(programme.desk, "begin_review", chosen, by=OFFICE, as_of=ON)


def test_a_preview_says_where_each_case_goes_and_which_letters_will_go(programme: Programme) -> None:
    programme.bring(programme.begin(2), "recommended")
    plan = accept(programme)
    assert [(line.no, line.stage, line.to) for line in plan.going] == [
        ("B3-SJAQ-0001", "recommended", "initial_review"),
        ("B3-SJAQ-0002", "recommended", "initial_review"),
    ]
    assert plan.staying == []
    assert [(owed.letter, owed.role, owed.count) for owed in plan.owed] == [("accepted", "applicant", 2)]
    assert plan.letters == 2


def test_a_preview_changes_nothing_at_all(programme: Programme) -> None:
    programme.bring(programme.begin(2), "recommended")
    before = programme.contents()
    accept(programme)
    assert programme.contents() == before


def test_a_case_that_cannot_go_says_why_and_the_others_go(programme: Programme) -> None:
    waiting, ready = programme.begin(2)
    programme.bring([ready], "recommended")
    plan = accept(programme)
    assert [line.id for line in plan.going] == [ready]
    (line,) = plan.staying
    assert (line.id, line.to, line.clause) == (waiting, None, "B3-4.2")
    assert line.why is not None
    assert line.why.startswith("“待推荐”环节不能“受理”，可办理的有：")


@pytest.mark.clause("B3-1.3")
def test_a_preview_counts_the_quota_case_by_case(programme: Programme) -> None:
    programme.bring(programme.begin(3), "recheck")
    plan = preview(programme.desk, "publicise", B3, by=GROUP, as_of=datetime(2024, 7, 24, 2, tzinfo=UTC))
    assert [line.no for line in plan.going] == ["B3-SJAQ-0001", "B3-SJAQ-0002"]
    assert [(line.no, line.why, line.clause) for line in plan.staying] == [
        ("B3-SJAQ-0003", "该职业的遴选名额已满，不能再列入。", "B3-1.3")
    ]


def test_nothing_selected_means_nothing_done(programme: Programme) -> None:
    programme.begin()
    with pytest.raises(Refused) as refused:
        accept(programme, Selection())
    assert str(refused.value) == "没有选中任何申报：请用批次、环节、省份、职业或编号选择后再预览。"
    with pytest.raises(Refused) as refused:
        accept(programme, Selection(call="B3", stage="listed"))
    assert str(refused.value) == "没有选中任何申报：按所给条件没有找到申报。"


def test_a_plan_runs_exactly_as_it_was_shown(programme: Programme, tmp_path: Path) -> None:
    waiting, *ready = programme.begin(3)
    programme.bring(ready, "recommended")
    plan = accept(programme)
    save(plan, tmp_path / "plan.jsonl")
    newcomer = programme.bring(programme.begin(), "recommended")
    outcome = run(programme.desk, read(tmp_path / "plan.jsonl"), by=OFFICE, as_of=LATER)
    assert (outcome.moved, outcome.to, outcome.letters) == (2, {"initial_review": 2}, 2)
    assert [programme.case(id_).stage for id_ in (waiting, *ready, *newcomer)] == [
        "submitted", "initial_review", "initial_review", "recommended",
    ]  # fmt: skip


def test_what_was_stated_comes_back_from_the_file(programme: Programme, tmp_path: Path) -> None:
    programme.begin()
    by = Actor("示例经办人", Role.RECOMMENDER, "P50")
    inputs = {"letter_no": "示例函1号", "letter_date": date(2024, 6, 11)}
    plan = preview(programme.desk, "recommend", B3, by=by, as_of=ON, inputs=inputs)
    save(plan, tmp_path / "plan.jsonl")
    kept = read(tmp_path / "plan.jsonl")
    assert kept == plan
    run(programme.desk, kept, by=by, as_of=LATER)
    assert programme.case(1).recommendation_no == "示例函1号"


def test_a_plan_runs_once(programme: Programme) -> None:
    programme.bring(programme.begin(), "recommended")
    plan = accept(programme)
    run(programme.desk, plan, by=OFFICE, as_of=LATER)
    after = programme.contents()
    with pytest.raises(BatchRefused) as refused:
        run(programme.desk, plan, by=OFFICE, as_of=LATER)
    assert str(refused.value).startswith("整批未办理：B3-SJAQ-0001：“初核”环节不能“受理”")
    assert programme.contents() == after


def test_one_case_changed_since_and_none_goes(programme: Programme) -> None:
    first, second = programme.bring(programme.begin(2), "recommended")
    plan = accept(programme)
    programme.make("receive_paper", second, LATER)
    with pytest.raises(BatchRefused) as refused:
        run(programme.desk, plan, by=OFFICE, as_of=LATER)
    assert str(refused.value) == (
        "整批未办理：B3-SJAQ-0002：申报在预览之后已被改动（版本2→3），请重新查看后再办理。"
    )
    assert [programme.case(id_).stage for id_ in (first, second)] == ["recommended", "recommended"]


def test_a_case_that_would_now_go_elsewhere_stops_the_batch(programme: Programme) -> None:
    (id_,) = programme.bring(programme.begin(), "recommended")
    plan = accept(programme)
    plan.lines[:] = [
        type(line)(line.id, line.no, line.version, line.stage, "withdrawn") for line in plan.lines
    ]
    with pytest.raises(Refused) as refused:
        run(programme.desk, plan, by=OFFICE, as_of=LATER)
    assert str(refused.value) == "申报B3-SJAQ-0001的去向与预览不一致，整批未办理，请重新预览。"
    assert programme.case(id_).stage == "recommended"


def test_somebody_elses_plan_is_refused(programme: Programme) -> None:
    programme.bring(programme.begin(), "recommended")
    with pytest.raises(Refused) as refused:
        run(programme.desk, accept(programme), by=GROUP, as_of=LATER)
    assert str(refused.value) == "该清单由工程指导协调小组办公室“示例经办人”作出，不能以其他身份执行。"


def test_a_plan_in_which_nobody_can_go_is_refused(programme: Programme) -> None:
    programme.begin()
    with pytest.raises(Refused) as refused:
        run(programme.desk, accept(programme), by=OFFICE, as_of=LATER)
    assert str(refused.value) == "清单中没有可以办理的申报，未办理。"


def test_a_batch_leaves_the_digest_of_its_plan_in_the_log(programme: Programme) -> None:
    programme.bring(programme.begin(), "recommended")
    plan = accept(programme)
    run(programme.desk, plan, by=OFFICE, as_of=LATER)
    ((name, actor, detail),) = programme.rows("SELECT name, actor, detail FROM audit WHERE kind = 'batch'")
    assert (name, actor) == ("begin_review", "office:示例经办人")
    kept = json.loads(detail)
    assert (kept["cases"], kept["digest"]) == (1, digest(plan))


@pytest.fixture
def plan_file(programme: Programme, tmp_path: Path) -> Path:
    """A plan of one case."""
    programme.bring(programme.begin(), "recommended")
    path = tmp_path / "plan.jsonl"
    save(accept(programme), path)
    return path


def test_an_altered_plan_is_refused(plan_file: Path) -> None:
    text = plan_file.read_text(encoding="utf-8")
    plan_file.write_text(text.replace("B3-SJAQ-0001", "B3-SJAQ-0009"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read(plan_file)
    assert str(refused.value) == f"办理清单{plan_file}在生成后被改动过，不能执行，请重新预览。"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]\n[]", b"\xff\xfe\x00", b'{"format": "linxuan plan 1"}\n{}', b"PK\x03\x04",
        b'{"format": "linxuan plan 1", "sha256": "0"}\n{"move": 1, "inputs": [], "by": {}, "made_at": ""}',
        b'{"format": "linxuan plan 2", "sha256": "0"}\n{}',
    ],
)  # fmt: skip
def test_what_is_no_plan_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.jsonl"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        read(path)
    assert str(refused.value) == f"{path}不是有效的办理清单，请重新用 linxuan batch preview 生成。"


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read(tmp_path / "none.jsonl")
    assert str(refused.value) == (
        f"找不到办理清单{tmp_path / 'none.jsonl'}，请先用 linxuan batch preview 生成。"
    )


def test_a_plan_replaces_a_plan_but_no_other_file(programme: Programme, plan_file: Path) -> None:
    plan = read(plan_file)
    save(plan, plan_file)
    assert read(plan_file) == plan
    other = plan_file.with_name("推荐函.docx")
    other.write_bytes(b"PK")
    with pytest.raises(Refused) as refused:
        save(plan, other)
    assert str(refused.value) == f"文件{other}已存在且不是办理清单，请换一个文件名。"
    assert other.read_bytes() == b"PK"


def test_a_plan_that_cannot_be_written_leaves_nothing(programme: Programme, plan_file: Path) -> None:
    place = plan_file.parent / "missing" / "plan.jsonl"
    with pytest.raises(Refused) as refused:
        save(read(plan_file), place)
    assert str(refused.value) == f"办理清单{place}无法写入（路径不存在），请检查路径和权限。"
