"""Which papers accompany which form in a folder: told by their names.

A form `示例学会_数据安全.docx` is accompanied by the files beside it whose names begin with its own and go on with
`_` and the name of a paper: `示例学会_数据安全_法人登记证书.pdf`, `示例学会_数据安全_信用报告.pdf`. A row of a sheet is
accompanied by the files beside the sheet that begin with its unified social credit code
(`91…_法人登记证书.pdf`). Any of the file types below will do.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from casework.intake.characters import compact

PAPERS: Mapping[str, tuple[str, ...]] = {
    "registration_certificate": (
        "法人登记证书",
        "营业执照",
        "登记证书",
        "事业单位法人证书",
        "社会团体法人登记证书",
    ),
    "credit_record": ("信用报告", "诚信承诺书"),
    "recommendation_letter": ("推荐函",),
}
"""The keys of the rulebook's required materials, with the names a paper of that sort goes by."""

FILE_TYPES = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".ofd", ".txt"})


def paper_of(name: str) -> str | None:
    """The key of the paper that a file name ends with (a copy's number in brackets aside), or None."""
    stem = re.sub(r"\(.*?\)$", "", compact(Path(name).stem))
    ending = stem.rpartition("_")[2]
    return next((key for key, names in PAPERS.items() if ending in names), None)


def papers_beside(form: Path, stem: str | None = None) -> dict[str, Path]:
    """The papers that accompany `form`, by key; `stem` is the code of a sheet's row instead of the form's own.

    The first by name counts when there are several of one sort.
    """
    return papers_in(form.parent).get(stem_of(stem or form.stem), {})


def papers_in(folder: Path) -> dict[str, dict[str, Path]]:
    """Every paper in `folder`, by the stem it accompanies (`stem_of`) and by key: looked up once for many forms."""
    found: dict[str, dict[str, Path]] = {}
    for name in sorted(entry.name for entry in os.scandir(folder)):
        path = folder / name
        begins, mark, _ = compact(path.stem).rpartition("_")
        key = paper_of(name) if mark and path.suffix.lower() in FILE_TYPES else None
        if key:
            found.setdefault(begins, {}).setdefault(key, path)
    return found


def stem_of(text: str) -> str:
    """How a form's stem or a row's code is spelled among the keys of `papers_in`."""
    return compact(text)
