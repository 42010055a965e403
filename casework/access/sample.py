"""Sample accounts of a rehearsed installation, shown on its sign-in page; a real installation has none.

They stand in a file of the data folder that names the database it belongs to: copied into another folder it says
nothing.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pyotp

from casework.installation import Installation
from records.transaction import reading

FILE = "sample-accounts.json"


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """An account anybody may use: ``kind`` is the kind of person in Chinese, ``secret`` that of its one-time codes."""

    kind: str
    login: str
    name: str
    password: str
    secret: str = ""


def keep_accounts(installation: Installation, accounts: list[SampleAccount]) -> Path:
    """Write the accounts down beside the database they are of."""
    file = installation.data / FILE
    told = {"database": _fingerprint(installation), "accounts": [asdict(each) for each in accounts]}
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    file.chmod(0o600)
    return file


def accounts_of(installation: Installation) -> tuple[SampleAccount, ...]:
    """The sample accounts of a rehearsed installation; none of any other."""
    try:
        told = json.loads((installation.data / FILE).read_text(encoding="utf-8"))
        if told["database"] != _fingerprint(installation):
            return ()
        return tuple(SampleAccount(**each) for each in told["accounts"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def code_of(installation: Installation, login: str, *, as_of: datetime) -> str:
    """The one-time code a sample account would show now; empty for every other account."""
    for each in accounts_of(installation):
        if each.login == login and each.secret:
            return str(pyotp.TOTP(each.secret).at(as_of))
    return ""


def _fingerprint(installation: Installation) -> str:
    with reading(installation.engine) as tx:
        row = tx.one("SELECT sealed FROM seal WHERE name = 'first'")
    return sha256(f"linxuan sample 1\n{row[0] if row else ''}".encode()).hexdigest()
