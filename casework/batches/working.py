"""The work on a batch: begun, previewed, started, carried out in one transaction, or given up.

What is written about a batch's end is written with its cases: whoever looks after a crash finds either both or
neither.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casework.access.policy import refuse_unless_may
from casework.actors import Actor
from casework.audit import Entry, append
from casework.batches.changed import Changed, changed_in, told
from casework.batches.choosing import MOST, Choice
from casework.batches.gauge import Gauge, Reading, drop_gauge, read_gauge
from casework.batches.kept import (
    CANCELLED,
    DONE,
    PREVIEWING,
    READY,
    REFUSED,
    RUNNING,
    Batch,
    batch_in,
    plan_in,
)
from casework.batches.receipt import CLAUSE, MINUTES, PAPER
from casework.desk import Desk
from casework.inputs import checked
from casework.papers.numbering import document_number
from casework.plans import Plan, digest, marked, preview, run_in
from casework.selection import Selection
from records.transaction import Transaction, transaction
from states.refusals import Refused

KEPT_FOR = timedelta(hours=24)
"""So long a preview may be run."""
STARTS_WITHIN = timedelta(seconds=60)
"""A worker that has not begun by then will not."""
BROKEN = "执行中系统出错，整批未办理，没有任何申报被改动；请稍后重新预览，仍不能办理的请联系系统管理员。"

log = logging.getLogger(__name__)


class ChangedSince(Refused):
    """Something in a batch changed since its preview; nothing was done. ``changes`` says what, by whom and when."""

    def __init__(self, changes: list[Changed]) -> None:
        more = f"等{len(changes)}件" if len(changes) > 1 else ""
        super().__init__(f"预览之后有变动，整批未办理：{told(changes[0])}{more}。请重新预览。")
        self.changes = changes


def begin_batch(
    desk: Desk,
    choice: Choice,
    selection: Selection,
    *,
    whole: bool,
    inputs: Mapping[str, Any],
    count: int,
    by: Actor,
    as_of: datetime,
) -> int:
    """Put a batch on record, to be previewed; its id. ``count`` is how many cases are chosen.

    Raises Refused when nothing or too much is chosen, or something stated is missing or wrong.
    """
    refuse_unless_may(by, "batch.run")
    if selection.is_empty:
        raise Refused("没有选中任何申报：请至少选择一个条件，或填写申报编号。")
    if count == 0:
        raise Refused("按所给条件没有找到申报，请修改条件。")
    if count > MOST:
        raise Refused(f"一次最多办理{MOST}件，所选超过此数，请缩小范围分几次办理。")
    values = {key: value for key, value in checked(choice.move, inputs).items() if value is not None}
    with transaction(desk.engine) as tx:
        return int(
            tx.run(
                "INSERT INTO batch (move, label, whole, role, scope, name, chosen, inputs, state, made_at, expires_at,"
                " digest, total, going, letters, run_by, why, clause)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,'',?,0,0,'','','') RETURNING id",
                (choice.name, choice.label, whole, str(by.role), by.scope, by.name,
                 json.dumps(asdict(selection), ensure_ascii=False),
                 json.dumps({key: marked(value) for key, value in values.items()}, ensure_ascii=False),
                 PREVIEWING, as_of, as_of + KEPT_FOR, count),
            ).fetchone()[0]
        )  # fmt: skip


def foresee(desk: Desk, id_: int, data: Path) -> None:
    """Preview a batch and freeze what was seen. A refusal is kept with the batch."""
    with Gauge(data, id_) as gauge:
        with transaction(desk.engine) as tx:
            batch = batch_in(tx, id_)
        if batch is None or batch.state != PREVIEWING:
            return
        try:
            plan = preview(
                desk,
                batch.move,
                batch.chosen,
                by=batch.by,
                as_of=batch.made_at,
                inputs=batch.inputs,
                progress=gauge,
            )
        except Refused as refusal:
            _end(desk, id_, REFUSED, refusal, batch.made_at)
            return
        except Exception:
            log.exception("batch %s: the preview broke", id_)
            _end(desk, id_, REFUSED, Refused(BROKEN), batch.made_at)
            return
        with transaction(desk.engine) as tx:
            _freeze(tx, id_, plan)


def start(desk: Desk, id_: int, *, by: Actor, as_of: datetime) -> Batch:
    """Let a previewed batch run; whoever calls this sees to it that ``carry_out`` follows.

    Raises Refused for another hand, a batch that waited too long, is blocked, or not ready any more, and
    ChangedSince when a case is not as it was seen.
    """
    refuse_unless_may(by, "batch.run")
    with transaction(desk.engine) as tx:
        batch = batch_in(tx, id_, by)
        if batch is None:
            raise Refused("没有这个批量办理清单。")
        if (by.role, by.scope) != (batch.by.role, batch.by.scope):
            raise Refused(f"该清单由{batch.by.role.label}“{batch.by.name}”作出，不能以其他身份执行。")
        if batch.state != READY:
            raise Refused("该清单已经执行、取消或尚未预览完，不能再次执行。")
        if batch.expired(as_of):
            raise Refused("该清单预览后已超过24小时，情况可能已有变化，请重新预览。")
        if batch.blocked:
            raise Refused(_blocked(batch))
        if changes := changed_in(tx, desk, id_):
            raise ChangedSince(changes)
        if digest(plan_in(tx, batch)) != batch.digest:
            raise Refused("该清单在预览后被改动过，不能执行，请重新预览。")
        tx.run(
            "UPDATE batch SET state = ?, started_at = ?, run_by = ? WHERE id = ?",
            (RUNNING, as_of, by.signature, id_),
        )
        return batch


def carry_out(desk: Desk, id_: int, data: Path, *, by: Actor, as_of: datetime) -> None:
    """Do it: all cases and the word that it was done, in one transaction. A refusal is kept with the batch."""
    with Gauge(data, id_) as gauge:
        try:
            with transaction(desk.engine) as tx:
                batch = batch_in(tx, id_)
                if batch is None or batch.state != RUNNING:
                    return
                document_number(tx, PAPER, MINUTES.character, str(id_), clause=CLAUSE, by=by, as_of=as_of)
                outcome = run_in(tx, desk, plan_in(tx, batch), by=by, as_of=as_of, progress=gauge)
                tx.run(
                    "UPDATE batch SET state = ?, ended_at = ?, letters = ? WHERE id = ?",
                    (DONE, as_of, outcome.letters, id_),
                )
        except Refused as refusal:
            _end(desk, id_, REFUSED, refusal, as_of)
        except Exception:
            log.exception("batch %s: the run broke", id_)
            _end(desk, id_, REFUSED, Refused(BROKEN), as_of)


def cancel(desk: Desk, id_: int, *, by: Actor, as_of: datetime) -> None:
    """Give up a batch that has not run. Raises Refused when it runs, ran, or is another's."""
    with transaction(desk.engine) as tx:
        ended = tx.run(
            "UPDATE batch SET state = ?, ended_at = ? WHERE id = ? AND state IN (?, ?) AND role = ? AND scope = ?",
            (CANCELLED, as_of, id_, READY, PREVIEWING, str(by.role), by.scope),
        )
        if ended.rowcount != 1:
            raise Refused("该清单正在执行、已经结束，或者由其他身份作出，不能取消。")
        append(tx, [Entry(as_of, as_of, by.signature, "batch", "cancel", detail={"batch": id_})])


def resume(desk: Desk, id_: int, data: Path, *, by: Actor, as_of: datetime) -> None:
    """Make a batch ready again whose worker is gone: nothing of it was done. Raises Refused while one may work."""
    with transaction(desk.engine) as tx:
        batch = batch_in(tx, id_, by)
        if batch is None or not interrupted(batch, read_gauge(data, id_), as_of):
            raise Refused("该清单没有中断，不需要恢复。")
        back = READY if batch.state == RUNNING else CANCELLED
        tx.run("UPDATE batch SET state = ?, started_at = NULL, run_by = '' WHERE id = ?", (back, id_))
        append(tx, [Entry(as_of, as_of, by.signature, "batch", "resume", detail={"batch": id_})])
    drop_gauge(data, id_)


def interrupted(batch: Batch, gauge: Reading, as_of: datetime) -> bool:
    """Whether the worker of a batch that should be at work is gone. Nothing was done then."""
    if batch.state not in (PREVIEWING, RUNNING) or gauge.working:
        return False
    since = batch.started_at or batch.made_at
    return as_of >= since + STARTS_WITHIN


def _blocked(batch: Batch) -> str:
    if batch.going == 0:
        return "清单中没有可以办理的申报，不能执行。"
    return (
        f"您选择了“全部能办才办”，其中{batch.staying}件不能办理，整批不能执行；可以改选“能办的先办”重新预览。"
    )


def _freeze(tx: Transaction, id_: int, plan: Plan) -> None:
    tx.many(
        "INSERT INTO batch_line (batch_id, place, case_number, no, version, stage, to_stage, why, clause)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        (
            (id_, place, line.id, line.no, line.version, line.stage, line.to, line.why, line.clause)
            for place, line in enumerate(plan.lines, 1)
        ),
    )
    tx.many(
        "INSERT INTO batch_letter (batch_id, letter, role, count, subject) VALUES (?,?,?,?,?)",
        ((id_, each.letter, each.role, each.count, each.subject) for each in plan.owed),
    )
    tx.run(
        "UPDATE batch SET state = ?, digest = ?, total = ?, going = ?, letters = ? WHERE id = ? AND state = ?",
        (READY, digest(plan), len(plan.lines), len(plan.going), plan.letters, id_, PREVIEWING),
    )


def _end(desk: Desk, id_: int, state: str, refusal: Refused, at: datetime) -> None:
    with transaction(desk.engine) as tx:
        tx.run(
            "UPDATE batch SET state = ?, why = ?, clause = ?, ended_at = ? WHERE id = ?",
            (state, refusal.sentence, refusal.clause or "", at, id_),
        )
