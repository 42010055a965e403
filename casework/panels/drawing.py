"""The draw in the database: public digits typed by a supervisor, seats filled, invitations owed, all at once."""

import json
from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.panels import timers
from casework.panels.access import Act, refuse_unless_does
from casework.panels.inviting import invite, seat_drawn
from casework.panels.notes import note
from casework.panels.panel import CLAUSE, PanelView, change, panel_in
from casework.panels.rounds import RoundView, committed, open_round, rounds_of
from casework.panels.seat import seats_of
from records.transaction import Transaction, transaction
from states.calendar import SHANGHAI
from states.draw.certificate import Ceremony, certify
from states.draw.lots import attempt, seed_from, too_few
from states.facts import instant
from states.refusals import Refused

LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Drew:
    """What came of a round: pseudonyms only. ``certificate_sha256`` is the fingerprint of the public certificate."""

    panel: str
    round: int
    seats: tuple[str, ...]
    eligible: int
    certificate_sha256: str


def draw(desk: Desk, panel: str, *, digits: str, source: str, supervisor: Actor, as_of: datetime) -> Drew:
    """Draw the committed round of a panel, seat the experts and owe their invitations, in one transaction.

    ``digits`` are 6 to 40 public digits as typed, ``source`` says where they came from; the supervisor is not who
    committed. Raises Refused, leaving everything as it was, for all that is wrong with these; and with D-10 when
    the eligible experts cannot fill the seats: that round is closed as void then, with its digits on record.
    """
    refuse_unless_does(supervisor, Act.SUPERVISE)
    said = _source(source)
    with transaction(desk.engine) as tx:
        view = panel_in(tx, panel)
        refuse_unless_does(supervisor, Act.SUPERVISE, view.province)
        kept = _open(tx, view)
        _refuse_own_commitment(kept, supervisor)
        if as_of < kept.committed_at:
            raise Refused("抽取时间早于公布承诺的时间，请核对。", clause=CLAUSE)
        seed_from("0" * 64, digits, kept.frame_sha256)
        made = _draw(tx, desk, view, kept, digits, said, supervisor, as_of)
    if isinstance(made, Refused):
        raise Refused(
            f"专家组{view.no}第{kept.round}轮抽取作废，没有人入选：{made.sentence}", clause=made.clause
        )
    return made


def abandon(desk: Desk, panel: str, *, because: str, by: Actor, as_of: datetime) -> None:
    """Give up a committed round before it is drawn; its number and reason stay on record, its secret stays secret.

    Raises Refused when no round is open, or without a reason.
    """
    refuse_unless_does(by, Act.COMMIT)
    if not because.strip():
        raise Refused("作废已公布的承诺须写明理由。", clause=CLAUSE)
    with transaction(desk.engine) as tx:
        view = panel_in(tx, panel)
        refuse_unless_does(by, Act.COMMIT, view.province)
        kept = _open(tx, view)
        tx.run("UPDATE draw_round SET state = 'void', void_why = ? WHERE id = ?", (because.strip(), kept.id))
        if view.state == "committed":
            change(tx, view, as_of, state="planned")
        note(tx, "abandoned", view.no, by, as_of, clause=CLAUSE, round=kept.round, because=because.strip())


def _draw(
    tx: Transaction,
    desk: Desk,
    panel: PanelView,
    kept: RoundView,
    digits: str,
    source: str,
    supervisor: Actor,
    as_of: datetime,
) -> Drew | Refused:
    frozen, frame, secret = committed(tx, panel, kept)
    drawn = attempt(frame, secret, digits)
    ceremony = Ceremony(_iso(kept.committed_at), _iso(as_of), source, supervisor.name)
    certificate = certify(frame, secret, digits, drawn, ceremony)
    refusal = too_few(frame, drawn)
    tx.run(
        "UPDATE draw_round SET state = ?, digits = ?, source = ?, supervisor = ?, drawn_at = ?, void_why = ?,"
        " certificate = ? WHERE id = ? AND state = 'committed'",
        (
            "void" if refusal else "drawn", digits, source, supervisor.signature, as_of,
            refusal.sentence if refusal else None, json.dumps(certificate, ensure_ascii=False), kept.id,
        ),
    )  # fmt: skip
    told = {
        "round": kept.round, "digits": digits, "source": source, "certificate_sha256": certificate["sha256"],
    }  # fmt: skip
    timers.drop(tx, panel.id, (timers.DRAW,))
    if refusal is not None:
        if panel.state == "committed":
            change(tx, panel, as_of, state="planned")
        note(tx, "void", panel.no, supervisor, as_of, clause="D-10", **told)
        return refusal
    view = change(tx, panel, as_of, state="drawn")
    seats = [
        seat_drawn(tx, view, kept.round, name, frozen.by_pseudonym[name].expert_id) for name in drawn.seats
    ]
    note(tx, "drawn", panel.no, supervisor, as_of, clause=CLAUSE, seats=len(seats), **told)
    for seat in seats:
        invite(tx, desk, view, seat, as_of)
    return Drew(panel.no, kept.round, drawn.seats, len(drawn.tickets), certificate["sha256"])


def _open(tx: Transaction, panel: PanelView) -> RoundView:
    kept = open_round(tx, panel.id)
    if kept is not None:
        return kept
    done = rounds_of(tx, panel.id)
    if done and done[-1].state == "drawn":
        at = instant(done[-1].drawn_at)
        when = f"已于{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}抽取" if at else "已抽取"
        seats = "补抽空缺席位请用 linxuan draw replace" if seats_of(tx, panel.id) else "请重新承诺"
        raise Refused(
            f"专家组{panel.no}第{done[-1].round}轮{when}，一个承诺只能用一次；{seats}。", clause=CLAUSE
        )
    raise Refused(
        f"专家组{panel.no}还没有公布承诺，请先用 linxuan draw commit {panel.no} 冻结专家库并公布承诺。",
        clause=CLAUSE,
    )


def _refuse_own_commitment(kept: RoundView, supervisor: Actor) -> None:
    """One who committed knows the secret's maker; another person types the digits."""
    committed_by = kept.committed_by.partition(":")[2]
    if committed_by.partition("@")[0] == supervisor.name.partition("@")[0]:
        raise Refused("公布承诺的人不能监督同一轮抽取，请由另一人录入公开数字。", clause=CLAUSE)


def _source(source: str) -> str:
    text = " ".join(source.split())
    if not text or len(text) > LONGEST_SOURCE or not text.isprintable():
        raise Refused(
            f"请写明公开数字的来源（如“示例彩票第2024089期”），1至{LONGEST_SOURCE}个字。", clause=CLAUSE
        )
    return text


def _iso(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat()
