"""The pool, laid out so that an applicant finds its experts by look-ups alone, however large the pool is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from states.recusal.conflict import CLAUSE, Conflict
from states.recusal.expert import Employment, Expert, OwnRecusal, Tie
from states.recusal.gaps import service_gap, standing_gaps
from states.recusal.names import organisation_key, person_key
from states.recusal.organisation import Organisation
from states.refusals import Refused

T = TypeVar("T")
K = TypeVar("K")
Register = Mapping[K, Sequence[T]]


class ExpertIndex:
    """Experts by everything a rule may ask for. Built once for a pool, then asked for every panel drawn from it.

    Refused when somebody stands in the pool twice.
    """

    def __init__(self, experts: Iterable[Expert]) -> None:
        self.by_name: dict[str, list[Expert]] = defaultdict(list)
        self.by_employer: dict[str, list[Expert]] = defaultdict(list)
        self.by_legal_representative: dict[str, list[Expert]] = defaultdict(list)
        self.by_shareholder: dict[str, list[Expert]] = defaultdict(list)
        self.by_employment: dict[str, list[tuple[Expert, Employment]]] = defaultdict(list)
        self.by_tie: dict[str, list[tuple[Expert, Tie]]] = defaultdict(list)
        self.by_tied_person: dict[str, list[tuple[Expert, Tie]]] = defaultdict(list)
        self.by_service: dict[tuple[str, str], list[Expert]] = defaultdict(list)
        self.by_objection: dict[str, list[Expert]] = defaultdict(list)
        self.by_own_recusal: dict[str, list[tuple[Expert, OwnRecusal]]] = defaultdict(list)
        self.without_code: list[tuple[Expert, list[Employment]]] = []
        self.gaps: list[Conflict] = []
        self.service_gaps: list[Conflict] = []
        self.ids: set[str] = set()
        for expert in experts:
            if expert.id in self.ids:
                raise Refused(f"专家{expert.id}在专家库中出现两次，请先合并。", clause=CLAUSE)
            self.ids.add(expert.id)
            self._add(expert)
        # Sorted once, so that sorting them in with a panel's own conflicts costs next to nothing.
        self.gaps.sort()

    def _add(self, expert: Expert) -> None:
        self.by_name[person_key(expert.name)].append(expert)
        if expert.employer is not None:
            self.by_employer[_key(expert.employer)].append(expert)
        if expert.group is not None:
            if expert.group.legal_representative:
                self.by_legal_representative[person_key(expert.group.legal_representative)].append(expert)
            for uscc in expert.group.shareholders:
                self.by_shareholder[uscc].append(expert)
        for row in expert.employment or ():
            self.by_employment[_key(row.organisation)].append((expert, row))
        if unnamed := [row for row in expert.employment or () if row.organisation.uscc is None]:
            self.without_code.append((expert, unnamed))
        for tie in expert.ties or ():
            if tie.organisation is not None:
                self.by_tie[_key(tie.organisation)].append((expert, tie))
            if tie.person:
                self.by_tied_person[person_key(tie.person)].append((expert, tie))
        for service in expert.service or ():
            self.by_service[service].append(expert)
        for uscc in expert.objections:
            self.by_objection[uscc].append(expert)
        for recusal in expert.recuses:
            self.by_own_recusal[recusal.case].append((expert, recusal))
        self.gaps.extend(standing_gaps(expert))
        self.service_gaps.extend(service_gap(expert))


def found(register: Register[K, T], key: K) -> Sequence[T]:
    """What stands under a key; nothing where nothing does."""
    return register.get(key, ())


def of_organisation(register: Register[str, T], organisation: Organisation) -> Iterator[T]:
    """What stands under an organisation: by its code, and by its names where no code was given."""
    if organisation.uscc:
        yield from register.get(organisation.uscc, ())
    for key in organisation.keys:
        yield from register.get(key, ())


def _key(organisation: Organisation) -> str:
    return organisation.uscc or organisation_key(organisation.name)
