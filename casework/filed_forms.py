"""The form an applicant filed, kept as JSON without the identity number, which is kept encrypted beside it."""

import json
from datetime import datetime
from hashlib import sha256

from records.crypt import decrypt, encrypt
from records.transaction import Transaction
from states.forms import Application, EvaluationApplication, TrainingApplication, application_from_json

_APART = "legal_representative_id"


def keep_form(tx: Transaction, case_id: int, application: Application, *, at: datetime, source: str) -> str:
    """Write the form down as the next filing of the case; the digest of its content."""
    digest = content_digest(application)
    tx.run(
        "INSERT INTO filing (case_id, number, at, source, digest, form, identity) VALUES"
        " (?, (SELECT count(*) + 1 FROM filing WHERE case_id = ?), ?, ?, ?, ?, ?)",
        (
            case_id, case_id, at, source, digest, _content(application),
            encrypt(application.legal_representative_id),
        ),
    )  # fmt: skip
    return digest


def filed_form(tx: Transaction, case_id: int) -> TrainingApplication | EvaluationApplication | None:
    """The application as last filed, or None when the case has no form."""
    row = tx.one(
        "SELECT form, identity FROM filing WHERE case_id = ? ORDER BY number DESC LIMIT 1", (case_id,)
    )
    if row is None:
        return None
    return application_from_json(json.dumps({**json.loads(row[0]), _APART: identity_of(row[1])}))


def identity_of(stored: str | None) -> str | None:
    """The identity number from what is stored. Raises WrongKey when the key in use cannot read it."""
    return None if stored is None else decrypt(stored)


def content_digest(application: Application) -> str:
    """SHA-256 in hex of what the form says, whatever file it came in.

    The identity number is left out: whoever read the digest could find it by trying.
    """
    return sha256(_content(application).encode()).hexdigest()


def _content(application: Application) -> str:
    values = application.model_dump(mode="json", exclude={_APART})
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
