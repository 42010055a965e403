"""The rows of a renewal application: kept as a draft, found again, held against what was reported before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from casework.actors import Actor
from casework.audit import Entry, append
from casework.duties.figures import figures as reported_figures
from casework.loading import Loaded
from casework.objections.evidence import Checked, Store
from records.crypt import decrypt, encrypt, encrypt_bytes
from records.transaction import Transaction
from states.draw.canonical import digest
from states.facts import Facts, day
from states.renewals.checking import CLAUSE, Asked, problems, report_of
from states.renewals.comparing import contradictions
from states.renewals.report import FIGURES, Consent, Filled, Report, Term, term_of

STATES: Mapping[str, str] = {
    "draft": "草稿", "filed": "审核中", "returned": "退回补正", "corrected": "已由补正件取代", "approved": "同意",
    "refused": "不同意", "dropped": "逾期未补正，视为未申请", "moot": "机构已退出，随之办结",
}  # fmt: skip
REPORT, CONSENT = "report", "consent"
_MONEY = frozenset(each.key for each in FIGURES if each.money)
_FEN = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """One application as kept. ``parts`` are the texts and the signature; ``documents`` part → SHA-256 of what was handed in."""

    id: int
    no: str
    state: str
    sha256: str
    filled: Filled = field(repr=False)
    documents: Mapping[str, str]


def keep(
    tx: Transaction, each: Loaded, filled: Filled, files: Mapping[str, Checked], store: Store | None, *,
    by: Actor, as_of: datetime, inherits: Kept | None = None,
) -> Kept:  # fmt: skip
    """Keep a draft as a new row in the place of the one before; documents not handed in anew come from ``inherits``."""
    facts = each.facts
    tx.run(
        "UPDATE renewal_application SET state = 'corrected' WHERE case_id = ? AND state = 'draft'",
        (facts.id,),
    )
    last = tx.one("SELECT max(number) FROM renewal_application WHERE case_id = ?", (facts.id,))
    number = 1 + (last[0] or 0 if last else 0)
    no = f"{facts.no}-X{number}"
    documents = {
        **(inherits.documents if inherits else {}),
        **{part: file.sha256 for part, file in files.items()},
    }
    sha256 = fingerprint(filled, documents)
    row = tx.run(
        "INSERT INTO renewal_application (no, case_id, number, term_no, state, sha256, parts, consent_office, consent_no,"
        " consent_on, drafted_at, drafted_by, items, reason) VALUES (?,?,?,?,'draft',?,?,?,?,?,?,?,'','') RETURNING id",
        (no, facts.id, number, facts.term_no, sha256, encrypt(_parts(filled)), filled.consent.office,
         filled.consent.number, filled.consent.on, as_of, by.signature),
    ).fetchone()  # fmt: skip
    id_ = int(row[0])
    asked = asked_of(each, as_of)
    if not problems(filled, asked):
        tx.many(
            "INSERT INTO renewal_figure (application_id, year, key, value) VALUES (?,?,?,?)",
            _rows(id_, report_of(filled, asked)),
        )
    _keep_documents(tx, id_, files, store, as_of)
    if inherits:
        for part in inherits.documents.keys() - files.keys():
            tx.run(
                "INSERT INTO renewal_document (application_id, part, name, kind, size, sha256, digest, at)"
                " SELECT ?, part, name, kind, size, sha256, digest, at FROM renewal_document"
                " WHERE application_id = ? AND part = ?",
                (id_, inherits.id, part),
            )
    detail = {"application": no, "sha256": sha256, "documents": documents}
    append(
        tx, [Entry(as_of, as_of, by.signature, "renewal", "drafted", facts.id, clause=CLAUSE, detail=detail)]
    )
    return Kept(id_, no, "draft", sha256, filled, documents)


def newest(tx: Transaction, case_id: int, states: Sequence[str]) -> Kept | None:
    """The newest application of a case in one of these states, or None."""
    marks = ",".join("?" * len(states))
    row = tx.one(
        "SELECT id, no, state, sha256, parts, consent_office, consent_no, consent_on FROM renewal_application"
        f" WHERE case_id = ? AND state IN ({marks}) ORDER BY number DESC LIMIT 1",
        (case_id, *states),
    )
    if row is None:
        return None
    documents = dict(tx.rows("SELECT part, sha256 FROM renewal_document WHERE application_id = ?", (row[0],)))
    consent = Consent(row[5], row[6], day(row[7]))
    return Kept(row[0], row[1], row[2], row[3], filled_from(decrypt(row[4]), consent), documents)


def asked_of(each: Loaded, as_of: datetime) -> Asked:
    """What a report of this case is judged by on the Shanghai day of ``as_of``."""
    from states.calendar import day_of

    return Asked(each.facts.track, each.levels, term_of(each.facts), day_of(as_of))


def fingerprint(filled: Filled, documents: Mapping[str, str]) -> str:
    """The SHA-256 of what was handed in: the same content is the same application."""
    consent = [filled.consent.office, filled.consent.number, str(filled.consent.on)]
    return digest(
        json.dumps([json.loads(_parts(filled)), consent, sorted(documents.items())], ensure_ascii=False)
    )


def lay_warnings(tx: Transaction, id_: int, facts: Facts) -> None:
    """Write down what an application just handed in says otherwise than was reported before."""
    report, term = kept_report(tx, id_), term_of(facts)
    found = contradictions(report, term, facts.activity, reported_figures(tx, facts.id), facts.track)
    tx.many(
        "INSERT INTO renewal_warning (application_id, number, rule, clause, sentence, answer) VALUES (?,?,?,?,?,'')",
        ((id_, at, each.rule, each.clause, each.sentence) for at, each in enumerate(found, 1)),
    )


def kept_report(tx: Transaction, id_: int) -> Report:
    """The figures of an application as a report, without its texts."""
    figures: dict[int, dict[str, int | Decimal]] = {}
    for year, key, value in tx.rows(
        "SELECT year, key, value FROM renewal_figure WHERE application_id = ? ORDER BY year", (id_,)
    ):
        figures.setdefault(year, {})[key] = Decimal(value) / _FEN if key in _MONEY else value
    return Report(figures, {}, "", date.min)


def filled_from(parts: str, consent: Consent) -> Filled:
    """A report as it was filled in, from how it is kept; empty when it was purged."""
    if not parts:
        return Filled(consent=consent)
    kept = json.loads(parts)
    figures: dict[int, dict[str, int | Decimal | str]] = {
        int(year): {key: _value(key, value) for key, value in row.items()}
        for year, row in kept["figures"].items()
    }
    return Filled(
        figures, kept["texts"], kept["signatory"], _day(kept["signed_on"]), consent, kept["consent_day"]
    )


def known_figures(tx: Transaction, case_id: int, term: Term) -> Mapping[int, Any]:
    """What was reported of the years of a term before, by year."""
    return {
        year: each
        for year, each in reported_figures(tx, case_id).items()
        if term.first.year <= year <= term.last.year
    }


def _value(key: str, value: int | str) -> int | Decimal | str:
    if isinstance(value, str) and value.startswith("=") and key in _MONEY:
        return Decimal(value[1:])
    return value


def _parts(filled: Filled) -> str:
    figures = {
        str(year): {
            key: f"={value}" if isinstance(value, Decimal) else value for key, value in sorted(row.items())
        }
        for year, row in sorted(filled.figures.items())
    }
    signed = filled.signed_on.isoformat() if isinstance(filled.signed_on, date) else filled.signed_on
    return json.dumps(
        {"figures": figures, "texts": dict(sorted(filled.texts.items())), "signatory": filled.signatory,
         "signed_on": signed, "consent_day": filled.consent_day},
        ensure_ascii=False,
    )  # fmt: skip


def _day(text: str | None) -> date | str | None:
    try:
        return date.fromisoformat(text) if text else text
    except ValueError:
        return text


def _rows(id_: int, report: Report) -> list[tuple[int, int, str, int]]:
    return [
        (id_, year, key, int(value * _FEN) if key in _MONEY else int(value))
        for year, row in report.figures.items()
        for key, value in row.items()
    ]


def _keep_documents(
    tx: Transaction, id_: int, files: Mapping[str, Checked], store: Store | None, at: datetime
) -> None:
    for part, each in files.items():
        if store is None:
            raise ValueError("documents need somewhere to be kept")
        tx.run(
            "INSERT INTO renewal_document (application_id, part, name, kind, size, sha256, digest, at) VALUES (?,?,?,?,?,?,?,?)",
            (
                id_,
                part,
                encrypt(each.name),
                each.kind,
                len(each.content),
                each.sha256,
                store(encrypt_bytes(each.content)),
                at,
            ),
        )
