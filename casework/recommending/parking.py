"""Files that wait between a dry run and the import itself: encrypted, found again only by who put them there."""

import json
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from casework.access.tokens import make_token
from casework.actors import Actor
from casework.faults import os_fault
from casework.objections.evidence import Evidence
from records.crypt import WrongKey, decrypt_bytes, encrypt_bytes
from states.refusals import Refused

LASTING = timedelta(days=1)
MOST = 200
CLAUSE = "B3-4.3"


def park(folder: Path, files: Sequence[Evidence], *, by: Actor, as_of: datetime) -> str:
    """Keep files for a day; the token under which ``parked`` gives them. Refused for none, too many, or two of a name."""
    names = [_name(each.name) for each in files]
    if not files or not any(names):
        raise Refused("请先选择推荐表（.docx）或汇总表（.xlsx、.csv），再上传。", clause=CLAUSE)
    if len(files) > MOST:
        raise Refused(f"一次至多上传{MOST}个文件，请分批上传。", clause=CLAUSE)
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Refused(f"有两个文件都叫“{twice}”，请改名后重新上传。", clause=CLAUSE)
    token = make_token()
    place = _place(folder, token, by)
    try:
        _clear(folder, as_of)
        place.mkdir(mode=0o700, parents=True)
        (place / "parked.json").write_text(
            json.dumps({"at": as_of.isoformat(), "names": names}), encoding="utf-8"
        )
        for number, each in enumerate(files):
            (place / str(number)).write_bytes(encrypt_bytes(each.content))
    except OSError as error:
        raise Refused(f"文件未能存入数据文件夹（{os_fault(error)}），请处理后重试。") from None
    return token


@contextmanager
def parked(folder: Path, token: str, *, by: Actor) -> Iterator[Path]:
    """A folder that holds the files under their names while the block runs. Refused when they are gone."""
    place = _place(folder, token, by)
    with TemporaryDirectory() as made:
        try:
            names = json.loads((place / "parked.json").read_text(encoding="utf-8"))["names"]
            for number, name in enumerate(names):
                (Path(made) / name).write_bytes(decrypt_bytes((place / str(number)).read_bytes()))
        except (OSError, ValueError, KeyError, WrongKey):
            raise Refused("上传的文件已经清除或不是您上传的，请重新上传。", clause=CLAUSE) from None
        yield Path(made)


def release(folder: Path, token: str, *, by: Actor) -> None:
    """Remove what was parked."""
    shutil.rmtree(_place(folder, token, by), ignore_errors=True)


def _place(folder: Path, token: str, by: Actor) -> Path:
    return folder / sha256(f"{by.signature}\n{token}".encode()).hexdigest()


def _clear(folder: Path, as_of: datetime) -> None:
    for place in folder.glob("*/parked.json"):
        try:
            at = datetime.fromisoformat(json.loads(place.read_text(encoding="utf-8"))["at"])
        except (OSError, ValueError, KeyError):
            at = as_of - 2 * LASTING
        if at < as_of - LASTING:
            shutil.rmtree(place.parent, ignore_errors=True)


def _name(name: str) -> str:
    base = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    return "".join(char for char in base if char.isprintable() and char not in '<>:"|?*').strip(" .")[:120]
