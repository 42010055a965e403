"""What is to be published now: the directory of each track, for each audience (I21-4.1, I21-4.5, M24-7.5)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from casework.desk import Desk
from casework.directory import Entry, entries
from casework.duties.fees import Schedule, public_fees
from casework.publication.receivers import Receiver
from casework.publicity.snapshot import publisher_of, publishing_office
from states.call_rules import TrackRules
from states.labels import TRACKS
from states.places import OFFICES
from states.rulebook import regime_on


@dataclass(frozen=True, slots=True)
class Content:
    """Something to be published for one audience. ``says`` is plain JSON, and holds nothing personal.

    ``object`` names it for good; ``wanted_by`` and ``until`` are set for a list under publicity: the first instants
    after the first day that counts, and after the last.
    """

    object: str
    kind: str
    title: str
    clause: str
    says: Mapping[str, Any]
    wanted_by: datetime | None = None
    until: datetime | None = None


def directories(desk: Desk, receivers: Iterable[Receiver], on: date) -> Iterator[Content]:
    """The directory of a Shanghai day by track and audience: the entries whose call asks for that site."""
    listed, fees = entries(desk.engine, on=on, processes=desk.processes), public_fees(desk.engine, on)
    clause = regime_on(on).selection.publication.clause or "I21-4.1"

    @cache
    def rules(call: str, track: str) -> TrackRules:
        return desk.processes.process(desk.processes.key_for(call, track)).rules

    for receiver in _by_audience(receivers):
        for track, label in TRACKS.items():
            chosen = [
                each
                for each in listed
                if each.track == track
                and receiver.site in rules(each.call, track).publication.value
                and receiver.province in ("", each.province)
            ]
            says = {
                "track": track,
                "entries": [_entry(each, rules(each.call, track), fees.get(each.no)) for each in chosen],
            }
            yield Content(
                f"directory/{track}@{receiver.audience}", "directory", f"{label}机构目录", clause, says
            )


def _by_audience(receivers: Iterable[Receiver]) -> Iterable[Receiver]:
    return {receiver.audience: receiver for receiver in receivers}.values()


def _entry(entry: Entry, rules: TrackRules, fees: Schedule | None) -> dict[str, Any]:
    return {
        "occupation": entry.occupation.code,
        "occupation_title": entry.occupation.title,
        "levels": entry.levels,
        "institution": entry.institution,
        "uscc": entry.uscc,
        "province": OFFICES[f"P{entry.province}"].full,
        "recommender": entry.recommender,
        "call": entry.call,
        "term": entry.number,
        "from": str(entry.first_day),
        "to": str(entry.last_day),
        "status": entry.status,
        "no": entry.no,
        "fees": fees.record() if fees else None,
        "address": entry.address,
        "phone": entry.phone,
        "mailbox": entry.mailbox,
        "publisher": publisher_of(rules, publishing_office(rules, entry.province)),
    }
