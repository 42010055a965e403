"""What is frozen and published before a draw: the pool, the exclusions, the seats and their constraints.

Nobody appears by name: an expert is a pseudonym that opens against the sealed form of the certificate, and an
employer likewise. Everything that could bend the outcome is inside the frame, and the frame's hash goes into the
seed (M24-7.3c).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from states.draw import canonical
from states.refusals import Refused

FORMAT = "linxuan draw 1"
PSEUDONYM = re.compile(r"[0-9a-f]{32}")
DIGITS = re.compile(r"[0-9]{6,40}")


class Candidate(NamedTuple):
    """One expert of the frozen pool. ``employer`` is a pseudonym; ``fields`` are occupation codes."""

    pseudonym: str
    employer: str
    province: str
    fields: tuple[str, ...]

    def record(self) -> Mapping[str, Any]:
        """As it is hashed and published."""
        return {
            "pseudonym": self.pseudonym,
            "employer": self.employer,
            "province": self.province,
            "fields": sorted(self.fields),
        }

    def text(self) -> str:
        """The canonical text of the record. Written out here because a pool may hold a hundred thousand of them."""
        fields = ",".join(map(canonical.quoted, sorted(self.fields)))
        return (
            f'{{"employer":{canonical.quoted(self.employer)},"fields":[{fields}],'
            f'"province":{canonical.quoted(self.province)},"pseudonym":{canonical.quoted(self.pseudonym)}}}'
        )


class Pool:
    """The frozen pool: its candidates, each once, and the hash they are published under.

    Many panels are drawn from one pool, so the hash is worked out once. Refused for a pool in which somebody
    stands twice or has a malformed pseudonym.
    """

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.candidates = tuple(sorted(candidates, key=attrgetter("pseudonym")))
        self.by_pseudonym = {each.pseudonym: each for each in self.candidates}
        if len(self.by_pseudonym) != len(self.candidates):
            raise Refused("专家库中有重复的专家，不能冻结。", clause="M24-7.3c")
        bad = next((name for name in self.by_pseudonym if not PSEUDONYM.fullmatch(name)), None)
        if bad is not None:
            raise Refused(f"专家代号“{bad}”写法不对，应为32位小写十六进制。", clause="M24-7.3c")
        texts = [each.text() for each in self.candidates]
        self.text = f"[{','.join(texts)}]"
        self.sha256 = canonical.digest("".join(f"{line}\n" for line in sorted(texts)))

    @cached_property
    def records(self) -> tuple[Mapping[str, Any], ...]:
        """The candidates as they are published, by pseudonym. ``text`` is their canonical text as one list."""
        return tuple(each.record() for each in self.candidates)

    def __len__(self) -> int:
        return len(self.candidates)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An expert who may not sit on this panel, with the rule that says so."""

    pseudonym: str
    rule: str
    clause: str

    def record(self) -> Mapping[str, Any]:
        """As it is hashed and published."""
        return {"pseudonym": self.pseudonym, "rule": self.rule, "clause": self.clause}


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a panel must be like, published before the draw.

    ``size`` seats, an odd number; at most ``per_employer`` of one employer and ``per_province`` of one province
    (0: any number); at least ``of_field`` whose fields name the occupation.
    """

    size: int
    per_employer: int = 1
    per_province: int = 0
    of_field: int = 0

    def __post_init__(self) -> None:
        if self.size < 1 or self.size % 2 == 0:
            raise Refused(f"专家组人数应为单数，现为{self.size}人。", clause="M24-7.3c")
        if self.per_employer < 1 or self.per_province < 0:
            raise Refused("同一单位、同一省份的人数上限不能小于1（省份填0表示不限）。", clause="M24-7.3c")
        if not 0 <= self.of_field <= self.size:
            raise Refused(f"本领域专家人数应在0至{self.size}之间，现为{self.of_field}。", clause="M24-7.3c")

    def record(self) -> Mapping[str, int]:
        """As it is hashed and published."""
        return {
            "size": self.size,
            "per_employer": self.per_employer,
            "per_province": self.per_province,
            "of_field": self.of_field,
        }


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything fixed before the digits are known.

    ``seats`` is how many are drawn in this round: all of them in round 1, the vacancies later; ``standing`` are
    those who keep their seats from earlier rounds and count for the constraints.
    """

    call: str
    occupation: str
    round: int
    seats: int
    constraints: Constraints
    pool: Pool
    exclusions: tuple[Exclusion, ...] = ()
    standing: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        strangers = (
            {one.pseudonym for one in self.exclusions} | set(self.standing)
        ) - self.pool.by_pseudonym.keys()
        if strangers:
            raise Refused(f"排除或在席名单中有{len(strangers)}名专家不在冻结的专家库内。", clause="M24-7.3c")
        if self.seats < 1 or self.seats + len(self.standing) != self.constraints.size:
            raise Refused(
                f"本轮应抽{self.constraints.size - len(self.standing)}人，写成了{self.seats}人。",
                clause="M24-7.3c",
            )

    @property
    def exclusions_sha256(self) -> str:
        """The hash of the exclusions with their rules."""
        return canonical.digest(canonical.lines(exclusion.record() for exclusion in self.exclusions))

    def record(self) -> Mapping[str, Any]:
        """The frame without the lists themselves, which stand in it by their hashes."""
        return {
            "format": FORMAT,
            "call": self.call,
            "occupation": self.occupation,
            "round": self.round,
            "seats": self.seats,
            "constraints": self.constraints.record(),
            "standing": sorted(self.standing),
            "pool_sha256": self.pool.sha256,
            "exclusions_sha256": self.exclusions_sha256,
        }

    @property
    def sha256(self) -> str:
        """The hash that is published with the commitment."""
        return canonical.digest(canonical.text(self.record()))


def employer_pseudonym(call: str, nonce: str, uscc: str) -> str:
    """A pseudonym for an employer, the same for all its experts within one call."""
    return canonical.digest(f"linxuan employer 1\n{call}\n{nonce}\n{uscc}\n")[:32]


def expert_pseudonym(nonce: str, identity: Sequence[str]) -> str:
    """A pseudonym that commits to who the expert is: it opens with the nonce and the identity, and only so."""
    return canonical.digest("\n".join(("linxuan expert 1", nonce, *identity, "")))[:32]
