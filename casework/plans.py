"""Batches: what was previewed is what runs (law 7).

A preview makes the move on every chosen case in a transaction that is then taken back, and writes down for each
case its version and where it goes, or why it cannot. A plan runs only as it was written: the cases that could
go, all of them or none, each at the version that was seen and to the stage that was shown.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.faults import os_fault
from casework.gate import Outcome, Wanted, advance_in
from casework.selection import Selection
from casework.writing import Decided
from records.transaction import Transaction, transaction
from states.refusals import Refused
from states.roles import Role

FORMAT = "linxuan plan 1"

Progress = Callable[[int, int], None]
"""Told how many cases are done, of how many."""


@dataclass(frozen=True, slots=True)
class Line:
    """What will happen to one case: a stage to go to, or a sentence why not."""

    id: int
    no: str
    version: int
    stage: str
    to: str | None = None
    why: str | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """Letters of one kind to one role that the batch will owe, with the subject of the first."""

    letter: str
    role: str
    count: int
    subject: str


@dataclass(slots=True)
class Plan:
    """A frozen batch."""

    move: str
    inputs: Mapping[str, Any]
    actor: Actor
    made_at: datetime
    lines: list[Line] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)

    @property
    def letters(self) -> int:
        """How many letters will be queued."""
        return sum(each.count for each in self.owed)

    @property
    def going(self) -> list[Line]:
        """The cases that will move."""
        return [line for line in self.lines if line.to is not None]

    @property
    def staying(self) -> list[Line]:
        """The cases that cannot, with the reason."""
        return [line for line in self.lines if line.to is None]


class _TakenBack(Exception):
    """Ends a preview: the transaction must not be committed."""


def preview(
    desk: Desk,
    move: str,
    chosen: Selection,
    *,
    by: Actor,
    as_of: datetime,
    inputs: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Freeze a batch without changing anything. Raises Refused when nothing is chosen."""
    if chosen.is_empty:
        raise Refused("没有选中任何申报：请用批次、环节、省份、职业或编号选择后再预览。")
    plan = Plan(move, dict(inputs or {}), by, as_of)
    try:
        with transaction(desk.engine) as tx:
            _rehearse(tx, desk, plan, chosen, as_of, progress)
            raise _TakenBack
    except _TakenBack:
        pass
    if not plan.lines:
        raise Refused("没有选中任何申报：按所给条件没有找到申报。")
    return plan


def _rehearse(
    tx: Transaction, desk: Desk, plan: Plan, chosen: Selection, as_of: datetime, progress: Progress | None
) -> None:
    where, values = chosen.where(plan.actor)
    rows = tx.rows(f"SELECT c.id, c.no, c.version, c.stage FROM cases c WHERE {where} ORDER BY c.no", values)
    going: dict[int, str] = {}
    last = tx.one("SELECT coalesce(max(id), 0) FROM letter")

    def note(group: Decided) -> None:
        going.update(dict.fromkeys((each.facts.id for each in group.cases), group.to))
        if progress:
            progress(len(going), len(rows))

    outcome = advance_in(
        tx, desk, plan.move, (Wanted(row[0], row[2]) for row in rows), by=plan.actor, as_of=as_of,
        inputs=plan.inputs, partial=True, watch=note,
    )  # fmt: skip
    refused = {each.id: each for each in outcome.turned}
    plan.owed = [
        Owed(*row)
        for row in tx.rows(
            "SELECT letter, role, count(*), min(subject) FROM letter WHERE id > ? GROUP BY letter, role"
            " ORDER BY letter, role",
            last or (0,),
        )
    ]
    for id_, no, version, stage in rows:
        why = refused.get(id_)
        plan.lines.append(
            Line(
                id_,
                no,
                version,
                stage,
                going.get(id_),
                why.sentence if why else None,
                why.clause if why else None,
            )
        )


def run(desk: Desk, plan: Plan, *, by: Actor, as_of: datetime, progress: Progress | None = None) -> Outcome:
    """Carry out a frozen plan: exactly its cases, at their versions, to the stages shown; all or nothing.

    Raises Refused when nothing would move, when somebody else runs it, or when anything changed since.
    """
    with transaction(desk.engine) as tx:
        return run_in(tx, desk, plan, by=by, as_of=as_of, progress=progress)


def run_in(
    tx: Transaction,
    desk: Desk,
    plan: Plan,
    *,
    by: Actor,
    as_of: datetime,
    progress: Progress | None = None,
) -> Outcome:
    """``run`` within the caller's transaction; the caller rolls back on Refused."""
    if not plan.going:
        raise Refused("清单中没有可以办理的申报，未办理。")
    if (by.role, by.scope) != (plan.actor.role, plan.actor.scope):
        raise Refused(f"该清单由{plan.actor.role.label}“{plan.actor.name}”作出，不能以其他身份执行。")
    expected = {line.id: line.to for line in plan.going}
    done = 0

    def compare(group: Decided) -> None:
        nonlocal done
        for each in group.cases:
            if expected[each.facts.id] != group.to:
                raise Refused(f"申报{each.facts.no}的去向与预览不一致，整批未办理，请重新预览。")
        done += len(group.cases)
        if progress:
            progress(done, len(expected))

    append(
        tx,
        [Entry(as_of, as_of, by.signature, "batch", plan.move,
               detail={"cases": len(plan.going), "previewed_at": plan.made_at, "digest": digest(plan)})],
    )  # fmt: skip
    wanted = (Wanted(line.id, line.version) for line in plan.going)
    return advance_in(tx, desk, plan.move, wanted, by=by, as_of=as_of, inputs=plan.inputs, watch=compare)


def digest(plan: Plan) -> str:
    """SHA-256 over everything in the plan."""
    return sha256("\n".join(_text(plan)).encode()).hexdigest()


def save(plan: Plan, path: Path) -> None:
    """Write the plan: a header line with its digest, then a line per case (JSON lines, UTF-8).

    Replaces an earlier plan, in one step. Raises Refused when another kind of file stands there, or when it
    cannot be written.
    """
    header = {"format": FORMAT, "sha256": digest(plan)}
    part = path.with_name(f".{path.name}.part")
    try:
        if path.exists() and not _is_plan(path):
            raise Refused(f"文件{path}已存在且不是办理清单，请换一个文件名。")
        with part.open("w", encoding="utf-8") as file:
            file.write(json.dumps(header, ensure_ascii=False) + "\n")
            file.writelines(line + "\n" for line in _text(plan))
        part.replace(path)
    except OSError as error:
        raise Refused(f"办理清单{path}无法写入（{os_fault(error)}），请检查路径和权限。") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def read(path: Path) -> Plan:
    """Read a plan. Raises Refused when it is not one, or was altered after it was written."""
    try:
        if not path.is_file():
            raise Refused(f"找不到办理清单{path}，请先用 linxuan batch preview 生成。")
        lines = path.read_text(encoding="utf-8").splitlines()
        header, about = json.loads(lines[0]), json.loads(lines[1])
        if header["format"] != FORMAT:
            raise KeyError("format")
        expected, actor = str(header["sha256"]), about["by"]
        plan = Plan(
            about["move"], {key: unmarked(value) for key, value in about["inputs"].items()},
            Actor(actor["name"], Role(actor["role"]), actor["scope"]),
            datetime.fromisoformat(about["made_at"]), [Line(**json.loads(line)) for line in lines[2:]],
            [Owed(**each) for each in about["owed"]],
        )  # fmt: skip
        found = digest(plan)
    except OSError as error:
        raise Refused(f"办理清单{path}无法读取（{os_fault(error)}），请检查路径和权限。") from None
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Refused(f"{path}不是有效的办理清单，请重新用 linxuan batch preview 生成。") from None
    if found != expected:
        raise Refused(f"办理清单{path}在生成后被改动过，不能执行，请重新预览。")
    return plan


def _is_plan(path: Path) -> bool:
    with path.open("rb") as file:
        return FORMAT.encode() in file.readline(200)


def _text(plan: Plan) -> Iterator[str]:
    about = {
        "move": plan.move,
        "inputs": {key: marked(value) for key, value in plan.inputs.items()},
        "by": {"name": plan.actor.name, "role": plan.actor.role, "scope": plan.actor.scope},
        "made_at": plan.made_at.isoformat(),
        "owed": [{name: getattr(each, name) for name in Owed.__slots__} for each in plan.owed],
    }
    yield json.dumps(about, ensure_ascii=False, sort_keys=True)
    for line in plan.lines:
        yield json.dumps(
            {name: getattr(line, name) for name in Line.__slots__}, ensure_ascii=False, sort_keys=True
        )


def marked(value: Any) -> Any:
    """An input as JSON can keep it: days are marked as such."""
    return {"day": value.isoformat()} if isinstance(value, date) else value


def unmarked(value: Any) -> Any:
    """An input from what ``marked`` made of it."""
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value
