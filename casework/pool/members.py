"""The pool as recusal and the draw see it: loaded once, asked for every panel."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from casework.pool.past_service import Rounds, rounds, votes_on_record
from casework.pool.profile import known_organisation, profile_from
from records.transaction import Transaction
from states.draw.certificate import Identity
from states.recusal import Expert, ExpertIndex

ACTIVE = "active"
_SELECT = "SELECT id, code, name, identity_mark, employer, uscc, province, title, fields, profile, nonce FROM expert"
_OBJECTIONS = (
    "SELECT DISTINCT d.expert_id, i.uscc FROM recusal_decision d JOIN cases c ON c.id = d.case_id"
    " JOIN institution i ON i.id = c.institution_id WHERE d.rule = 'R-8' AND d.verdict = 'excluded'"
)


@dataclass(frozen=True)
class Members:
    """Experts of the pool, in the order of their codes.

    ``ids`` are row ids and ``identities`` what pseudonyms open to, both by code. ``service_untold`` are those whose
    profile does not say what they judged elsewhere, though something is on record here.
    """

    experts: tuple[Expert, ...]
    ids: Mapping[str, int]
    identities: Mapping[str, Identity]
    service_untold: frozenset[str]
    rounds: Rounds

    @cached_property
    def index(self) -> ExpertIndex:
        """The experts laid out for the rules; shared by all panels."""
        return ExpertIndex(self.experts)

    @cached_property
    def pseudonyms(self) -> Mapping[str, str]:
        """The pseudonym of each, by code."""
        return {code: identity.pseudonym for code, identity in self.identities.items()}


def members(tx: Transaction, occupation: str | None = None) -> Members:
    """The active experts: all of them, or those whose fields name ``occupation`` (a code)."""
    where, values = "state = ?", [ACTIVE]
    if occupation is not None:
        where, values = f"{where} AND {of_field()}", [ACTIVE, f"%,{occupation},%"]
    return _members(tx, where, values)


def members_by_code(tx: Transaction, codes: Collection[str]) -> Members:
    """These experts, whatever their state: those who hold a seat may have left the pool since."""
    return _members(tx, tx.among("code"), [tx.listed(sorted(codes))])


def of_field() -> str:
    """SQL for “the expert's fields name an occupation”, with one placeholder for ``%,CODE,%``."""
    return "',' || fields || ',' LIKE ?"


def _members(tx: Transaction, where: str, values: list[str]) -> Members:
    served, objected = votes_on_record(tx), _objections(tx)
    experts: list[Expert] = []
    ids: dict[str, int] = {}
    identities: dict[str, Identity] = {}
    untold: set[str] = set()
    for (
        row_id, code, name, mark, employer, uscc, province, title, fields, profile, nonce,
    ) in tx.rows(f"{_SELECT} WHERE {where} ORDER BY code", values):  # fmt: skip
        known, here = profile_from(profile), served.get(row_id, ())
        if known.service is None and here:
            untold.add(code)
        service = known.service if not here else tuple(dict.fromkeys((*(known.service or ()), *here)))
        experts.append(
            Expert(
                code, name, known_organisation(employer, uscc), known.group, province,
                tuple(fields.split(",")) if fields else (), title, known.employment, known.ties, service,
                objected.get(row_id, ()), identity=mark,
            )
        )  # fmt: skip
        ids[code] = row_id
        identities[code] = Identity(code, name, employer, uscc, nonce)
    return Members(tuple(experts), ids, identities, frozenset(untold), rounds(tx))


def _objections(tx: Transaction) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for expert_id, uscc in sorted(tx.rows(_OBJECTIONS)):
        found[expert_id] = (*found.get(expert_id, ()), uscc)
    return found
