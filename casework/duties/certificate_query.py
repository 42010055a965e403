"""Whether a certificate is genuine: asked by anybody who holds it, told without saying whose it is (I21-6.1, M24-13)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from casework.processes import Processes
from records.transaction import reading
from states.facts import day
from states.occupations import find_occupation
from states.refusals import Refused

CLAUSE = "M24-13"
ENDS = 4


@dataclass(frozen=True, slots=True)
class Genuine:
    """A certificate on record: what its holder learned or was examined in, by whom, and when it was issued."""

    number: str
    occupation: str
    level: str
    institution: str
    issued_on: date
    call: str


def genuine(engine: Engine, number: str, ends: str, *, processes: Processes | None = None) -> Genuine:
    """The certificate of that number whose holder's identity number ends with ``ends`` (four characters).

    Both must be right, so that trying numbers out tells nothing of anybody. The institution is named as it is
    called today. Refused, in the same words, for a number that is not on record and for one of another holder.
    """
    wanted, last = number.strip(), ends.strip().upper()
    if not wanted or len(last) != ENDS:
        raise Refused("请同时填写证书编号和持证人证件号码的最后4位。", clause=CLAUSE)
    with reading(engine) as tx:
        row = tx.one(
            "SELECT f.number, c.process, c.occupation, f.level, i.name, f.issued_on, c.call FROM certificate f"
            " JOIN examination e ON e.id = f.examination_id JOIN cases c ON c.id = e.case_id"
            " JOIN institution i ON i.id = c.institution_id WHERE f.number = ? AND f.holder_ends = ?",
            (wanted, last),
        )
    if row is None:
        raise Refused(
            f"没有查到编号为“{wanted}”、证件号码后4位与所填一致的证书，请核对后再查；"
            "新近考核的，发证机构须在1个月内报送数据，请稍后再查。",
            clause=CLAUSE,
        )
    rules = (processes or Processes(engine)).process(row[1]).rules
    issued = day(row[5])
    assert issued is not None
    return Genuine(
        row[0], find_occupation(row[2], rules.occupations.value).title, row[3], row[4], issued, row[6]
    )
