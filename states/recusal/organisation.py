"""Organisations as recusal knows them, and what makes two of them one group."""

from dataclasses import dataclass, field

from states.recusal.names import organisation_key


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation by its name and its unified social credit code.

    ``uscc`` is None when it is not known and empty when there is none (abroad, not registered). ``also`` are other
    names it has or had (M24-20c): somebody may know it by any of them.
    """

    name: str
    uscc: str | None = None
    also: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Its names for comparison, each once."""
        return tuple(dict.fromkeys(filter(None, map(organisation_key, (self.name, *self.also)))))

    def same_as(self, other: "Organisation") -> bool:
        """Whether the two are one: by their codes when both have one, else by any of their names."""
        if self.uscc and other.uscc:
            return self.uscc == other.uscc
        return not set(self.keys).isdisjoint(other.keys)


@dataclass(frozen=True, slots=True)
class Group:
    """What shows that organisations belong together, as far as it is known once somebody has looked.

    ``identity`` is the legal representative's identity number, or any mark that stands for it: it is only compared.
    ``shareholders`` are unified social credit codes.
    """

    legal_representative: str = ""
    identity: str = field(default="", repr=False)
    shareholders: frozenset[str] = frozenset()
