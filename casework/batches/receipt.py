"""What a batch leaves in hand: a receipt with a row per case (.xlsx), and the minutes of the whole (.docx)."""

from collections.abc import Iterator, Mapping

from casework.actors import Actor
from casework.batches.kept import CANCELLED, DONE, REFUSED, Batch
from casework.batches.showing import letters_of, reasons_of, routes_of, rows_of
from casework.desk import Desk
from casework.papers.blanks import blank
from casework.papers.numbering import document_number
from casework.papers.rendering import filled
from casework.papers.wording import INTERNAL, Fields, Heading, Lines, Paper, Rows, Signatures
from casework.spreadsheets import Sheet, workbook
from records.transaction import transaction
from states.calendar import SHANGHAI
from states.refusals import Refused, cited
from states.roles import Role

CLAUSE, PAPER = "M24-7.1", "batch_minutes"
HEADINGS = ("申报编号", "申报单位", "办理前环节", "办理后环节", "结果", "原因", "依据")
WIDTHS = (20, 34, 16, 16, 12, 60, 14)
LISTED = 500
"""So many cases stand in the minutes; the rest stand in the receipt."""

MINUTES = Paper(
    "批", "批量办理记录", INTERNAL, CLAUSE,
    (
        Fields((
            ("办理事项", "{{ label }}"), ("清单编号", "{{ batch }}"), ("选择范围", "{{ chosen }}"),
            ("办理方式", "{{ mode }}"), ("预览", "{{ previewed }}"), ("执行", "{{ run }}"),
            ("结果", "{{ outcome }}"), ("清单SHA-256", "{{ digest }}"),
        )),
        Heading("一、办理去向"),
        Rows("routes", (("办理前环节", "stage"), ("办理后环节", "to"), ("件数", "count")), (6.0, 6.0, 4.0)),
        Heading("二、未办理的原因"),
        Rows("reasons", (("原因", "why"), ("件数", "count")), (13.0, 3.0)),
        Heading("三、通知"),
        Lines("line", "letters"),
        Heading("四、办理的申报"),
        Rows("cases", (("申报编号", "no"), ("申报单位", "institution"), ("办理后环节", "to")), (4.5, 7.5, 4.0)),
        Lines("line", "notes"),
        Signatures(("经办人", "复核人")),
    ),
)  # fmt: skip


def outcome_of(batch: Batch, row_goes: bool) -> str:
    """What became of one case, in a word."""
    if not row_goes:
        return "不能办理"
    return {DONE: "已办理", REFUSED: "未办理", CANCELLED: "未办理"}.get(batch.state, "待办理")


def receipt(desk: Desk, batch: Batch, labels: Mapping[str, str]) -> bytes:
    """The receipt as a workbook: texts are texts, never formulas."""
    return workbook(Sheet("办理结果", HEADINGS, _rows(desk, batch, labels), WIDTHS))


def _rows(desk: Desk, batch: Batch, labels: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    after = 0
    while rows := rows_of(desk, batch, after=after, most=2000):
        for row in rows:
            stage, to = labels.get(row.stage, row.stage), labels.get(row.to, row.to)
            yield row.no, row.institution, stage, to, outcome_of(batch, bool(row.to)), row.why, row.clause
        after = rows[-1].place


def minutes(desk: Desk, batch: Batch, labels: Mapping[str, str], chosen: str, *, by: Actor) -> bytes:
    """The minutes of a batch that ran, under a number of their own. Raises Refused for one that did not."""
    if batch.state != DONE or batch.started_at is None:
        raise Refused("清单尚未执行完毕，还没有办理记录。")
    with transaction(desk.engine) as tx:
        number = document_number(
            tx,
            "batch_minutes",
            MINUTES.character,
            str(batch.id),
            clause=CLAUSE,
            by=by,
            as_of=batch.started_at,
        )
    rows = [row for row in rows_of(desk, batch, most=100_000) if row.to]
    rest = len(rows) - LISTED
    content = {
        "number": number, "label": batch.label, "batch": str(batch.id), "chosen": chosen, "digest": batch.digest,
        "mode": "全部能办才办" if batch.whole else "能办的先办，其余不动",
        "previewed": f"{batch.made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}，{batch.by.role.label}{batch.by.name}",
        "run": f"{batch.started_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "outcome": f"办理{batch.going}件，未办理{batch.staying}件，应发通知{batch.letters}封",
        "routes": [{"stage": labels.get(each.stage, each.stage), "to": labels.get(each.to, each.to),
                    "count": each.count} for each in routes_of(desk, batch)],
        "reasons": [{"why": cited(each.why, each.clause), "count": each.count} for each in reasons_of(desk, batch)],
        "letters": [f"{each.subject}：{Role(each.role).label}，{each.count}封" for each in letters_of(desk, batch)]
        or ["无"],
        "cases": [{"no": row.no, "institution": row.institution, "to": labels.get(row.to, row.to)}
                  for row in rows[:LISTED]],
        "notes": [f"另有{rest}件，见办理结果表。"] if rest > 0 else [],
    }  # fmt: skip
    return filled(blank(MINUTES), content)
