"""What an expert signs on taking a seat: to keep what is read in confidence, and every tie to the applicants."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from states.recusal import Declaration, Employment, Group, Organisation, OwnRecusal, Service, Tie
from states.recusal.names import person_key
from states.refusals import Refused

CLAUSE = "M24-7.3b"


@dataclass(frozen=True, slots=True)
class Statement:
    """回避与保密承诺, signed by name.

    What is None adds nothing to what is on record; an empty tuple says that there is none. ``recuses`` are the
    cases (by number) the expert steps back from by choice.
    """

    signature: str = ""
    keeps_confidence: bool = False
    employer: Organisation | None = None
    group: Group | None = None
    employment: tuple[Employment, ...] | None = None
    ties: tuple[Tie, ...] | None = None
    service: tuple[Service, ...] | None = None
    recuses: tuple[OwnRecusal, ...] = ()

    def declaration(self, expert: str) -> Declaration:
        """The part that recusal asks about, as the declaration of an expert by number."""
        return Declaration(
            expert, self.employer, self.group, self.employment, self.ties, self.service, self.recuses
        )

    def refuse_unless_signed(self, name: str) -> None:
        """Raises Refused unless it promises confidence and bears the expert's own name."""
        if not self.keeps_confidence:
            raise Refused("接受邀请须先作出保密承诺，请勾选后再提交。", clause=CLAUSE)
        if not self.signature.strip():
            raise Refused("请在回避与保密承诺上签署本人姓名后再提交。", clause=CLAUSE)
        if person_key(self.signature) != person_key(name):
            raise Refused("签署的姓名与受邀专家不一致，请由本人签署本人姓名。", clause=CLAUSE)

    def to_json(self) -> str:
        """As it is kept, encrypted."""
        return _ADAPTER.dump_json(self).decode()


_ADAPTER = TypeAdapter(Statement)


def statement_from(text: str) -> Statement:
    """The statement ``to_json`` wrote."""
    return _ADAPTER.validate_json(text)
