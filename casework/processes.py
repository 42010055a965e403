"""Which process a case is pinned to: built once from the rules its call opened with."""

from sqlalchemy import Engine

from records.transaction import reading
from states.call_rules import TrackRules
from states.checked import Process
from states.machine import ProcessMachine
from states.process import build
from states.refusals import Refused
from states.rulebook import parse_call


class Processes:
    """Machines by process key (``B3/evaluation@1``), built on first use and shared."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._machines: dict[str, ProcessMachine] = {}

    def machine(self, key: str) -> ProcessMachine:
        """The shared machine of a process key. Refused when no such call is kept here."""
        found = self._machines.get(key)
        if found is None:
            found = self._machines[key] = ProcessMachine(self._build(key))
        return found

    def process(self, key: str) -> Process:
        """The process of that key."""
        return self.machine(key).process

    def key_for(self, call: str, track: str) -> str:
        """The key of the process new cases of a call and track are pinned to: its number grows with every extension."""
        with reading(self._engine) as tx:
            row = tx.one("SELECT count(*) FROM call_extension WHERE code = ?", (call,))
        return f"{call}/{track}@{1 + (row[0] if row else 0)}"

    def put(self, key: str, rules: TrackRules) -> Process:
        """Have a process stand under a key before its rules are committed; it is given back."""
        machine = self._machines[key] = ProcessMachine(build(rules, _number(key)))
        return machine.process

    def _build(self, key: str) -> Process:
        call, track = key.rsplit("@", 1)[0].split("/", 1)
        with reading(self._engine) as tx:
            row = tx.one("SELECT rules FROM call WHERE code = ?", (call,))
        if row is None:
            raise Refused(f"没有代码为“{call}”的遴选批次，可用 linxuan call list 查看。")
        return build(parse_call(row[0], f"{call}.toml").track(track), _number(key))


def _number(key: str) -> int:
    return int(key.rpartition("@")[2])
