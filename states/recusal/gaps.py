"""What nobody knows of an expert, and which rule therefore cannot be asked: held against every case (M24-7.3b)."""

from collections.abc import Iterator

from states.recusal.conflict import EVERY_CASE, Conflict, Verdict
from states.recusal.expert import Employment, Expert


def standing_gaps(expert: Expert) -> Iterator[Conflict]:
    """The gaps that do not depend on the day, at most one for each rule."""
    if expert.employer is None:
        yield _held(expert, "R-1", "未登记工作单位")
    elif expert.employer.uscc is None:
        yield _held(expert, "R-1", f"未登记工作单位“{expert.employer.name}”的统一社会信用代码")
    if expert.group is None:
        yield _held(expert, "R-2", "未查明工作单位的法定代表人和出资关系")
    if expert.ties is None:
        yield _held(expert, "R-4", "未申报亲属、顾问和参与编制等关系")
    else:
        nowhere = [tie.kind.label for tie in expert.ties if tie.organisation is None]
        if nowhere:
            yield _held(expert, "R-4", f"申报了{'、'.join(dict.fromkeys(nowhere))}而未写明单位")
    if expert.employment is None:
        yield _held(expert, "R-5", "未登记任职经历")


def service_gap(expert: Expert) -> Iterator[Conflict]:
    """The gap that matters where an applicant was voted on before."""
    if expert.service is None:
        yield _held(expert, "R-7", "未登记以往评议记录")


def employment_gap(expert: Expert, rows: list[Employment]) -> Conflict:
    """The gap left by rows of the history, recent enough to matter, that name no code."""
    names = "”“".join(row.organisation.name for row in rows)
    return _held(expert, "R-5", f"任职经历中“{names}”缺统一社会信用代码")


def _held(expert: Expert, rule: str, missing: str) -> Conflict:
    return Conflict(expert.id, EVERY_CASE, rule, Verdict.HELD, missing)
