"""A panel as kept: found by its number, changed under its version, its rules looked up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from casework.calls import state_in
from records.transaction import Transaction
from states.call_rules import TrackRules
from states.facts import instant
from states.labels import DECIDERS
from states.panels import PanelPlan, planned
from states.places import OFFICES
from states.recusal import Scope, ScopeDecision
from states.refusals import Refused

CLAUSE = "M24-7.3c"

STATES: Mapping[str, str] = MappingProxyType(
    {
        "planned": "已设定",
        "committed": "已承诺，待抽取",
        "drawn": "已抽取，待确认",
        "confirmed": "已确认",
        "voting": "表决中",
        "closed": "表决已截止",
        "opened": "已开票",
        "tallied": "已计票",
        "released": "结果已发布",
        "cancelled": "已撤销",
    }
)
"""Every state of a panel and what it is called."""

BEFORE_VOTING = ("planned", "committed", "drawn", "confirmed")


class PanelView(NamedTuple):
    """A row of ``panel``; instants are aware UTC."""

    id: int
    no: str
    version: int
    call: str
    track: str
    occupation: str
    province: str
    state: str
    size: int
    quorum: int
    per_employer: int
    per_province: int
    of_field: int
    recusal: str
    recusal_reason: str | None
    recusal_by: str | None
    draw_at: datetime | None
    meets_at: datetime | None
    closes_at: datetime | None
    public_key: str | None
    created_at: datetime

    @property
    def scope(self) -> ScopeDecision:
        """How far recusal reaches, and who decided so."""
        return ScopeDecision(Scope(self.recusal), self.recusal_reason or "", self.recusal_by or "")


COLUMNS = ", ".join(PanelView._fields)
_INSTANTS = ("draw_at", "meets_at", "closes_at", "created_at")


def panel_in(tx: Transaction, no: str) -> PanelView:
    """The panel of a number, locked where the database does not lock as a whole. Refused when there is none."""
    found = _one(tx, "no = ?", no.strip().upper())
    if found is None:
        raise Refused(f"没有编号为“{no}”的专家组，可用 linxuan panel list 查看。")
    return found


def panel_by_id(tx: Transaction, id_: int) -> PanelView:
    """The panel of an id. Raises KeyError when there is none."""
    found = _one(tx, "id = ?", id_)
    if found is None:
        raise KeyError(id_)
    return found


def panels_in(tx: Transaction, call: str | None = None) -> list[PanelView]:
    """Every panel, or those of a call, by number."""
    where, values = ("WHERE call = ?", [call]) if call else ("", [])
    return [_view(row) for row in tx.rows(f"SELECT {COLUMNS} FROM panel {where} ORDER BY no", values)]


def change(tx: Transaction, panel: PanelView, as_of: datetime, **values: Any) -> PanelView:
    """Write new values; the panel as it now stands. Raises RuntimeError when it changed under the lock."""
    columns = ", ".join(f"{name} = ?" for name in values)
    touched = tx.run(
        f"UPDATE panel SET {columns}, updated_at = ?, version = version + 1 WHERE id = ? AND version = ?",
        (*values.values(), as_of, panel.id, panel.version),
    ).rowcount
    if touched != 1:
        raise RuntimeError(f"panel {panel.no} changed under the lock")
    return panel._replace(version=panel.version + 1, **values)


def rules_of(tx: Transaction, panel: PanelView) -> TrackRules:
    """The rules of the panel's call and track, as pinned when the call opened."""
    return state_in(tx, panel.call).rules.track(panel.track)


def organiser_of(panel: PanelView, rules: TrackRules) -> str:
    """The name of who organises the panel: of a province's panel, that province's office."""
    if panel.province:
        return OFFICES[f"P{panel.province}"].name
    return DECIDERS[rules.review_organiser.value]


def plan_of(panel: PanelView, rules: TrackRules) -> PanelPlan:
    """The panel's parameters as the rules of panels know them."""
    plan = planned(
        rules, size=panel.size, quorum=panel.quorum, per_employer=panel.per_employer,
        per_province=panel.per_province, of_field=panel.of_field,
    )  # fmt: skip
    return replace(plan, recusal=Scope(panel.recusal))


def case_ids(tx: Transaction, panel_id: int) -> list[int]:
    """The cases the panel reads, in the order of their numbers."""
    rows = tx.rows(
        "SELECT c.id FROM panel_case p JOIN cases c ON c.id = p.case_id WHERE p.panel_id = ? ORDER BY c.no",
        (panel_id,),
    )
    return [row[0] for row in rows]


def _one(tx: Transaction, where: str, value: Any) -> PanelView | None:
    lock = "" if tx.sqlite else " FOR UPDATE"
    row = tx.one(f"SELECT {COLUMNS} FROM panel WHERE {where}{lock}", (value,))
    return None if row is None else _view(row)


def _view(row: tuple[Any, ...]) -> PanelView:
    values = dict(zip(PanelView._fields, row, strict=True))
    return PanelView(**{**values, **{name: instant(values[name]) for name in _INSTANTS}})
