"""Opening: k officers together, after the close, after quorum and recusals were checked again (M24-7.3d, M24-7.3b)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from casework.audit import Entry, append
from casework.ballots.content import read_ballot
from casework.ballots.envelope import DoesNotOpen, fingerprint, key_from, opened, receipt
from casework.ballots.keys import joined
from casework.ballots.opened_set import TurnedAway, fingerprint_of, noted, opened_text, recount
from casework.ballots.panel import (
    CLAUSE,
    PanelOfCases,
    SeatAtPanel,
    panel_of,
    plan_of,
    seats_of,
)
from casework.ballots.presenting import SharesInHand, refuse_unless_closed
from casework.ballots.rechecking import Recheck, recheck_conflicts
from casework.desk import Desk
from records.crypt import encrypt
from records.transaction import Transaction, transaction
from states.facts import instant
from states.panels import PanelPlan
from states.refusals import Refused
from states.tally import short_of_quorum


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened: how many ballots count, and those that do not."""

    counted: int
    turned: tuple[TurnedAway, ...]
    opened_set: str


@dataclass(frozen=True, slots=True)
class _Envelope:
    seat: SeatAtPanel
    sealed: str
    receipt: str


def open_ballots(
    desk: Desk, panel_id: int, hand: SharesInHand, *, as_of: datetime, recheck: Recheck = recheck_conflicts
) -> Opened:
    """Open the ballots of a panel with the shares in hand, and keep what came out.

    In one transaction; a refusal changes nothing but is itself recorded. Ballots that are late, foreign, altered
    or of somebody barred are named and not opened. Raises Refused when too few officers are there, when conflicts
    wait for a human, when the quorum is not met, and when the key was exchanged.
    """
    officers = hand.officers(panel_id, as_of)
    try:
        with transaction(desk.engine) as tx:
            done = _open(tx, desk, panel_of(tx, panel_id), hand, officers, recheck, as_of)
    except Refused as refusal:
        with transaction(desk.engine) as tx:
            no = panel_of(tx, panel_id).no
            detail = {"panel": no, "officers": len(officers), "why": refusal.clause or ""}
            clause = refusal.clause or CLAUSE
            append(
                tx,
                [
                    Entry(
                        as_of,
                        as_of,
                        _signed(officers),
                        "ballot",
                        "open_refused",
                        clause=clause,
                        detail=detail,
                    )
                ],
            )
        raise
    hand.forget(panel_id)
    return done


def _open(
    tx: Transaction, desk: Desk, panel: PanelOfCases, hand: SharesInHand, officers: Sequence[str],
    recheck: Recheck, as_of: datetime,
) -> Opened:  # fmt: skip
    refuse_unless_closed(panel, as_of)
    if len(officers) < max(panel.needed, 2):
        raise Refused(
            f"开启选票须{panel.needed}名开启人在30分钟内共同到场，现有{len(officers)}名；任何一人不得单独开启。",
            clause=CLAUSE,
        )
    assert panel.public_key is not None
    if fingerprint(panel.public_key) not in noted(tx, panel, "prepare_keys", "key")[-1:]:
        raise Refused("本专家组的公钥与准备密钥时的记录不符，可能被调换，请停止开启并核查。", clause=CLAUSE)
    standing = recheck(tx, panel, as_of)
    if standing.held:
        raise Refused(f"开启前复查回避，尚有待核定的情形：{'；'.join(standing.held)}", clause="M24-7.3b")
    plan = plan_of(desk, panel)
    seats = {seat.id: seat for seat in seats_of(tx, panel.id)}
    recused = {id_: standing.recused.get(id_, frozenset()) for id_ in seats}
    envelopes, turned = _on_file(tx, panel, seats, standing.barred)
    _refuse_short(panel, plan, [each.seat.id for each in envelopes], recused)
    key = key_from(joined(hand.together(panel.id, as_of), panel.needed, panel.public_key))
    found: list[tuple[_Envelope, dict[str, Any]]] = []
    for envelope in envelopes:
        content = _content(envelope, key, panel)
        if content is None:
            turned.append(TurnedAway(envelope.receipt, "altered"))
        else:
            numbers = {panel.cases[case] for case in recused[envelope.seat.id] if case in panel.cases}
            found.append((envelope, _without(content, numbers)))
    _refuse_short(panel, plan, [envelope.seat.id for envelope, _ in found], recused)
    receipts = [envelope.receipt for envelope, _ in found]
    text = opened_text(panel, [content for _, content in found], receipts, turned)
    counted = recount(text, plan)
    _keep(tx, panel, text, counted.counted, counted.turned, officers, as_of)
    return Opened(counted.counted, counted.turned, text)


def _on_file(
    tx: Transaction, panel: PanelOfCases, seats: Mapping[int, SeatAtPanel], barred: frozenset[int]
) -> tuple[list[_Envelope], list[TurnedAway]]:
    """The ballots as they were cast, held against the audit log: what it does not tell of was put in later."""
    cast = Counter(noted(tx, panel, "cast", "receipt"))
    envelopes: list[_Envelope] = []
    turned: list[TurnedAway] = []
    voted: set[int] = set()
    rows = tx.rows(
        "SELECT seat_id, sealed, receipt, cast_at FROM ballot WHERE panel_id = ? ORDER BY id", (panel.id,)
    )
    for seat_id, sealed, number, cast_at in rows:
        at = instant(cast_at)
        assert at is not None
        if receipt(sealed) != number:
            why = "altered"
        elif not cast[number] or seat_id not in seats:
            why = "foreign"
        elif panel.closes_at is None or at >= panel.closes_at:
            why = "late"
        elif seat_id in voted:
            why = "duplicate"
        elif seat_id in barred:
            why = "barred"
        else:
            why = ""
            envelopes.append(_Envelope(seats[seat_id], sealed, number))
        voted.add(seat_id)
        if why:
            turned.append(TurnedAway(number, why))
    on_file = {row[2] for row in rows}
    turned += [TurnedAway(number, "missing") for number in sorted(cast) if number not in on_file]
    return envelopes, turned


def _refuse_short(
    panel: PanelOfCases, plan: PanelPlan, seats: Iterable[int], recused: Mapping[int, frozenset[int]]
) -> None:
    voting = list(seats)
    present = {
        no: sum(id_ not in recused[seat] for seat in voting)
        for id_, no in panel.cases.items()
        if id_ in panel.in_review
    }
    short = short_of_quorum(present, panel.numbers_in_review, plan)
    if short:
        more = f"另有{len(short) - 1}件同样不足。" if len(short) > 1 else ""
        raise Refused(f"{short[0]}{more}", clause=CLAUSE)


def _content(envelope: _Envelope, key: X25519PrivateKey, panel: PanelOfCases) -> dict[str, Any] | None:
    try:
        return read_ballot(opened(envelope.sealed, key, panel.no, envelope.seat.pseudonym), panel.no)
    except (DoesNotOpen, ValueError):
        return None


def _without(content: Mapping[str, Any], recused: set[str]) -> dict[str, Any]:
    """The ballot without votes on cases its voter turned out not to judge."""
    votes = [each for each in content["votes"] if each["case"] not in recused]
    return {**content, "votes": votes, "recused": sorted(recused | set(content["recused"]))}


def _keep(
    tx: Transaction, panel: PanelOfCases, text: str, counted: int, turned: Sequence[TurnedAway],
    officers: Sequence[str], as_of: datetime,
) -> None:  # fmt: skip
    tx.run(
        "INSERT INTO opened_set (panel_id, opened_at, opened_by, ballots) VALUES (?,?,?,?)",
        (panel.id, as_of, "、".join(officers), encrypt(text)),
    )
    tx.run(
        "DELETE FROM score_sheet WHERE seat_id IN (SELECT id FROM seat WHERE panel_id = ?)",
        (panel.id,),
    )
    tx.run(
        "UPDATE panel SET state = 'opened', version = version + 1, updated_at = ? WHERE id = ?",
        (as_of, panel.id),
    )
    detail = {
        "panel": panel.no, "counted": counted, "turned": dict(Counter(each.why for each in turned)),
        "opened_set": fingerprint_of(text), "officers": list(officers),
    }  # fmt: skip
    append(
        tx, [Entry(as_of, as_of, _signed(officers), "ballot", "open_ballots", clause=CLAUSE, detail=detail)]
    )


def _signed(officers: Sequence[str]) -> str:
    return f"office:{'、'.join(officers) or '无人'}"
