"""What must be true of panels and their draws, for the invariant check."""

import json
from collections.abc import Iterator

from casework.panels.panel import panels_in
from casework.panels.rounds import rounds_of
from casework.panels.seat import HOLDING, seats_of
from records.transaction import Transaction
from states.draw.certificate import fingerprint


def panel_faults(tx: Transaction) -> Iterator[str]:
    """Seats no certificate knows, certificates that lost their hash, too many members, answers nobody waits for."""
    for panel in panels_in(tx):
        seats = seats_of(tx, panel.id)
        rounds = rounds_of(tx, panel.id)
        if sum(each.state in HOLDING for each in seats) > panel.size:
            yield f"专家组{panel.no}：在席人数超过{panel.size}人（M24-7.3c）"
        if sum(each.state == "committed" for each in rounds) > 1:
            yield f"专家组{panel.no}：同时有两个未抽取的承诺（M24-7.3c）"
        for each in rounds:
            row = tx.one("SELECT certificate FROM draw_round WHERE id = ?", (each.id,))
            if row is None or row[0] is None:
                continue
            certificate = json.loads(row[0])
            published = (each.frame_sha256, each.commitment, each.digits)
            if fingerprint(certificate) != certificate["sha256"] or published != tuple(
                certificate[key] for key in ("frame_sha256", "commitment", "digits")
            ):
                yield f"专家组{panel.no}第{each.round}轮：证书与登记的内容不一致（M24-7.3c）"
            drawn = certificate["seats"] if each.state == "drawn" else []
            if drawn != [seat.pseudonym for seat in seats if seat.round == each.round]:
                yield f"专家组{panel.no}第{each.round}轮：席位与抽取证书不一致（M24-7.3c）"
        waited_for = {
            row[0]
            for row in tx.rows(
                "SELECT seat_id FROM panel_timer WHERE panel_id = ? AND kind = 'answer'", (panel.id,)
            )
        }
        for seat in seats:
            if seat.state == "invited" and seat.id not in waited_for:
                yield f"专家组{panel.no}第{seat.place}席：已邀请而没有答复期限（M24-7.3c）"
