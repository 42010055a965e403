"""Files and folders become cases: one line for each form, good or refused, and nothing half imported."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from casework.actors import Actor
from casework.calls import open_call
from casework.desk import Desk
from casework.import_report import ImportLine, ImportReport, Status
from casework.importing import import_paths
from casework.intake.defects import Fate
from casework.intake.samples import SampleApplication, sample_applications, write_samples
from casework.intake.sheet_writing import write_sheet
from casework.intake.wording import cells_of
from casework.materials import store_material
from records.transaction import reading
from states.calendar import at_time
from states.call_rules import CallRules
from states.places import OFFICES, Office, find
from states.refusals import Refused
from states.rulebook import call_rules

LAST_DAY = at_time(call_rules("B3").filing_closes.value, 20)
B3_SAMPLES = sample_applications(54, call_rules=call_rules("B3"), seed=7)
SOUND = [sample for sample in B3_SAMPLES if sample.fate is Fate.FILED]
TABLES = ("institution", "cases", "filing", "material", "finding", "letter", "timer", "counter", "audit")

Import = Callable[..., ImportReport]


@pytest.fixture
def materials(tmp_path: Path) -> Path:
    return tmp_path / "materials"


@pytest.fixture
def imported(desk: Desk, b3: CallRules, office: Actor, materials: Path) -> Import:
    def done(*paths: Path, channel: str = "P50", **changes: Any) -> ImportReport:
        terms = {"call": b3.code, "by": office, "as_of": LAST_DAY, **changes}
        return import_paths(
            desk, paths, channel=find(channel), store=lambda content: store_material(materials, content),
            **terms,
        )  # fmt: skip

    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "申报材料"
    made.mkdir()
    return made


def through(office: Office, *samples: SampleApplication) -> list[SampleApplication]:
    return [replace(sample, office=office) for sample in samples]


def place(folder: Path, office: Office) -> Path:
    return folder / f"{office.code}_{office.short}"


def counted(desk: Desk) -> dict[str, int]:
    with reading(desk.engine) as tx:
        return {table: (tx.one(f"SELECT count(*) FROM {table}") or (0,))[0] for table in TABLES}


def fate_of(line: ImportLine) -> Fate:
    if line.status is Status.FILED:
        return Fate.WARNED if line.warnings or line.notes else Fate.FILED
    return Fate.REFUSED if line.status is Status.REFUSED else Fate.BLOCKED


def imported_one_by_one(
    desk: Desk, samples: list[SampleApplication], folder: Path, office: Actor, store: Any
) -> dict[int, ImportLine]:
    """Each sample through its own office at the moment it files, earliest first."""
    forms = dict(zip((sample.number for sample in samples), write_samples(folder, samples), strict=True))
    lines = {}
    for sample in sorted(samples, key=lambda each: each.files_at):
        report = import_paths(
            desk, [forms[sample.number]], call=sample.call, channel=sample.office, by=office,
            as_of=sample.files_at, store=store,
        )  # fmt: skip
        (lines[sample.number],) = report.lines
    return lines


@pytest.mark.clause(
    "B3-1.1", "B3-2.1", "B3-2.3", "B3-3", "B3-5.4", "B3-A", "M24-7.2b", "CQ23-1.1", "CQ23-3", "CQ23-5.3"
)
@pytest.mark.parametrize(("call", "track"), [
    ("B3", "evaluation"), ("CQ23", "evaluation"), ("CQ23", "training"),
])  # fmt: skip
def test_every_sample_meets_the_fate_it_was_meant_for(
    call: str, track: str, desk: Desk, office: Actor, folder: Path, materials: Path
) -> None:
    rules = call_rules(call)
    samples = sample_applications(54, call_rules=rules, seed=3, track=track)
    open_call(desk, call, by=office, as_of=at_time(rules.opens.value, 9))
    lines = imported_one_by_one(
        desk, samples, folder, office, lambda content: store_material(materials, content)
    )
    met = {
        sample.number: (sample.defect.name if sample.defect else "", fate_of(lines[sample.number]))
        for sample in samples
    }
    meant = {
        sample.number: (
            sample.defect.name if sample.defect else "",
            Fate.REFUSED if sample.fate is Fate.BLOCKED else sample.fate,
        )
        for sample in samples
    }
    assert met == meant


@pytest.mark.clause("B3-1.1", "B3-2.1", "B3-2.3", "B3-3", "B3-5.4", "M24-7.2b")
def test_each_spoilt_sample_is_told_the_clause_and_the_field(
    desk: Desk, b3: CallRules, office: Actor, folder: Path, materials: Path
) -> None:
    lines = imported_one_by_one(
        desk, B3_SAMPLES, folder, office, lambda content: store_material(materials, content)
    )
    silent = []
    for sample in B3_SAMPLES:
        if sample.defect is None:
            continue
        line = lines[sample.number]
        said = "".join((*line.problems, *line.warnings, *line.notes))
        if f"（{sample.defect.clause or 'B3-A'}）" not in said:
            silent.append((sample.defect.name, said))
    assert silent == []


def test_a_folder_is_filed_form_by_form_with_the_papers_beside_each(
    desk: Desk, imported: Import, folder: Path
) -> None:
    samples = through(OFFICES["P50"], *SOUND[:3])
    write_samples(folder, samples)
    report = imported(folder)
    assert [(line.status, line.institution, line.warnings) for line in report.lines] == [
        (Status.FILED, sample.application.institution, ()) for sample in samples
    ]
    assert [line.no for line in report.lines] == [f"B3-{sample.occupation.code}-0001" for sample in samples]
    with reading(desk.engine) as tx:
        kinds = tx.rows("SELECT kind, count(*) FROM material GROUP BY kind ORDER BY kind")
    assert kinds == [("credit_record", 3), ("recommendation_form", 3), ("registration_certificate", 3)]


def test_importing_twice_adds_nothing(desk: Desk, imported: Import, folder: Path) -> None:
    write_samples(folder, through(OFFICES["P50"], *SOUND[:3]))
    first = imported(folder)
    before = counted(desk)
    second = imported(folder)
    assert [line.status for line in second.lines] == [Status.AGAIN] * 3
    assert [line.no for line in second.lines] == [line.no for line in first.lines]
    assert counted(desk) == before


def test_a_saved_again_copy_of_the_same_form_is_the_same_form(imported: Import, folder: Path) -> None:
    (sample,) = through(OFFICES["P50"], SOUND[0])
    write_samples(folder, [sample])
    first = imported(folder)
    neat = replace(sample, style=replace(sample.style, dates="dotted", tick_place="word", extra_rows=2))
    again = replace(neat, cells=sample.cells)
    write_samples(folder / "副本", [again])
    assert [(line.status, line.no) for line in imported(folder / "副本").lines] == [
        (Status.AGAIN, first.lines[0].no)
    ]


def test_a_dry_run_says_the_same_and_leaves_nothing_behind(
    desk: Desk, imported: Import, folder: Path, materials: Path
) -> None:
    spoilt = [sample for sample in B3_SAMPLES if sample.defect and sample.defect.name != "second_channel"]
    write_samples(folder, through(OFFICES["P50"], *SOUND[:3], *spoilt[:10]))
    before = counted(desk)
    tried = imported(folder, dry_run=True)
    assert (counted(desk), materials.exists()) == (before, False)
    assert tried.summary().startswith("试运行，未写入：")
    real = imported(folder)
    assert tried.lines == tuple(replace(line, no="") for line in real.lines)


@pytest.mark.clause("M24-7.2b")
def test_a_dry_run_sees_two_applications_of_one_institution_in_the_same_folder(
    imported: Import, folder: Path
) -> None:
    (sample,) = through(OFFICES["P50"], SOUND[0])
    other = sample.application.model_copy(update={"staff": sample.application.staff + 1})
    write_samples(folder, [sample, replace(sample, number=2, application=other, cells=cells_of(other))])
    lines = imported(folder, dry_run=True).lines
    assert [line.status for line in lines] == [Status.FILED, Status.REFUSED]
    assert lines[1].problems[0].endswith("（M24-7.2b）")


def test_a_refused_file_yields_no_case_and_does_not_stop_the_others(
    desk: Desk, imported: Import, folder: Path
) -> None:
    write_samples(folder, through(OFFICES["P50"], *SOUND[:2]))
    inside = place(folder, OFFICES["P50"])
    (inside / "000_损坏.docx").write_bytes(b"PK\x03\x04 broken")
    (inside / "000_空.docx").write_bytes(b"")
    report = imported(folder)
    assert [(line.status, line.problems) for line in report.lines][:2] == [
        (Status.REFUSED, ("“000_损坏.docx”已损坏，无法打开，请重新取得原件后再导入",)),
        (Status.REFUSED, ("“000_空.docx”是空文件（0 字节），请重新取得原件后再导入",)),
    ]
    assert [line.status for line in report.lines][2:] == [Status.FILED] * 2
    assert counted(desk)["cases"] == 2


@pytest.mark.clause("B3-3")
def test_an_empty_paper_is_no_paper(imported: Import, folder: Path) -> None:
    (sample,) = through(OFFICES["P50"], SOUND[0])
    write_samples(folder, [sample])
    name = f"{sample.stem}_信用报告.txt"
    (place(folder, sample.office) / name).write_bytes(b"")
    (line,) = imported(folder).lines
    assert (line.status, line.problems) == (
        Status.REFUSED,
        (f"“{name}”是空文件（0 字节），请重新取得原件后再导入",),
    )


def test_what_is_no_form_is_named_and_a_lock_file_is_passed_over(imported: Import, folder: Path) -> None:
    for name in ("说明.xyz", "~$推荐表.docx", "示例学会_信用报告.pdf", "旧表.doc"):
        (folder / name).write_bytes(b"sample")
    report = imported(folder, folder / "没有.docx")
    assert sorted((Path(line.file).name, line.status, *line.problems) for line in report.lines) == [
        ("~$推荐表.docx", Status.SKIPPED, "“~$推荐表.docx”是办公软件的临时文件，已跳过"),
        ("旧表.doc", Status.UNREAD, "“旧表.doc”是旧格式文件，请用 Word 或 WPS 另存为 .docx 后再导入"),
        ("没有.docx", Status.UNREAD, "找不到“没有.docx”，请核对路径"),
        ("示例学会_信用报告.pdf", Status.UNREAD, "“示例学会_信用报告.pdf”旁边没有对应的推荐表，没有导入"),
        ("说明.xyz", Status.UNREAD, "不认识“说明.xyz”：既不是推荐表，也不是按规则命名的证明材料"),
    ]
    assert report.ok is False


@pytest.mark.clause("B3-3", "B3-2.3")
def test_every_row_of_a_sheet_is_an_application_of_its_own(
    desk: Desk, imported: Import, folder: Path
) -> None:
    applications = [sample.application for sample in SOUND[:3]]
    write_sheet(folder / "汇总.xlsx", applications)
    for application in applications[:2]:
        for paper in ("营业执照", "诚信承诺书"):
            (folder / f"{application.uscc}_{paper}.txt").write_text("经营范围：职业培训", encoding="utf-8")
    report = imported(folder)
    assert [(line.row, line.status, line.institution) for line in report.lines] == [
        (2, Status.FILED, applications[0].institution),
        (3, Status.FILED, applications[1].institution),
        (4, Status.REFUSED, applications[2].institution),
    ]
    assert report.lines[2].problems == (
        "必备材料不齐，缺少法人登记证书或营业执照复印件（加盖单位印章）、信用报告或诚信承诺书，请补齐后再报（B3-3）",
    )
    assert [line.status for line in imported(folder).lines] == [
        Status.AGAIN, Status.AGAIN, Status.REFUSED,
    ]  # fmt: skip


@pytest.mark.clause("B3-5.4")
def test_after_the_last_day_every_file_is_refused_in_words(imported: Import, folder: Path) -> None:
    write_samples(folder, through(OFFICES["P50"], *SOUND[:2]))
    late = at_time(call_rules("B3").paper_due.value, 23).replace(day=22)
    assert [line.problems for line in imported(folder, as_of=late).lines] == [
        ("第三批申报已于2024年6月21日24时截止，逾期不再受理（B3-5.4）",)
    ] * 2


def test_the_report_can_be_read_by_a_program(imported: Import, folder: Path) -> None:
    (sample,) = through(OFFICES["P50"], SOUND[0])
    (form,) = write_samples(folder, [sample])
    (folder / "旧表.doc").write_bytes(b"sample")
    told = json.loads(imported(folder).to_json())
    assert told["counts"] == {"filed": 1, "mended": 0, "again": 0, "refused": 0, "unread": 1, "skipped": 0}
    assert told["lines"][1] == {
        "file": str(form),
        "status": "filed",
        "row": None,
        "no": f"B3-{sample.occupation.code}-0001",
        "institution": sample.application.institution,
        "occupation": sample.occupation.title,
        "paper_outstanding": True,
        "warnings": [],
        "notes": [],
        "problems": [],
    }


@pytest.mark.clause("M24-11.6a")
def test_no_identity_number_is_ever_repeated(imported: Import, folder: Path) -> None:
    samples = through(OFFICES["P50"], *B3_SAMPLES[:12])
    write_samples(folder, samples)
    told = imported(folder).to_json()
    numbers = [sample.cells.texts["legal_representative_id"] for sample in samples]
    numbers += [sample.application.legal_representative_id for sample in samples]
    assert [number for number in numbers if number in told] == []


def test_progress_counts_every_file(imported: Import, folder: Path) -> None:
    write_samples(folder, through(OFFICES["P50"], *SOUND[:2]))
    told: list[tuple[int, int]] = []
    imported(folder, progress=lambda done, total, _: told.append((done, total)))
    assert told == [(done, 6) for done in range(1, 7)]


def test_a_call_that_never_opened_is_refused_before_anything_is_read(
    desk: Desk, office: Actor, folder: Path
) -> None:
    with pytest.raises(Refused) as refused:
        import_paths(
            desk, [folder], call="CQ23", channel=find("P50"), by=office,
            as_of=datetime(2023, 6, 10, tzinfo=UTC), store=lambda _: "",
        )  # fmt: skip
    assert str(refused.value) == "批次“CQ23”尚未开放，请先用 linxuan call open CQ23 开放。"
