"""Committing to a round: everything that could bend the draw is frozen and hashed before the digits are known."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.panels.access import Act, refuse_unless_does
from casework.panels.conflicts import conflicts_of_seats
from casework.panels.freezing import Frozen, freeze
from casework.panels.leaving import leave
from casework.panels.notes import note
from casework.panels.panel import CLAUSE, STATES, PanelView, change, panel_in
from casework.panels.planning import read_cases_anew
from casework.panels.rounds import keep_round, open_round, rounds_of
from casework.panels.seat import GONE, HOLDING, SeatView, seats_of
from casework.pool import availability
from casework.pool.members import members, members_by_code
from casework.recusal import exclusions
from records.transaction import Transaction, transaction
from states.calendar import day_of
from states.draw.frame import Constraints, Exclusion, Frame
from states.draw.lots import commitment as commitment_to
from states.recusal import Conflict
from states.refusals import Refused

GONE_CLAUSE = "M24-7.3c"


@dataclass(frozen=True, slots=True)
class Committed:
    """What is published before the digits are drawn: nothing in it names anybody.

    ``pool``, ``excluded`` and ``held`` are heads; ``held`` are among the excluded, left out undecided.
    """

    panel: str
    round: int
    seats: int
    frame_sha256: str
    commitment: str
    pool_sha256: str
    pool: int
    excluded: int
    held: int


def commit(
    desk: Desk,
    panel: str,
    *,
    by: Actor,
    as_of: datetime,
    secret: str | None = None,
    nonce: str | None = None,
    leave_out_held_because: str | None = None,
) -> Committed:
    """Freeze the pool, the exclusions and the constraints of a panel's first round, and commit to a secret.

    ``secret`` (64 hexadecimal characters) and ``nonce`` are random unless a rehearsal gives them. Conflicts held
    for a human must be decided first, or those experts left out for a reason in words. Raises Refused while
    another commitment is open, after the first draw (``replace``), when the pool has too few eligible experts
    (D-10), and for a commitment used before; nothing is written then.
    """
    return _commit(desk, panel, by, as_of, secret, nonce, leave_out_held_because, again=False)


def replace(
    desk: Desk,
    panel: str,
    *,
    by: Actor,
    as_of: datetime,
    secret: str | None = None,
    nonce: str | None = None,
    leave_out_held_because: str | None = None,
) -> Committed:
    """A fresh commitment for the vacancies alone: whoever holds a seat keeps it and counts for the constraints.

    Those who declined, kept silent or were found in conflict are excluded, each under its own rule. Recusal is
    asked anew, of those who sit too: who must go leaves first. Raises Refused as ``commit``, and without vacancy.
    """
    return _commit(desk, panel, by, as_of, secret, nonce, leave_out_held_because, again=True)


def _commit(
    desk: Desk,
    no: str,
    by: Actor,
    as_of: datetime,
    secret: str | None,
    nonce: str | None,
    because: str | None,
    *,
    again: bool,
) -> Committed:
    refuse_unless_does(by, Act.COMMIT)
    chosen = secret or secrets.token_hex(32)
    promise = commitment_to(chosen)
    with transaction(desk.engine) as tx:
        panel = panel_in(tx, no)
        refuse_unless_does(by, Act.COMMIT, panel.province)
        _refuse_out_of_turn(tx, panel, again=again)
        if not again and not read_cases_anew(tx, panel):
            raise Refused(f"专家组{panel.no}没有待评议的申报，不能抽取。", clause=CLAUSE)
        seats = seats_of(tx, panel.id)
        standing = _standing(tx, desk, panel, seats, as_of)
        vacancies = panel.size - len(standing)
        if vacancies == 0:
            raise Refused(f"专家组{panel.no}的{panel.size}个席位没有空缺，无须补抽。", clause=CLAUSE)
        frozen, frame, held = _freeze(
            tx, desk, panel, seats_of(tx, panel.id), standing, nonce or secrets.token_hex(32), as_of
        )
        _refuse_undecided(panel, held, because)
        _refuse_too_few(frame)
        keep_round(tx, panel, frame, chosen, promise, by.signature, as_of)
        if panel.state == "planned":
            change(tx, panel, as_of, state="committed")
        made = Committed(
            panel.no, frame.round, frame.seats, frame.sha256, promise, frame.pool.sha256, len(frozen.members),
            len({each.pseudonym for each in frame.exclusions}), len({each.expert for each in held}),
        )  # fmt: skip
        note(
            tx, "committed", panel.no, by, as_of, clause=CLAUSE, round=made.round, seats=made.seats,
            frame_sha256=made.frame_sha256, commitment=promise, pool_sha256=made.pool_sha256, pool=made.pool,
            excluded=made.excluded, held=made.held, because=because or "",
        )  # fmt: skip
    return made


def _freeze(
    tx: Transaction,
    desk: Desk,
    panel: PanelView,
    seats: Sequence[SeatView],
    standing: Sequence[SeatView],
    nonce: str,
    as_of: datetime,
) -> tuple[Frozen, Frame, list[Conflict]]:
    active = members(tx)
    codes = dict(
        tx.rows(
            f"SELECT id, code FROM expert WHERE {tx.among('id')}", (tx.listed([s.expert_id for s in seats]),)
        )
    )
    seated = members_by_code(tx, [codes[each.expert_id] for each in standing])
    frozen = freeze(tx, panel.call, active, seated, nonce, as_of)
    sit = {frozen.pseudonyms[codes[each.expert_id]] for each in standing}
    barred, held = exclusions(tx, desk, panel.id, day_of(as_of), pool=active)
    gone = [
        Exclusion(frozen.pseudonyms[codes[each.expert_id]], GONE[each.state], GONE_CLAUSE)
        for each in seats
        if each.state in GONE and codes[each.expert_id] in frozen.pseudonyms
    ]
    away = _away(tx, panel, frozen)
    decided = [each for each in barred if not (each.rule.endswith(":held") and each.pseudonym in away)]
    unable = [Exclusion(each, availability.RULE, availability.CLAUSE) for each in sorted(away)]
    out = [each for each in (*decided, *gone, *unable) if each.pseudonym not in sit]
    frame = Frame(
        panel.call, panel.occupation, len(rounds_of(tx, panel.id)) + 1, panel.size - len(standing),
        Constraints(panel.size, panel.per_employer, panel.per_province, panel.of_field),
        frozen.pool, tuple(out), tuple(sorted(sit)),
    )  # fmt: skip
    return frozen, frame, [each for each in held if frozen.pseudonyms[each.expert] not in sit | away]


def _away(tx: Transaction, panel: PanelView, frozen: Frozen) -> frozenset[str]:
    """The pseudonyms of those who cannot come on the day the panel meets; nobody while that day is not set."""
    if panel.meets_at is None:
        return frozenset()
    codes = availability.away_on(tx, day_of(panel.meets_at))
    return frozenset(frozen.pseudonyms[code] for code in codes if code in frozen.pseudonyms)


def _standing(
    tx: Transaction, desk: Desk, panel: PanelView, seats: Sequence[SeatView], as_of: datetime
) -> list[SeatView]:
    """Those who keep their seats; whoever recusal now speaks against leaves first."""
    holding = [each for each in seats if each.state in HOLDING]
    found = conflicts_of_seats(tx, panel, holding, day_of(as_of))
    for each in holding:
        if each.id in found.out:
            evidence = "；".join(conflict.evidence for conflict in found.out[each.id])
            leave(tx, desk, panel, each, "conflicted", as_of, why=evidence)
    return [each for each in holding if each.id not in found.out]


def _refuse_out_of_turn(tx: Transaction, panel: PanelView, *, again: bool) -> None:
    if (kept := open_round(tx, panel.id)) is not None:
        raise Refused(
            f"专家组{panel.no}第{kept.round}轮已公布承诺、尚未抽取，同时只能有一个承诺；请先完成抽取，或作废本轮。",
            clause=CLAUSE,
        )
    seated = bool(seats_of(tx, panel.id))
    if panel.state not in ("planned", "drawn", "confirmed") or (panel.state == "confirmed" and not again):
        raise Refused(f"专家组{panel.no}{STATES[panel.state]}，不能再抽取专家。", clause=CLAUSE)
    if seated and not again:
        raise Refused(
            f"专家组{panel.no}已抽取过，补抽空缺席位请用 linxuan draw replace {panel.no}。", clause=CLAUSE
        )
    if again and not seated:
        raise Refused(
            f"专家组{panel.no}还没有抽取过，首轮抽取请用 linxuan draw commit {panel.no}。", clause=CLAUSE
        )


def _refuse_undecided(panel: PanelView, held: Sequence[Conflict], because: str | None) -> None:
    if held and not (because or "").strip():
        count = len({each.expert for each in held})
        raise Refused(
            f"有{count}名专家的回避情形待人工核定（见 linxuan panel held {panel.no}），请先核定；"
            "不核定而不让其参加抽取的，须写明理由。",
            clause="M24-7.3b",
        )


def _refuse_too_few(frame: Frame) -> None:
    """What no digits could mend is said before anything is published."""
    out = {each.pseudonym for each in frame.exclusions} | set(frame.standing)
    eligible = [each for each in frame.pool.candidates if each.pseudonym not in out]
    if len(eligible) >= frame.seats:
        return
    in_field = sum(frame.occupation in each.fields for each in eligible)
    raise Refused(
        f"{frame.occupation}可抽专家{len(eligible)}人（本领域{in_field}人），不足{frame.seats}人；"
        "请扩大专家范围，或决定按件回避，并记录理由。",
        clause="D-10",
    )
