"""The pool frozen for a draw: who was in it, as pseudonyms to publish and as identities to keep (M24-7.3c).

Frozen once for all rounds that find it unchanged. Employers of one call share the call's nonce, so that “at most
one per employer” can be checked by anyone and opened by nobody.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from casework.pool.members import Members
from records.crypt import decrypt, encrypt
from records.transaction import Transaction
from states.draw.certificate import Identity
from states.draw.frame import Candidate, Pool, employer_pseudonym


class Member(NamedTuple):
    """One expert as frozen."""

    expert_id: int
    code: str
    name: str
    employer: str
    uscc: str
    nonce: str
    province: str
    fields: str

    @property
    def identity(self) -> Identity:
        """What the pseudonym opens to."""
        return Identity(self.code, self.name, self.employer, self.uscc, self.nonce)


@dataclass(frozen=True)
class Frozen:
    """A frozen pool of a call."""

    call: str
    nonce: str
    members: tuple[Member, ...]

    @cached_property
    def pseudonyms(self) -> dict[str, str]:
        """The pseudonym of each expert, by the expert's number."""
        return {each.code: each.identity.pseudonym for each in self.members}

    @cached_property
    def by_pseudonym(self) -> dict[str, Member]:
        """Who stands behind a pseudonym."""
        names = self.pseudonyms
        return {names[each.code]: each for each in self.members}

    @cached_property
    def pool(self) -> Pool:
        """What is published and drawn from."""
        employers: dict[str, str] = {}
        candidates = []
        for each in self.members:
            if each.uscc not in employers:
                employers[each.uscc] = employer_pseudonym(self.call, self.nonce, each.uscc)
            candidates.append(
                Candidate(
                    self.pseudonyms[each.code], employers[each.uscc], each.province,
                    tuple(sorted(filter(None, each.fields.split(",")))),
                )
            )  # fmt: skip
        return Pool(candidates)

    @property
    def identities(self) -> list[Identity]:
        """For the sealed form of a certificate."""
        return [each.identity for each in self.members]


def freeze(
    tx: Transaction, call: str, active: Members, seated: Members, nonce: str, as_of: datetime
) -> Frozen:
    """Freeze the active experts, and those who hold a seat already, and keep it.

    ``nonce`` hides the employers when the call has no frozen pool yet; later ones use the first one's.
    """
    everybody = {each.code: each for each in (*_members(seated), *_members(active))}
    frozen = Frozen(call, _nonce_of(tx, call) or nonce, tuple(everybody[code] for code in sorted(everybody)))
    if tx.one("SELECT 1 FROM frozen_pool WHERE sha256 = ?", (frozen.pool.sha256,)) is None:
        content = json.dumps({"nonce": frozen.nonce, "members": frozen.members}, ensure_ascii=False)
        tx.run(
            "INSERT INTO frozen_pool (sha256, call, size, frozen_at, content) VALUES (?,?,?,?,?)",
            (frozen.pool.sha256, call, len(frozen.members), as_of, encrypt(content)),
        )
    return frozen


def thaw(tx: Transaction, sha256: str) -> Frozen:
    """A frozen pool as it was kept. Raises KeyError when there is none."""
    row = tx.one("SELECT call, content FROM frozen_pool WHERE sha256 = ?", (sha256,))
    if row is None:
        raise KeyError(sha256)
    kept = json.loads(decrypt(row[1]))
    return Frozen(row[0], kept["nonce"], tuple(Member(*each) for each in kept["members"]))


def _nonce_of(tx: Transaction, call: str) -> str | None:
    row = tx.one("SELECT content FROM frozen_pool WHERE call = ? ORDER BY frozen_at, sha256 LIMIT 1", (call,))
    return None if row is None else str(json.loads(decrypt(row[0]))["nonce"])


def _members(known: Members) -> Iterator[Member]:
    for expert in known.experts:
        code, name, employer, uscc, nonce = (
            getattr(known.identities[expert.id], part)
            for part in ("expert", "name", "employer", "uscc", "nonce")
        )
        yield Member(
            known.ids[code], code, name, employer, uscc, nonce, expert.province, ",".join(expert.fields)
        )
