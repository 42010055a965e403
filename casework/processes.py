"""Which process a case is pinned to: built once from the rules its call opened with."""

from sqlalchemy import Engine

from records.transaction import reading
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
            call, track = key.rsplit("@", 1)[0].split("/", 1)
            found = self._machines[key] = ProcessMachine(self._build(call, track))
        return found

    def process(self, key: str) -> Process:
        """The process of that key."""
        return self.machine(key).process

    def key_for(self, call: str, track: str) -> str:
        """The key of the process new cases of a call and track are pinned to."""
        return f"{call}/{track}@1"

    def _build(self, call: str, track: str) -> Process:
        with reading(self._engine) as tx:
            row = tx.one("SELECT rules FROM call WHERE code = ?", (call,))
        if row is None:
            raise Refused(f"没有代码为“{call}”的遴选批次，可用 linxuan call list 查看。")
        return build(parse_call(row[0], f"{call}.toml").track(track))
