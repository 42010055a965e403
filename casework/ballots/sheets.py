"""Score sheets before they are cast: saved, and resumed with a code that only the expert has.

What the installation's own key can open, whoever holds the machine can read, and so can a backup of last week. A
draft is therefore sealed under a resume code (续填码) that is shown to the expert and never stored. Deleting the
rows after the cast is then enough: without the code what remains in old pages and backups says nothing.
"""

import base64
import json
import os
import re
import secrets
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from casework.ballots.content import LONGEST_COMMENT, Sheet, refuse_unreadable, sheet_from
from casework.ballots.panel import CLAUSE, panel_of, plan_of, refuse_unless_voting, seat_of
from casework.ballots.rechecking import recused_cases
from casework.desk import Desk
from records.crypt import decrypt, encrypt
from records.transaction import Transaction
from states.panels import PanelPlan
from states.refusals import Refused

_LENGTH = 4 * LONGEST_COMMENT + 1024
_NONCE = 12


def new_resume_code() -> str:
    """A code of 120 bits, in six groups of four letters and digits: show it once, keep it in the expert's browser."""
    text = base64.b32encode(secrets.token_bytes(15)).decode()
    return "-".join(text[at : at + 4] for at in range(0, 24, 4))


def save_sheet(
    tx: Transaction, desk: Desk, seat_id: int, case_id: int, sheet: Sheet, code: str, *, as_of: datetime
) -> None:
    """Keep what an expert has so far on one case; saving again replaces it.

    Raises Refused outside voting, after the cast, for a case that is not the expert's to judge, and for marks or
    comments out of range.
    """
    seat = seat_of(tx, seat_id)
    panel = panel_of(tx, seat.panel_id)
    refuse_unless_voting(panel, as_of)
    refuse_after_cast(tx, seat_id)
    if case_id not in panel.cases or case_id in recused_cases(tx, panel, seat, as_of):
        raise Refused("这件申报不由您评议。", clause="M24-7.3b")
    no = panel.cases[case_id]
    refuse_unreadable(sheet, no)
    _refuse_marks(sheet, no, plan_of(desk, panel))
    sealed = encrypt(_sealed(json.dumps(sheet.record(), ensure_ascii=False), code, seat_id, case_id))
    tx.run(
        "INSERT INTO score_sheet (seat_id, case_id, content, saved_at) VALUES (?,?,?,?)"
        " ON CONFLICT (seat_id, case_id) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at",
        (seat_id, case_id, sealed, as_of),
    )


def saved_sheets(tx: Transaction, seat_id: int, code: str) -> Mapping[int, Sheet]:
    """What was saved, by case id. Raises Refused when the code is not the one it was saved with."""
    rows = tx.rows("SELECT case_id, content FROM score_sheet WHERE seat_id = ? ORDER BY case_id", (seat_id,))
    return {case_id: _opened(decrypt(content), code, seat_id, case_id) for case_id, content in rows}


def discard_sheets(tx: Transaction, seat_id: int) -> int:
    """Throw the drafts away, to begin again when the code is lost; how many there were."""
    return int(tx.run("DELETE FROM score_sheet WHERE seat_id = ?", (seat_id,)).rowcount)


def refuse_after_cast(tx: Transaction, seat_id: int) -> None:
    """Raises Refused when the seat has cast its ballot."""
    if tx.one("SELECT 1 FROM ballot WHERE seat_id = ?", (seat_id,)):
        raise Refused("您已投票，选票已密封，不能再次投票或修改。", clause=CLAUSE)


def _refuse_marks(sheet: Sheet, no: str, plan: PanelPlan) -> None:
    for key, mark in sheet.marks.items():
        if key not in plan.criteria:
            raise Refused(f"申报{no}的评分项“{key}”不在评分表内。", clause=CLAUSE)
        if type(mark) is not int or not 0 <= mark <= plan.criteria[key]:
            raise Refused(f"申报{no}“{plan.labels[key]}”应为0至{plan.criteria[key]}的整数。", clause=CLAUSE)


def _sealed(text: str, code: str, seat_id: int, case_id: int) -> str:
    nonce, plain = os.urandom(_NONCE), text.encode()
    if len(plain) > _LENGTH:
        raise Refused("评分表内容过长，请精简评语。", clause=CLAUSE)
    box = ChaCha20Poly1305(_key(code, seat_id, case_id))
    return base64.b64encode(nonce + box.encrypt(nonce, plain.ljust(_LENGTH), None)).decode()


def _opened(sealed: str, code: str, seat_id: int, case_id: int) -> Sheet:
    raw = base64.b64decode(sealed)
    try:
        plain = ChaCha20Poly1305(_key(code, seat_id, case_id)).decrypt(raw[:_NONCE], raw[_NONCE:], None)
    except InvalidTag:
        raise Refused(
            "续填码不符，此前保存的评分表无法读取；请核对续填码，或清空后重新填写。", clause=CLAUSE
        ) from None
    return sheet_from(json.loads(plain))


def _key(code: str, seat_id: int, case_id: int) -> bytes:
    letters = re.sub(r"[^A-Z2-7]", "", code.upper())
    info = f"linxuan draft 1\n{seat_id}\n{case_id}\n".encode()
    return HKDF(SHA256(), 32, None, info).derive(letters.encode())
