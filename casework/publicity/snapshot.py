"""What a publicity says, once and for good: who publishes, where, how long, and who stands on the list."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from states.anchors import publicity_period
from states.calendar import SHANGHAI, Calendar
from states.call_rules import TrackRules
from states.labels import DECIDERS, SITES, TRACKS
from states.occupations import find_occupation
from states.places import OFFICES

FORMAT = "linxuan publicity 1"
ORDER = "按职业代码、机构名称、申报编号排列，与评议排名无关"
"""The order of the list: by the code points of these texts, which tell nothing of how anybody was ranked."""


class Shown(NamedTuple):
    """One institution and occupation as the public reads it."""

    no: str
    occupation: str
    levels: str
    institution: str
    uscc: str
    province: str


def publishing_office(rules: TrackRules, province: str) -> str:
    """The code of the province that publishes (P50), or empty where it is done for the nation (CQ23-1.4)."""
    return f"P{province}" if rules.publisher.value == "province" else ""


def publisher_of(rules: TrackRules, office: str) -> str:
    """Who publishes, in words, from ``publishing_office``."""
    return OFFICES[office].name if office else DECIDERS[rules.publisher.value]


def title_of(rules: TrackRules) -> str:
    """What the list is called."""
    return f"{rules.name}{TRACKS[rules.track]}机构拟入选名单"


def snapshot(
    rules: TrackRules,
    office: str,
    no: str,
    posted_at: datetime,
    calendar: Calendar,
    shown: Iterable[Shown],
    *,
    corrects: str = "",
    correction: str = "",
) -> dict[str, Any]:
    """A publicity posted at an aware instant as plain JSON; the same input gives the same content.

    ``corrects`` is the number of the publicity it takes the place of, ``correction`` what was corrected (D-2).
    """
    period = publicity_period(posted_at, rules, calendar)
    return {
        "format": FORMAT,
        "no": no,
        "title": title_of(rules),
        "call": rules.code,
        "call_name": rules.name,
        "track": rules.track,
        "publisher": publisher_of(rules, office),
        "publisher_clause": rules.publisher.clause,
        "sites": [SITES[site] for site in rules.publication.value],
        "sites_clause": rules.publication.clause,
        "clause": rules.publicity.clause,
        "posted_at": posted_at.astimezone(SHANGHAI).isoformat(),
        "working_days": len(period.counted),
        "last_day": str(period.day),
        "explanation": period.explanation(),
        "provisional": period.provisional,
        "calendar": period.edition,
        "order": ORDER,
        "corrects": corrects,
        "correction": correction,
        "entries": [_entry(each, rules) for each in sorted(shown, key=_neutral)],
    }


def last_day_in(content: dict[str, Any]) -> date:
    """The last day a snapshot names."""
    return date.fromisoformat(content["last_day"])


def _neutral(each: Shown) -> tuple[str, str, str]:
    return each.occupation, each.institution, each.no


def _entry(each: Shown, rules: TrackRules) -> dict[str, str]:
    occupation = find_occupation(each.occupation, rules.occupations.value)
    return {
        "no": each.no,
        "occupation": occupation.code,
        "occupation_title": occupation.title,
        "levels": each.levels,
        "institution": each.institution,
        "uscc": each.uscc,
        "province": OFFICES[f"P{each.province}"].full,
    }
