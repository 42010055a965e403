"""The certificate of a draw: one JSON file that holds all that is needed to check it, and nothing more.

The public form names experts by pseudonyms only. The sealed form adds, for each expert of the pool, the identity
and the nonce its pseudonym opens with; it stays with the office and the auditors (M24-7.3b).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from states.draw import canonical
from states.draw.frame import FORMAT, Frame, expert_pseudonym
from states.draw.lots import Drawn, commitment

Certificate = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ceremony:
    """When and how it was done. Instants are ISO texts with their offset; ``source`` says where the digits came
    from (a lottery result, dice) and ``supervisor`` who typed them.
    """

    committed_at: str
    drawn_at: str
    source: str
    supervisor: str


def certify(frame: Frame, secret: str, digits: str, drawn: Drawn, ceremony: Ceremony) -> dict[str, Any]:
    """The public certificate."""
    body: dict[str, Any] = {
        "format": FORMAT,
        "frame": dict(frame.record()),
        "frame_sha256": frame.sha256,
        "pool": list(frame.pool.records),
        "exclusions": sorted(
            (dict(each.record()) for each in frame.exclusions), key=lambda record: record["pseudonym"]
        ),
        "commitment": commitment(secret),
        "committed_at": ceremony.committed_at,
        "digits": digits,
        "source": ceremony.source,
        "supervisor": ceremony.supervisor,
        "drawn_at": ceremony.drawn_at,
        "secret": secret,
        "seed": drawn.seed,
        "tickets": ticket_records(drawn),
        "seats": list(drawn.seats),
    }
    texts = {key: canonical.text(value) for key, value in body.items() if key not in ("pool", "tickets")}
    texts |= {"pool": frame.pool.text, "tickets": _tickets_text(drawn)}
    return {**body, "sha256": canonical.digest(canonical.joined(texts))}


def ticket_records(drawn: Drawn) -> list[dict[str, str]]:
    """The tickets as they stand in a certificate."""
    return [
        {"pseudonym": name, "ticket": ticket, "outcome": outcome} for name, ticket, outcome in drawn.tickets
    ]


def _tickets_text(drawn: Drawn) -> str:
    """Their canonical text: nothing in them needs an escape."""
    return (
        "["
        + ",".join(
            f'{{"outcome":"{outcome}","pseudonym":"{name}","ticket":"{ticket}"}}'
            for name, ticket, outcome in drawn.tickets
        )
        + "]"
    )


def fingerprint(certificate: Certificate) -> str:
    """SHA-256 over the public certificate, without this very field and without what the sealed form adds."""
    body = {key: value for key, value in certificate.items() if key not in ("sha256", "identities")}
    return canonical.digest(canonical.text(body))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who stands behind a pseudonym: the expert's number, name, employer and the nonce that opens it."""

    expert: str
    name: str
    employer: str
    uscc: str
    nonce: str

    @property
    def pseudonym(self) -> str:
        """The pseudonym this identity opens."""
        return expert_pseudonym(self.nonce, (self.expert, self.name, self.uscc))

    def record(self) -> Mapping[str, str]:
        """As it stands in the sealed form."""
        return {
            "pseudonym": self.pseudonym,
            "expert": self.expert,
            "name": self.name,
            "employer": self.employer,
            "uscc": self.uscc,
            "nonce": self.nonce,
        }


def seal(certificate: Certificate, identities: Sequence[Identity]) -> dict[str, Any]:
    """The sealed form: the public certificate with the identities that open it."""
    records = sorted((dict(each.record()) for each in identities), key=lambda record: record["pseudonym"])
    return {**certificate, "identities": records}
