"""A draw over a pool of 100,000 for 30 panels of 200 applications, all rules: recusal, frame, draw, certificate.

``ours`` is the pure path, everything from experts and applicants to 30 certificates. ``floor`` is a plain loop that
computes the HMAC of every expert once per panel and sorts. Aim ≤ 3. Then ``verify`` of one certificate over the
draw of one panel: aim ≤ 1.
"""

import gc
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from random import Random

from ground import median, tell

from states.draw.certificate import Ceremony, Certificate, Identity, certify
from states.draw.frame import Candidate, Constraints, Frame, Pool, employer_pseudonym
from states.draw.lots import draw
from states.draw.verification import verify
from states.places import PROVINCES
from states.recusal import (
    Applicant,
    Employment,
    Expert,
    ExpertIndex,
    Group,
    Named,
    Organisation,
    Service,
    Tie,
    TieKind,
    barred,
    exclusions,
    findings,
)

EXPERTS, PANELS, APPLICANTS, ROUNDS = 100_000, 30, 200, 3
DAY = date(2024, 7, 3)
DIGITS, NONCE = "0713223142705", "5e" * 32
OCCUPATIONS = [f"Z{n:03d}" for n in range(PANELS)]
CEREMONY = Ceremony(
    "2024-07-03T09:00:00+08:00", "2024-07-03T15:00:00+08:00", "示例彩票第2024089期", "示例监督员"
)


@dataclass(frozen=True)
class Ready:
    """What recusal and the draw start from: invented experts and applicants."""

    experts: list[Expert]
    identities: list[Identity]
    panels: list[list[Applicant]]


def prepared() -> Ready:
    """A pool that knows everything of its experts, and panels whose applicants have ties to some of them."""
    dice = Random(1)
    employers = [Organisation(f"示例单位{n}", f"U{n:017d}") for n in range(EXPERTS // 8)]
    experts, identities = [], []
    for n in range(EXPERTS):
        employer, former = employers[n % len(employers)], dice.choice(employers)
        ties = (Tie(TieKind.ADVISORY, dice.choice(employers)),) if n % 20 == 0 else ()
        served = (Service(dice.choice(employers).uscc or "", "CQ23"),) if n % 10 == 0 else ()
        code, name = f"E-{n:06d}", f"示例专家{n}"
        experts.append(
            Expert(
                code, name, employer, Group(f"示例法人{n % 5000}", f"I{n % 5000}"), PROVINCES[n % 31].region,
                tuple(sorted({dice.choice(OCCUPATIONS), OCCUPATIONS[n % PANELS]})), "", employment=
                (Employment(former, None, DAY - timedelta(days=dice.randrange(3000))),), ties=ties, service=served,
            )
        )  # fmt: skip
        identities.append(Identity(code, name, employer.name, employer.uscc or "", f"{n:064x}"))
    return Ready(experts, identities, [list(_applicants(dice, employers, k)) for k in range(PANELS)])


def _applicants(dice: Random, employers: list[Organisation], panel: int) -> Iterator[Applicant]:
    for n, institution in enumerate(dice.sample(employers, APPLICANTS)):
        named = tuple(
            Named(f"示例专家{dice.randrange(EXPERTS)}", "命题专家", dice.choice(employers)) for _ in range(20)
        )
        yield Applicant(
            f"B3-{OCCUPATIONS[panel]}-{n:04d}", institution, Group(f"示例法人{n}", f"J{n}"), named, "CQ23"
        )


def ours(ready: Ready) -> Certificate:
    """From experts and applicants to certificates, each let go of as it would be once it is kept; the last one."""
    pseudonyms = {each.expert: each.pseudonym for each in ready.identities}
    hidden: dict[str, str] = {}
    candidates = []
    for expert in ready.experts:
        assert expert.employer is not None
        uscc = expert.employer.uscc or ""
        if uscc not in hidden:
            hidden[uscc] = employer_pseudonym("B3", NONCE, uscc)
        candidates.append(Candidate(pseudonyms[expert.id], hidden[uscc], expert.province, expert.fields))
    pool, index = Pool(candidates), ExpertIndex(ready.experts)
    made: Certificate = {}
    for panel, applicants in enumerate(ready.panels):
        conflicts = findings(index, applicants, on=DAY)
        out = exclusions(barred(conflicts, [each.case for each in applicants]), pseudonyms)
        frame = Frame("B3", OCCUPATIONS[panel], 1, 7, Constraints(7, 1, 2, 7), pool, out)
        secret = f"{panel:064x}"
        made = certify(frame, secret, DIGITS, draw(frame, secret, DIGITS), CEREMONY)
    return made


def floor(names: list[bytes]) -> None:
    """The plain loop: an HMAC for every expert, once per panel, and a sort."""
    for panel in range(PANELS):
        key = sha256(f"{panel}".encode()).digest()
        sorted((hmac.new(key, name, "sha256").hexdigest(), name) for name in names)


def timed(act: object, *given: object) -> tuple[float, object]:
    gc.collect()
    started = time.perf_counter()
    done = act(*given)  # type: ignore[operator]
    return time.perf_counter() - started, done


if __name__ == "__main__":
    ready = prepared()
    names = [each.pseudonym.encode() for each in ready.identities]
    mine, plain, proving, single = [], [], [], []
    for _ in range(ROUNDS):
        took, certificate = timed(ours, ready)
        mine.append(took)
        plain.append(timed(floor, names)[0])
        took, proof = timed(verify, certificate)
        assert proof.ok, proof.faults  # type: ignore[attr-defined]
        proving.append(took)
        one = Ready(ready.experts, ready.identities, ready.panels[:1])
        single.append(timed(ours, one)[0])
        del certificate, proof
    tell(
        "draw, 100,000 experts, 30 panels of 200, s: over the plain HMAC loop",
        median(mine),
        median(plain),
        "≤ 3",
    )
    tell("verify one certificate, s: over the draw of one panel", median(proving), median(single), "≤ 1")
