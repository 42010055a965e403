"""The audit log for auditors, the head and the office."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date

from fastapi import Response
from fastapi.responses import StreamingResponse

from casework.audit import Entry, append, export
from casework.audit_search import Wanted, kinds, search
from casework.spreadsheets import inert
from dashboard.area import Area, Here
from dashboard.audit.verifying import Verifier
from records.transaction import transaction
from states.calendar import day_of
from states.refusals import Refused

area = Area()
PAGE = 50
VERIFIER = Verifier()
COLUMNS = (
    "seq", "at", "written_at", "actor", "kind", "name", "case_id", "from", "to", "version", "clause", "detail", "hash",
)  # fmt: skip


@area.get("/audit", action="audit.search")
def search_audit(visit: Here) -> Response:
    """Entries that fit, newest first."""
    query = visit.request.query_params
    asked = {
        name: query.get(name, "").strip()[:120] for name in ("no", "actor", "kind", "name", "since", "until")
    }
    behind, error = query.get("after", ""), ""
    before = int(behind) if behind.isascii() and behind.isdecimal() and len(behind) < 16 else None
    try:
        wanted = Wanted(
            asked["no"],
            asked["actor"],
            asked["kind"],
            asked["name"],
            _day(asked["since"]),
            _day(asked["until"]),
        )
        found = search(visit.desk, wanted, before=before, limit=PAGE + 1)
    except Refused as refusal:
        found, error = [], refusal.sentence
    return visit.page(
        "audit/search.html.j2", 422 if error else 200, found=found[:PAGE],
        next=found[PAGE - 1].seq if len(found) > PAGE else 0, asked=asked, error=error, kinds=kinds(visit.desk),
        first=before is None, filtered=any(asked.values()), last=VERIFIER.last, details=_details,
    )  # fmt: skip


@area.get("/audit/chain", action="audit.verify")
def show_chain(visit: Here) -> Response:
    """How far the walk along the chain has come, and what it found."""
    template = "audit/walk.html.j2" if visit.partial else "audit/chain.html.j2"
    return visit.page(template, walk=VERIFIER.last)


@area.post("/audit/chain", action="audit.verify")
def walk_chain(visit: Here) -> Response:
    """Begin to walk along the whole chain."""
    begun = VERIFIER.start(visit.desk.engine, by=visit.actor.signature, now=visit.ground.now)
    return visit.go("/audit/chain", "" if begun else visit.say("audit.under_way"))


@area.post("/audit/export", action="audit.export")
def export_audit(visit: Here) -> Response:
    """The whole log as a file, as ``linxuan audit export`` writes it, or as a table; the log says who took it."""
    kind = "csv" if visit.field("format") == "csv" else "jsonl"
    with transaction(visit.desk.engine) as tx:
        entry = Entry(
            visit.as_of, visit.as_of, visit.actor.signature, "audit", "exported", clause="M24-11.6a",
            detail={"format": kind},
        )  # fmt: skip
        append(tx, [entry])
    lines = export(visit.desk.engine)
    content = _table(lines) if kind == "csv" else (f"{line}\n" for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="audit-{day_of(visit.as_of)}.{kind}"'}
    media = "text/csv; charset=utf-8" if kind == "csv" else "application/x-ndjson"
    return visit.answer(StreamingResponse(content, media_type=media, headers=headers))


def _table(lines: Iterator[str]) -> Iterator[str]:
    """As CSV with a mark that Excel reads as UTF-8; no cell is taken for a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([inert(each) for each in json.loads(line)])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"日期“{text}”写法不对，应如 2024-06-21。") from None


def _details(detail: dict[str, object]) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(", ", ": ")) if detail else ""
