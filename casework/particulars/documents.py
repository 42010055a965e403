"""The supporting documents of a request: told by their content, kept encrypted like evidence (M24-11.6a)."""

from collections.abc import Sequence
from datetime import datetime

from casework.objections.evidence import Checked, Evidence, Store, check_evidence
from records.crypt import encrypt, encrypt_bytes
from records.transaction import Transaction
from states.particulars import CLAUSE
from states.refusals import Refused

WHAT = "证明材料"


def check_documents(files: Sequence[Evidence], *, needed: bool = True) -> list[Checked]:
    """The files in a form that may be kept. Raises Refused for none where one is needed, and for unfit ones."""
    if needed and not files:
        raise Refused(
            "变更须附证明材料（如登记机关的变更通知书、新的营业执照），请用 --file 附上。", clause=CLAUSE
        )
    return check_evidence(files, what=WHAT, clause=CLAUSE)


def keep_documents(
    tx: Transaction, change_id: int, files: Sequence[Checked], store: Store | None, at: datetime
) -> None:
    """Keep the files with a request, encrypted; the same file lies there once."""
    for each in files:
        if store is None:
            raise ValueError("documents need somewhere to be kept")
        known = tx.one(
            "SELECT 1 FROM change_document WHERE change_id = ? AND sha256 = ?", (change_id, each.sha256)
        )
        if known is None:
            tx.run(
                "INSERT INTO change_document (change_id, name, kind, size, sha256, digest, at) VALUES (?,?,?,?,?,?,?)",
                (
                    change_id, encrypt(each.name), each.kind, len(each.content), each.sha256,
                    store(encrypt_bytes(each.content)), at,
                ),
            )  # fmt: skip
