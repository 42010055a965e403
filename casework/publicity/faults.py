"""What must be true of publicities and objections, for the invariant check."""

from collections.abc import Iterator

from records.transaction import Transaction
from states.draw.canonical import digest


def publicity_faults(tx: Transaction) -> Iterator[str]:
    """Snapshots that lost their hash, posted cases on no list, and objections that do not count as they should."""
    for no, hash_, written in tx.rows("SELECT no, sha256, snapshot FROM publicity ORDER BY id"):
        if digest(written) != hash_:
            yield f"公示{no}：内容与发布时的哈希不一致（M24-7.4）"
    for (no,) in tx.rows(
        "SELECT c.no FROM cases c WHERE c.posted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM publicity_case l"
        " JOIN publicity p ON p.id = l.publicity_id WHERE l.case_id = c.id AND p.posted_at = c.posted_at) ORDER BY c.no"
    ):
        yield f"{no}：没有与公示时间相符的公示记录（M24-7.4）"
    for no, counted, open_ in tx.rows(
        "SELECT no, objections_open, open_rows FROM (SELECT c.no, c.objections_open,"
        " (SELECT count(*) FROM objection o WHERE o.case_id = c.id AND o.outcome = '') AS open_rows FROM cases c"
        " WHERE c.stage = 'publicity') counted WHERE objections_open <> open_rows ORDER BY no"
    ):
        yield f"{no}：未办结异议登记{open_}件，应为{counted}件（D-2）"
