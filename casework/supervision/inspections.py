"""Random inspections: objects and inspectors drawn in public, results recorded, a summary published (I21-6.2, M24-16b)."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.gate import BatchRefused, Wanted, advance_in
from casework.history import case_number
from casework.loading import case_id, load
from records.crypt import decrypt, encrypt
from records.transaction import Transaction, transaction
from states.calendar import SHANGHAI, day_of
from states.draw.canonical import digest, text
from states.draw.inspection import InspectionFrame, Inspector, certify_inspection, frame_of
from states.draw.lots import commitment
from states.facts import instant
from states.grounds import GROUNDS, RECTIFY
from states.labels import TRACKS
from states.places import OFFICES
from states.refusals import Refused
from states.roles import Role

CLAUSE = "M24-16b"
LISTED = ("listed", "renewal", "lapsing", "rectifying")
SOUND, CORRECTED, ORDERED, REMOVED = "sound", "corrected", "rectify", "remove"
RESULTS: Mapping[str, str] = MappingProxyType(
    {SOUND: "未发现问题", CORRECTED: "立行立改", ORDERED: "责令限期整改", REMOVED: "移出目录"}
)
INSPECTS = (Role.OFFICE, Role.PROVINCE)
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class NewInspection:
    """What to inspect: a track, in one province (two digits) or everywhere (empty); how many; who may inspect.

    An inspector is a name and an employer, in this order.
    """

    title: str
    track: str
    count: int
    inspectors: Sequence[tuple[str, str]]
    province: str = ""
    per_object: int = 2


def plan_inspection(
    desk: Desk, new: NewInspection, *, by: Actor, as_of: datetime, secret: str | None = None
) -> tuple[str, str, str]:
    """Freeze objects and inspectors and commit to a secret: the number, the frame's hash, the commitment.

    Objects are the institutions in the directory now; nobody inspects their own employer. ``secret`` is random unless
    a rehearsal gives it. Raises Refused for who may not, and for lists from which nothing could be drawn.
    """
    _refuse_unless_inspects(by, new.province)
    if new.track not in TRACKS or (new.province and f"P{new.province}" not in OFFICES):
        raise Refused("抽查的类别或省份不存在，请核对。", clause=CLAUSE)
    if not new.title.strip() or len(new.title) > 100:
        raise Refused("抽查须有名称，限100字。", clause=CLAUSE)
    chosen = secret or secrets.token_hex(32)
    promise = commitment(chosen)
    with transaction(desk.engine) as tx:
        objects = _objects(tx, new)
        if not objects:
            raise Refused("没有符合条件的在册机构，不能抽查。", clause=CLAUSE)
        year = day_of(as_of).year
        number = tx.run(
            "INSERT INTO counter (prefix, last) VALUES (?, 1)"
            " ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last",
            (f"CC-{year}",),
        ).fetchone()[0]
        no = f"CC-{year}-{number:02d}"
        people = tuple(
            Inspector(f"R{place:02d}", name.strip(), employer.strip(),
                      tuple(case for case, owner in objects if owner == employer.strip()))
            for place, (name, employer) in enumerate(new.inspectors, 1)
        )  # fmt: skip
        frame = InspectionFrame(no, tuple(case for case, _ in objects), people, new.count, new.per_object)
        tx.run(
            "INSERT INTO inspection (no, title, track, province, state, frame, frame_sha256, commitment, secret,"
            " committed_by, committed_at) VALUES (?,?,?,?,'committed',?,?,?,?,?,?)",
            (
                no, new.title.strip(), new.track, new.province, text(frame.record()), frame.sha256, promise,
                encrypt(chosen), by.signature, as_of,
            ),
        )  # fmt: skip
        _note(
            tx, "planned", no, by, as_of, frame_sha256=frame.sha256, commitment=promise, objects=len(objects)
        )
    return no, frame.sha256, promise


def draw(
    desk: Desk, no: str, *, digits: str, source: str, supervisor: Actor, as_of: datetime
) -> Mapping[str, Any]:
    """Draw a committed inspection from public digits; the certificate. Raises Refused for whoever committed to it."""
    if not source.strip():
        raise Refused("须写明公开数字的来源。", clause=CLAUSE)
    with transaction(desk.engine) as tx:
        id_, state, province = _inspection(tx, no)
        _refuse_unless_inspects(supervisor, province)
        if state != "committed":
            raise Refused(f"抽查{no}已经抽取，不能再次抽取。", clause=CLAUSE)
        row = tx.one("SELECT frame, secret, committed_by, committed_at FROM inspection WHERE id = ?", (id_,))
        assert row is not None
        if row[2].partition(":")[2] == supervisor.name:
            raise Refused("公布承诺的人不能录入公开数字，请由他人监督抽取。", clause=CLAUSE)
        ceremony = {
            "committed_at": _iso(row[3]), "drawn_at": as_of.astimezone(SHANGHAI).isoformat(), "source": source.strip(),
            "supervisor": supervisor.name,
        }  # fmt: skip
        made = certify_inspection(frame_of(json.loads(row[0])), decrypt(row[1]), digits, ceremony)
        tx.run(
            "UPDATE inspection SET state = 'drawn', certificate = ?, drawn_at = ? WHERE id = ?",
            (text(made), as_of, id_),
        )
        tx.many(
            "INSERT INTO inspection_object (inspection_id, case_id, place, inspectors, result, ground, finding)"
            " VALUES (?,?,?,?,'','','')",
            [
                (id_, case_id(tx, each["object"]), place, ",".join(each["inspectors"]))
                for place, each in enumerate(made["drawn"], 1)
            ],
        )
        _note(
            tx,
            "drawn",
            no,
            supervisor,
            as_of,
            digits=digits,
            source=source.strip(),
            certificate=made["sha256"],
        )
    return made


def record_result(
    desk: Desk,
    no: str,
    case_no: str,
    result: str,
    *,
    finding: str,
    by: Actor,
    as_of: datetime,
    ground: str = "",
    due_on: date | None = None,
) -> None:
    """Record what was found at one object; what must be mended or removed goes through the gate in the same transaction.

    ``ground`` is a key of the closed list, needed for all but ``sound``; ``due_on`` for ``rectify``. Raises Refused,
    changing nothing, for anything missing, an object not drawn, one recorded already, and whatever the gate refuses.
    """
    if result not in RESULTS:
        offered = "、".join(f"{key}（{label}）" for key, label in RESULTS.items())
        raise Refused(f"检查结果应为下列之一：{offered}，收到的是“{result}”。", clause=CLAUSE)
    said = finding.strip()
    if not said or len(said) > LONGEST:
        raise Refused("检查结果须写明检查情况。", clause=CLAUSE)
    with transaction(desk.engine) as tx:
        id_, state, province = _inspection(tx, no)
        _refuse_unless_inspects(by, province)
        found = case_id(tx, case_number(case_no))
        row = tx.one(
            "SELECT result FROM inspection_object WHERE inspection_id = ? AND case_id = ?", (id_, found or 0)
        )
        if found is None or row is None:
            raise Refused(f"抽查{no}没有抽到{case_no}。", clause=CLAUSE)
        if row[0] or state != "drawn":
            raise Refused(f"抽查{no}对{case_no}的结果已登记，不能更改。", clause=CLAUSE)
        facts = load(tx, [found])[0].facts
        _check_ground(result, ground, facts.track)
        tx.run(
            "UPDATE inspection_object SET result = ?, ground = ?, finding = ?, recorded_by = ?, recorded_at = ?"
            " WHERE inspection_id = ? AND case_id = ?",
            (result, ground, said, by.signature, as_of, id_, found),
        )
        _note(tx, "recorded", no, by, as_of, case=facts.no, result=result, ground=ground)
        moves: Mapping[str, tuple[str, dict[str, Any]]] = {
            ORDERED: ("order_rectification", {"due_on": due_on, "ground": ground, "finding": said}),
            REMOVED: ("remove", {"ground": ground, "finding": said}),
        }
        if result in moves:
            move, inputs = moves[result]
            try:
                advance_in(tx, desk, move, [Wanted(found)], by=by, as_of=as_of, inputs=inputs)
            except BatchRefused as refused:
                raise Refused(refused.turned[0].sentence, clause=refused.turned[0].clause) from None


def publish(desk: Desk, no: str, *, by: Actor, as_of: datetime) -> Mapping[str, Any]:
    """Close an inspection and make its summary public: who was checked, by whom, with what result (I21-6.2).

    Raises Refused while a result is missing, and for one published already.
    """
    with transaction(desk.engine) as tx:
        id_, state, province = _inspection(tx, no)
        _refuse_unless_inspects(by, province)
        if state != "drawn":
            raise Refused(
                f"抽查{no}{'已经公布' if state == 'published' else '尚未抽取'}，不能公布。", clause=CLAUSE
            )
        rows = tx.rows(
            "SELECT c.no, i.name, o.inspectors, o.result, o.ground FROM inspection_object o"
            " JOIN cases c ON c.id = o.case_id JOIN institution i ON i.id = c.institution_id"
            " WHERE o.inspection_id = ? ORDER BY o.place",
            (id_,),
        )
        missing = [row[0] for row in rows if not row[3]]
        if missing:
            raise Refused(
                f"抽查{no}尚有{len(missing)}家没有登记结果：{'、'.join(missing[:5])}。", clause=CLAUSE
            )
        certificate = json.loads(
            (tx.one("SELECT certificate FROM inspection WHERE id = ?", (id_,)) or ("{}",))[0]
        )
        summary = {
            "no": no,
            "published_at": as_of.astimezone(SHANGHAI).isoformat(),
            "certificate_sha256": certificate["sha256"],
            "objects": [
                {"no": case, "institution": name, "inspectors": codes.split(","), "result": RESULTS[result],
                 "ground": GROUNDS[ground].sentence if ground else ""}
                for case, name, codes, result, ground in rows
            ],
        }  # fmt: skip
        tx.run(
            "UPDATE inspection SET state = 'published', summary = ?, published_at = ? WHERE id = ?",
            (text(summary), as_of, id_),
        )
        _note(tx, "published", no, by, as_of, summary_sha256=digest(text(summary)))
    return summary


def certificate_of(tx: Transaction, no: str) -> Mapping[str, Any]:
    """The certificate of a drawn inspection. Refused before the draw."""
    row = tx.one("SELECT certificate FROM inspection WHERE id = ?", (_inspection(tx, no)[0],))
    if row is None or row[0] is None:
        raise Refused(f"抽查{no}尚未抽取，没有证书。", clause=CLAUSE)
    found: Mapping[str, Any] = json.loads(row[0])
    return found


def _objects(tx: Transaction, new: NewInspection) -> list[tuple[str, str]]:
    where = "AND c.province = ?" if new.province else ""
    rows = tx.rows(
        f"SELECT c.no, i.name FROM cases c JOIN institution i ON i.id = c.institution_id WHERE {tx.among('c.stage')}"
        f" AND c.track = ? {where} ORDER BY c.no",
        (tx.listed(LISTED), new.track, *([new.province] if new.province else [])),
    )
    return [(no, name) for no, name in rows]


def _inspection(tx: Transaction, no: str) -> tuple[int, str, str]:
    row = tx.one(
        "SELECT id, state, province FROM inspection WHERE no = ?" + ("" if tx.sqlite else " FOR UPDATE"),
        (no.strip().upper(),),
    )
    if row is None:
        raise Refused(f"没有编号为“{no}”的抽查。", clause=CLAUSE)
    return row[0], row[1], row[2]


def _refuse_unless_inspects(by: Actor, province: str) -> None:
    if by.role not in INSPECTS:
        may = "、".join(role.label for role in INSPECTS)
        raise Refused(f"抽查只能由{may}办理，当前身份为{by.role.label}。", clause=CLAUSE)
    if by.role is Role.PROVINCE and by.scope != province:
        raise Refused("省级只能抽查本省的机构。", clause=CLAUSE)


def _check_ground(result: str, ground: str, track: str) -> None:
    if result == SOUND:
        if ground:
            raise Refused("未发现问题的，不填写违规情形。", clause=CLAUSE)
        return
    known = GROUNDS.get(ground)
    wanted = REMOVED if result == REMOVED else RECTIFY
    if known is None or track not in known.tracks or known.severity != wanted:
        offered = "、".join(
            f"{each.key}（{each.words}）"
            for each in GROUNDS.values()
            if track in each.tracks and each.severity == wanted
        )
        raise Refused(f"违规情形应为下列之一：{offered}，收到的是“{ground}”。", clause=CLAUSE)


def _note(tx: Transaction, name: str, no: str, by: Actor, as_of: datetime, **detail: object) -> None:
    entry = Entry(
        as_of, as_of, by.signature, "inspection", name, clause=CLAUSE, detail={"inspection": no, **detail}
    )
    append(tx, [entry])


def _iso(stored: datetime | str) -> str:
    at = instant(stored)
    assert at is not None
    return at.astimezone(SHANGHAI).isoformat()
