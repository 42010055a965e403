"""The vote for the office: keys, how many ballots came, the opening by several officers, the count (M24-7.3d)."""

from fastapi import Response

from casework.ballots.counting import count_ballots
from casework.ballots.keys import prepare_keys
from casework.ballots.opening import open_ballots
from casework.ballots.presenting import SharesInHand, present
from casework.ballots.progress import CountedAgain, count_again, progress
from casework.panels.ceremony import version_of
from casework.panels.panel import BEFORE_VOTING
from dashboard.area import Here
from dashboard.panels.site import acted, area, number_typed, panel_page
from dashboard.visit import Visit
from records.transaction import transaction
from states.occupations import OCCUPATIONS
from states.refusals import Refused

ROWS = 5
"""How many officers the form has room for."""


@area.get("/panels/{panel_no}/ballots", action="ballots.open")
def show_ballots(visit: Here, panel_no: str) -> Response:
    """How far the vote has come: numbers, never a ballot."""
    return page(visit, panel_no, 200, None)


@area.get("/panels/{panel_no}/ballots/recount", action="panel.members")
def recount(visit: Here, panel_no: str) -> Response:
    """The opened set counted once more, changing nothing."""
    no = panel_page(visit, panel_no).line.no
    try:
        again = count_again(visit.desk, no, actor=visit.actor)
    except Refused as refusal:
        return page(visit, no, 422, refusal)
    return page(visit, no, 200, None, again)


@area.post("/panels/{panel_no}/ballots/keys", action="panel.plan")
def make_keys(visit: Here, panel_no: str) -> Response:
    """Make the key; every officer types a passphrase of their own, twice."""

    def act(no: str) -> str:
        typed: dict[str, str] = {}
        for row in range(ROWS):
            login = visit.field(f"login-{row}").lower()
            if not login:
                continue
            passphrase = str(visit.form.get(f"passphrase-{row}", ""))
            if passphrase != str(visit.form.get(f"again-{row}", "")):
                raise Refused(f"{login} 两次输入的口令不一致，请重新输入。", clause="M24-7.3d")
            if login in typed:
                raise Refused("同一开启人写了两次，请每人只写一次。", clause="M24-7.3d")
            typed[login] = passphrase
        needed = number_typed(visit.field("needed"), "须到场人数") or 0
        id_ = progress(visit.desk, no, None, actor=visit.actor, as_of=visit.as_of).id
        with transaction(visit.desk.engine) as tx:
            shown = prepare_keys(tx, id_, typed, needed, by=visit.actor, as_of=visit.as_of)
        return visit.say("panels.keys_made", key=shown)

    return acted(visit, panel_no, page, act, "/panels/{no}/ballots")


@area.post("/panels/{panel_no}/ballots/present", action="ballots.open")
def present_share(visit: Here, panel_no: str) -> Response:
    """One officer presents a share by passphrase; it is held in this process's memory for half an hour."""

    def act(no: str) -> str:
        id_ = progress(visit.desk, no, None, actor=visit.actor, as_of=visit.as_of).id
        hand = visit.ground.shares.setdefault(id_, SharesInHand())
        done = present(
            visit.desk, id_, visit.field("login").lower(), str(visit.form.get("passphrase", "")), hand,
            as_of=visit.as_of,
        )  # fmt: skip
        return visit.say("panels.presented", present=done.present, needed=done.needed)

    return acted(visit, panel_no, page, act, "/panels/{no}/ballots")


@area.post("/panels/{panel_no}/ballots/open", action="ballots.open")
def open_now(visit: Here, panel_no: str) -> Response:
    """Open the ballots with the shares of the officers who are there."""

    def act(no: str) -> str:
        id_ = progress(visit.desk, no, None, actor=visit.actor, as_of=visit.as_of).id
        hand = visit.ground.shares.setdefault(id_, SharesInHand())
        made = open_ballots(visit.desk, id_, hand, as_of=visit.as_of)
        return visit.say("panels.opened", counted=made.counted, turned=len(made.turned))

    return acted(visit, panel_no, page, act, "/panels/{no}/ballots")


@area.post("/panels/{panel_no}/ballots/tally", action="ballots.tally")
def tally(visit: Here, panel_no: str) -> Response:
    """Count; whoever does so decides and releases nothing afterwards."""

    def act(no: str) -> str:
        id_ = progress(visit.desk, no, None, actor=visit.actor, as_of=visit.as_of).id
        counted = count_ballots(visit.desk, id_, by=visit.actor, as_of=visit.as_of)
        left = "、".join(counted.unsettled)
        if left:
            return visit.say(
                "panels.tallied_but", ballots=counted.ballots, cases=counted.concluded, left=left
            )
        return visit.say("panels.tallied", ballots=counted.ballots, cases=counted.concluded)

    return acted(visit, panel_no, page, act, "/panels/{no}/ballots")


def page(
    visit: Visit, no: str, status: int, refusal: Refused | None, again: CountedAgain | None = None
) -> Response:
    """The page of the vote, with what was refused."""
    found = panel_page(visit, no)
    line = found.line
    with_hand = progress(visit.desk, line.no, None, actor=visit.actor, as_of=visit.as_of)
    hand = visit.ground.shares.get(with_hand.id)
    vote = progress(visit.desk, line.no, hand, actor=visit.actor, as_of=visit.as_of) if hand else with_hand
    return visit.page(
        "panels/ballots.html.j2", status, panel=found, line=line, vote=vote, refusal=refusal, again=again, rows=range(ROWS),
        version=version_of(visit.desk, line.no), before=line.state in BEFORE_VOTING,
        occupation=OCCUPATIONS[line.occupation],
        over=found.closes_at is not None and found.closes_at <= visit.as_of and line.state in ("voting", "closed"),
    )  # fmt: skip
