"""Who cannot come on a day, as their sheet says: known before the draw, and published with it (M24-7.3d)."""

from datetime import date

from casework.pool.profile import profile_from
from records.transaction import Transaction

RULE, LABEL, CLAUSE = "P-5", "开会当日不能参加", "M24-7.3d"
"""The rule under which those who cannot come stand among the excluded: the panel meets, discusses and votes."""


def away_on(tx: Transaction, day: date) -> frozenset[str]:
    """The codes of active experts whose days on record leave this Shanghai day out; who named none can come."""
    rows = tx.rows(
        "SELECT code, profile FROM expert WHERE state = 'active' AND profile LIKE ?", ('%"available":[%',)
    )
    return frozenset(code for code, profile in rows if not _can_come(profile, day))


def _can_come(profile: str, day: date) -> bool:
    spans = profile_from(profile).available
    return spans is None or any(first <= day <= last for first, last in spans)
