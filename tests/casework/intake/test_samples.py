"""The samples are invented, sound in their numbers, and come to what they are meant for."""

from collections import Counter
from hashlib import sha256

import pytest
from stdnum.cn import ric, uscc

from casework.intake.defects import DEFECTS, Fate
from casework.intake.materials import papers_beside
from casework.intake.reading import read_docx
from casework.intake.samples import sample_applications, write_samples
from states.calendar import end_of
from states.forms import FormKind
from states.rulebook import call_rules

B3 = call_rules("B3")


@pytest.fixture(scope="module")
def samples():
    return sample_applications(60, call_rules=B3, seed=7)


@pytest.fixture(scope="module")
def written(samples, tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"), samples)


@pytest.fixture(scope="module")
def read(samples, written):
    return [
        read_docx(path, as_of=sample.files_at, occupations=[o.title for o in B3.occupations.value])
        for sample, path in zip(samples, written, strict=True)
    ]


@pytest.mark.clause("B3-A")
def test_every_sample_is_read_as_it_was_meant(samples, read):
    for sample, form in zip(samples, read, strict=True):
        blocked = {problem.key for problem in form.problems if problem.blocks}
        spoken = {problem.key for problem in form.problems}
        meant = sample.defect.fields if sample.defect else ()
        assert all(any(key.startswith(field) for key in spoken) for field in meant), (sample.number, spoken)
        assert bool(blocked) is (sample.fate is Fate.BLOCKED), (sample.number, form.problems)
        if not meant:
            assert (form.problems, form.application) == ((), sample.application), sample.number


def test_every_fault_is_there_and_two_thirds_are_sound(samples):
    assert {sample.defect.name for sample in samples if sample.defect} == set(DEFECTS)
    assert Counter(sample.fate for sample in samples)[Fate.FILED] == 40


def test_sound_samples_are_spread_over_occupations_provinces_and_departments(samples):
    sound = [sample for sample in samples if sample.fate is Fate.FILED]
    assert set(Counter(sample.occupation.code for sample in sound).values()) == {8}
    kinds = Counter(sample.office.kind for sample in samples)
    assert (
        len({s.office.code for s in samples if s.office.kind == "province"}),
        kinds["department"] >= 3,
    ) == (32, True)


def test_numbers_have_sound_check_digits_and_names_are_invented(samples):
    for sample in samples:
        application = sample.application
        assert uscc.is_valid(application.uscc)
        assert ric.is_valid(application.legal_representative_id)
        assert application.institution.startswith("示例（")
        assert application.contact.mailbox.endswith(".example.cn")


@pytest.mark.clause("M24-7.2b")
def test_a_repeated_application_comes_later_and_through_another_channel(samples):
    (repeat,) = [s for s in samples if s.defect and s.defect.name == "second_channel"]
    (first,) = [s for s in samples if s.application.uscc == repeat.application.uscc and s is not repeat]
    assert (first.occupation, first.office != repeat.office) == (repeat.occupation, True)
    assert first.files_at < repeat.files_at


@pytest.mark.clause("B3-5.4")
def test_only_the_late_one_files_after_the_last_day(samples):
    closed = end_of(B3.filing_closes.value)
    late = [s.defect.name for s in samples if s.files_at >= closed]
    assert late == ["filed_late"]


@pytest.mark.clause("B3-3")
def test_only_the_one_without_certificate_lacks_a_paper(samples, written):
    required = set(B3.track("evaluation").materials.value) - {"recommendation_form"}
    short = [
        sample.defect and sample.defect.name
        for sample, path in zip(samples, written, strict=True)
        if not required <= papers_beside(path).keys()
    ]
    assert short == ["certificate_missing"]


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(tmp_path):
    def prints(name, seed):
        folder = tmp_path / name
        write_samples(folder, sample_applications(5, call_rules=B3, seed=seed))
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return [
            (path.relative_to(folder).as_posix(), sha256(path.read_bytes()).hexdigest()) for path in files
        ]

    assert prints("一", 3) == prints("二", 3)
    assert prints("三", 3) != prints("四", 4)


@pytest.mark.clause("CQ23-A1", "CQ23-4.1", "CQ23-1.3a")
def test_a_call_with_one_office_and_closed_occupations_has_samples_too():
    rules = call_rules("CQ23")
    training = sample_applications(20, call_rules=rules, seed=1, track="training")
    evaluation = sample_applications(60, call_rules=rules, seed=1)
    closed = {"ZNZZ", "DSJG", "QKLG"}
    assert {(sample.kind, sample.office.code) for sample in training} == {(FormKind.TRAINING, "P50")}
    assert {s.occupation.code for s in evaluation if s.fate is Fate.FILED} & closed == set()
