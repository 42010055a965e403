"""A mended form for a case that was returned for correction (D-4): kept beside the first, examined anew."""

from collections.abc import Sequence
from datetime import datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.earlier_filings import EarlierCase
from casework.filed_forms import keep_form
from casework.findings import keep_findings, replace_findings
from casework.gate import advance_in
from casework.handed_in import Paper, Store, business_scope_in, keep_papers
from records.transaction import Transaction
from states.call_rules import TrackRules
from states.eligibility import Finding, examine, missing_materials
from states.forms import Application
from states.places import Office
from states.priority import priority_mark

CORRECTING = "correcting"


def mend_in(
    tx: Transaction,
    desk: Desk,
    earlier: EarlierCase,
    application: Application,
    papers: Sequence[Paper],
    notes: Sequence[Finding],
    rules: TrackRules,
    *,
    channel: Office,
    by: Actor,
    as_of: datetime,
    store: Store,
    source: str,
) -> list[Finding]:
    """File a mended form into its case and hand the case back to whoever returned it.

    The first filing stays; it was in time, so the mended one is examined as of that day. Papers handed in before
    still count. Returns the warnings that wait for an answer; the blocking findings, and then nothing is written,
    when there are any. Raises Refused when the move ``resubmit`` is.
    """
    kinds = {row[0] for row in tx.rows("SELECT kind FROM material WHERE case_id = ?", (earlier.id,))}
    kinds |= {paper.kind for paper in papers}
    found = examine(
        application, rules, as_of=earlier.begun_at, channel=channel, materials=sorted(kinds),
        cooling_until=None, listed_until=None, business_scope=business_scope_in(papers),
    )  # fmt: skip
    if any(each.blocks for each in found):
        return found
    digest = keep_form(tx, earlier.id, application, at=as_of, source=source)
    kept = keep_papers(tx, earlier.id, papers, at=as_of, store=store)
    replace_findings(tx, earlier.id, by=by, at=as_of)
    keep_findings(tx, earlier.id, [*found, *notes])
    tx.run(
        "UPDATE cases SET warnings_open = ?, materials_missing = ?, priority = ?, levels = ?, contact_mail = ?"
        " WHERE id = ?",
        (
            len(found), len(missing_materials(rules, sorted(kinds))), priority_mark(application, rules),
            "、".join(application.levels), application.contact.mailbox, earlier.id,
        ),
    )  # fmt: skip
    detail = {"source": source, "channel": channel.code, "digest": digest, "papers": kept, "mended": True}
    entry = Entry(
        as_of, as_of, by.signature, "filing", "form", earlier.id, CORRECTING, CORRECTING, earlier.version,
        rules.form.clause, detail,
    )  # fmt: skip
    append(tx, [entry])
    advance_in(tx, desk, "resubmit", [earlier.id], by=by, as_of=as_of)
    return found
