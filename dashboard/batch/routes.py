"""Batches: choose, preview, run with progress to watch, a receipt for every case."""

from typing import Any

from fastapi import Response

from casework.batches.apart import Errand, send
from casework.batches.changed import Changed
from casework.batches.choosing import chosen, count_chosen, offered, stage_labels
from casework.batches.gauge import read_gauge
from casework.batches.kept import PREVIEWING, RUNNING, Batch, batch_of, batches
from casework.batches.receipt import minutes, receipt
from casework.batches.showing import PAGE, letters_of, reasons_of, routes_of, rows_of, sample_letters
from casework.batches.working import ChangedSince, begin_batch, cancel, interrupted, resume, start
from dashboard.area import Area, Here
from dashboard.batch.describing import FILTERS, again, described
from dashboard.refusing import NotAllowed, NotThere
from dashboard.visit import Visit
from states.refusals import Refused

area = Area()

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONGEST = 2_000_000


@area.get("/batch", action="batch.see")
def show_batches(visit: Here) -> Response:
    """The latest batches, newest first."""
    found, offer = batches(visit.desk, visit.actor), offered(visit.desk, visit.actor)
    rows = [(each, described(each.chosen, offer, visit.say)) for each in found]
    return visit.page("batch/list.html.j2", rows=rows)


@area.get("/batch/new", action="batch.run")
def choose(visit: Here) -> Response:
    """Which cases, which move; with both chosen, what is stated with it."""
    query = visit.request.query_params
    sent = {name: query.get(name, "") for name in (*FILTERS, "move")}
    return _choosing(visit, sent, " ".join(query.getlist("no")))


@area.post("/batch/new", action="batch.run")
def preview(visit: Here) -> Response:
    """Freeze the batch; the page of the batch shows what was seen."""
    sent = {name: visit.field(name) for name in (*FILTERS, "move")}
    numbers = visit.field("no")
    try:
        choice = offered(visit.desk, visit.actor).moves.get(sent["move"])
        if choice is None:
            raise Refused("请先选择要办理的事项。")
        stated = {ask.key: text for ask in choice.asks if (text := visit.field(f"ask_{ask.key}"))}
        if visit.field("mode") not in ("all", "partial"):
            raise Refused("请先选择有申报不能办理时怎么办：全部能办才办，还是能办的先办。")
        selection = chosen(sent, numbers)
        count = count_chosen(visit.desk, selection, visit.actor)
        id_ = begin_batch(
            visit.desk, choice, selection, whole=visit.field("mode") == "all", inputs=stated, count=count,
            by=visit.actor, as_of=visit.as_of,
        )  # fmt: skip
    except Refused as refusal:
        return _choosing(visit, sent, numbers, refusal)
    send(visit.ground.installation, Errand(id_), cases=count)
    return visit.go(f"/batch/{id_}")


@area.get("/batch/{batch_id}", action="batch.see")
def show(visit: Here, batch_id: int) -> Response:
    """What it will do, or how far it is, or what became of it."""
    return _page(visit, _found(visit, batch_id))


@area.get("/batch/{batch_id}/progress", action="batch.see")
def progress(visit: Here, batch_id: int) -> Response:
    """How far it is; tells the page to load anew when there is nothing more to wait for."""
    batch = _found(visit, batch_id)
    gauge = read_gauge(visit.ground.installation.data, batch.id)
    answer = visit.page("batch/progress.html.j2", batch=batch, gauge=gauge)
    if batch.state not in (PREVIEWING, RUNNING) or interrupted(batch, gauge, visit.as_of):
        answer.headers["HX-Refresh"] = "true"
    return answer


@area.get("/batch/{batch_id}/letters", action="batch.see")
def letters(visit: Here, batch_id: int) -> Response:
    """The letters as they would be sent, one of each kind."""
    batch = _found(visit, batch_id)
    if not (_mine(visit, batch) or visit.may("letter.see")):
        raise NotAllowed(visit.say("batch.letters_not_yours"))
    if batch.state != "ready":
        raise Refused(visit.say("batch.letters_gone"))
    return visit.page(
        "batch/letters.html.j2", batch=batch, samples=sample_letters(visit.desk, batch, as_of=visit.as_of)
    )


@area.post("/batch/{batch_id}/run", action="batch.run")
def run(visit: Here, batch_id: int) -> Response:
    """Let it run: exactly what was previewed."""
    batch = _found(visit, batch_id)
    try:
        start(visit.desk, batch.id, by=visit.actor, as_of=visit.as_of)
    except ChangedSince as refusal:
        return _page(visit, batch, 409, refusal, refusal.changes)
    except Refused as refusal:
        return _page(visit, _found(visit, batch_id), 422, refusal)
    send(visit.ground.installation, Errand(batch.id, visit.actor, visit.as_of), cases=batch.total)
    return visit.go(f"/batch/{batch.id}")


@area.post("/batch/{batch_id}/cancel", action="batch.run")
def give_up(visit: Here, batch_id: int) -> Response:
    """Give it up before it runs."""
    batch = _found(visit, batch_id)
    cancel(visit.desk, batch.id, by=visit.actor, as_of=visit.as_of)
    return visit.go("/batch", visit.say("batch.cancelled_now"))


@area.post("/batch/{batch_id}/resume", action="batch.run")
def make_ready(visit: Here, batch_id: int) -> Response:
    """Make a batch ready again whose work was broken off."""
    batch = _found(visit, batch_id)
    resume(visit.desk, batch.id, visit.ground.installation.data, by=visit.actor, as_of=visit.as_of)
    return visit.go(f"/batch/{batch.id}", visit.say("batch.resumed"))


@area.get("/batch/{batch_id}/receipt.xlsx", action="batch.see")
def download_receipt(visit: Here, batch_id: int) -> Response:
    """A row for every case."""
    batch = _found(visit, batch_id)
    data = receipt(visit.desk, batch, stage_labels(visit.desk))
    return visit.answer(_file(data, XLSX, f"batch-{batch.id}.xlsx"))


@area.get("/batch/{batch_id}/minutes.docx", action="batch.see")
def download_minutes(visit: Here, batch_id: int) -> Response:
    """The minutes of a batch that ran."""
    batch = _found(visit, batch_id)
    words = described(batch.chosen, offered(visit.desk, visit.actor), visit.say)
    data = minutes(visit.desk, batch, stage_labels(visit.desk), words, by=visit.actor)
    return visit.answer(_file(data, DOCX, f"batch-{batch.id}-minutes.docx"))


def _found(visit: Visit, id_: int) -> Batch:
    batch = batch_of(visit.desk, id_, visit.actor)
    if batch is None:
        raise NotThere
    return batch


def _mine(visit: Visit, batch: Batch) -> bool:
    return (visit.actor.role, visit.actor.scope) == (batch.by.role, batch.by.scope)


def _choosing(visit: Visit, sent: dict[str, str], numbers: str, refusal: Refused | None = None) -> Response:
    offer = offered(visit.desk, visit.actor, sent["call"])
    count, selection = 0, None
    try:
        selection = chosen(sent, numbers[:LONGEST])
        count = count_chosen(visit.desk, selection, visit.actor)
    except Refused as wrong:
        refusal = refusal or wrong
    return visit.page(
        "batch/new.html.j2", 422 if refusal and visit.request.method == "POST" else 200, offer=offer, sent=sent,
        numbers=numbers, count=count, choice=offer.moves.get(sent["move"]), refusal=refusal,
        picked=selection is not None and not selection.is_empty,
        typed={name: visit.field(name) for name in visit.form} if visit.form else {},
        told=described(selection, offer, visit.say) if selection else "",
    )  # fmt: skip


def _page(
    visit: Visit,
    batch: Batch,
    status: int = 200,
    refusal: Refused | None = None,
    changes: list[Changed] | None = None,
) -> Response:
    after = visit.request.query_params.get("after", "")
    gauge = read_gauge(visit.ground.installation.data, batch.id)
    rows = rows_of(visit.desk, batch, after=int(after) if after.isdecimal() else 0)
    words: dict[str, Any] = {
        "labels": stage_labels(visit.desk), "routes": routes_of(visit.desk, batch),
        "reasons": reasons_of(visit.desk, batch), "owed": letters_of(visit.desk, batch), "rows": rows,
        "more": rows[-1].place if len(rows) == PAGE and rows[-1].place < batch.total else 0,
        "told": described(batch.chosen, offered(visit.desk, visit.actor), visit.say), "again": again(batch),
        "mine": _mine(visit, batch), "gauge": gauge, "broken": interrupted(batch, gauge, visit.as_of),
        "expired": batch.expired(visit.as_of), "refusal": refusal, "changes": changes or [], "after": after,
    }  # fmt: skip
    return visit.page("batch/batch.html.j2", status, batch=batch, **words)


def _file(data: bytes, kind: str, name: str) -> Response:
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
