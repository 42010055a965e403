"""Files that are no sound forms, and forms mended after a refusal."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casework.intake.cells import Cells
from casework.intake.samples import SampleApplication, sample_applications
from casework.intake.wording import cells_of
from casework.intake.writing import document_of, write_form
from casework.rehearsal.papers import lay_beside
from casework.rehearsal.world import World
from states.forms import Application, FormKind, form_of
from states.occupations import OCCUPATIONS

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Faulty:
    """A folder of everything an office may hand in by mistake, and from when its dates are possible."""

    folder: Path
    ready_at: datetime


def write_faulty_files(world: World, sample: SampleApplication, form: Path) -> Faulty:
    """Write the folder; ``sample`` is an institution on record, ``form`` its form."""
    folder = world.papers / f"faulty{world.track}{world.province}"
    folder.mkdir(parents=True, exist_ok=True)
    sound = form.read_bytes()
    content = {
        "01_下载不完整.docx": sound[: len(sound) // 2],
        "02_空文件.docx": b"",
        "03_加了密码.docx": _OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512,
        "04_旧版改名.docx": _OLE + b"\0" * 504 + "WordDocument".encode("utf-16-le") + b"\0" * 512,
        "05_扫描件改名.docx": b"\x89PNG\r\n\x1a\n" + b"\0" * 512,
        "07_表头不符.csv": "单位,代码,备注\n示例学会,9111,见附件\n".encode("gb18030"),
    }
    for name, data in content.items():
        (folder / name).write_bytes(data)
    write_form(sample.kind, None, folder / "06_空白推荐表.docx", call=world.call.code)
    other = _somebody(world, world.track)
    meant = other.application
    cells = cells_of(meant)
    unsigned = Cells({key: text for key, text in cells.texts.items() if key != "signed_on"}, cells.rows)
    unstaffed = meant.model_copy(update={"examiners": 0, "team": max(1, getattr(meant, "supervisors", 1))})
    misnamed = sample.application.model_copy(update={"institution": "示例（更名未登记）评测中心"})
    _write(world, folder / "09_承诺未签署.docx", meant, unsigned)
    _write(world, folder / "10_没有考评员.docx", unstaffed, cells_of(unstaffed))
    _write(world, folder / "11_名称与代码不符.docx", misnamed, cells_of(misnamed))
    ready = [sample.files_at, other.files_at]
    for track, terms in world.call.tracks.items():
        if not terms.open.value:
            closed = _somebody(world, track)
            _write(world, folder / "08_附件1培训机构推荐表.docx", closed.application, closed.cells)
            ready.append(closed.files_at)
    if shut := world.rules.closed_occupations:
        taken = meant.model_copy(update={"occupation": OCCUPATIONS[shut.value[0]].title})
        _write(world, folder / "12_职业已遴选.docx", taken, cells_of(taken))
    return Faulty(folder, max(ready))


def _somebody(world: World, track: str) -> SampleApplication:
    """An institution of nobody's sample, that meant to apply."""
    province = world.province if track == world.track else ""
    return sample_applications(1, call_rules=world.call, seed=world.seed + 1, track=track, province=province)[
        0
    ]


def write_mended(world: World, sample: SampleApplication) -> Path:
    """The form as the institution meant it, with its papers."""
    folder = world.papers / f"mended{world.track}{world.province}"
    folder.mkdir(parents=True, exist_ok=True)
    return _write(
        world, folder / f"{sample.stem}_更正.docx", sample.application, cells_of(sample.application)
    )


def _write(world: World, path: Path, application: Application, cells: Cells) -> Path:
    kind: FormKind = application.kind
    path.write_bytes(document_of(form_of(kind, world.call.code), cells))
    lay_beside(path, application)
    return path
