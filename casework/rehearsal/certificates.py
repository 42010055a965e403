"""The public certificates of a rehearsal's draws, as files anybody can verify; nothing sealed leaves (M24-7.3b)."""

from datetime import datetime
from pathlib import Path

from casework.desk import Desk
from casework.panels.certificate_files import write_certificate
from casework.panels.certificates import certificate
from casework.panels.panel import panels_in
from casework.panels.rounds import rounds_of
from casework.rehearsal.cast import OFFICE
from records.transaction import reading


def keep_certificates(desk: Desk, call: str, folder: Path, *, as_of: datetime) -> list[Path]:
    """Write one file for every round that was drawn, void ones too: B3-SJAQ-P01-1.json. Returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    with reading(desk.engine) as tx:
        drawn = [
            (panel.no, each.round)
            for panel in panels_in(tx, call)
            for each in rounds_of(tx, panel.id)
            if each.digits
        ]
    files = []
    for no, number in drawn:
        files.append(folder / f"{no}-{number}.json")
        public = certificate(desk, no, number, actor=OFFICE, as_of=as_of)
        write_certificate(public, files[-1], sealed=False)
    return files
