"""What one may filter cases by: calls, stages, provinces, occupations, holders, as pairs of value and label."""

from casework.calls import kept_calls
from casework.desk import Desk
from casework.selection import Selection
from dashboard.visit import Visit
from states.places import OFFICES, PROVINCES
from states.roles import Role

FIELDS = ("call", "stage", "province", "occupation", "holder")
HOLDERS = (Role.APPLICANT, Role.RECOMMENDER, Role.OFFICE, Role.PANEL, Role.GROUP, Role.PROVINCE, Role.CLOCK)
Pairs = list[tuple[str, str]]


def choices(desk: Desk, any_word: str) -> dict[str, Pairs]:
    """The filter's lists; ``any_word`` stands first in each, for no filter."""
    calls: Pairs = []
    stages: dict[str, str] = {}
    occupations: dict[str, str] = {}
    for call in kept_calls(desk):
        calls.append((call.code, f"{call.code} {call.name}"))
        for track in call.rules.tracks:
            process = desk.processes.process(desk.processes.key_for(call.code, track))
            stages |= {key: stage.label for key, stage in process.stages.items() if key not in stages}
            occupations |= {each.code: each.title for each in process.rules.occupations.value}
    first = [("", any_word)]
    return {
        "call": first + calls,
        "stage": first + list(stages.items()),
        "province": first + [(office.region, office.short) for office in PROVINCES],
        "occupation": first + sorted(occupations.items()),
        "holder": first + [(str(role), role.label) for role in HOLDERS],
    }


def chosen(visit: Visit) -> Selection:
    """The filter of a request; empty fields do not narrow."""
    asked = visit.request.query_params
    return Selection(
        call=asked.get("call") or None, track=asked.get("track") or None, stage=asked.get("stage") or None,
        province=asked.get("province") or None, occupation=asked.get("occupation") or None,
        held_by=asked.get("holder") or None,
    )  # fmt: skip


def short_place(channel: str) -> str:
    """A channel's short name; its code when it is not known."""
    return OFFICES[channel].short if channel in OFFICES else channel
