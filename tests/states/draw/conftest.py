from collections.abc import Callable

import pytest

from states.draw.certificate import Ceremony, Identity, certify, seal
from states.draw.frame import Candidate, Constraints, Exclusion, Frame, Pool, employer_pseudonym
from states.draw.lots import draw

SECRET = "5e" * 32
DIGITS = "0713223142705"


@pytest.fixture(scope="session")
def identities() -> list[Identity]:
    return [
        Identity(f"E-{n:05d}", f"示例专家{n}", f"示例单位{n % 20}", f"U{n % 20}", f"{n:064x}")
        for n in range(60)
    ]


@pytest.fixture(scope="session")
def pool(identities: list[Identity]) -> Pool:
    return Pool(
        Candidate(
            each.pseudonym,
            employer_pseudonym("B3", "nonce", each.uscc),
            ("11", "31", "50")[n % 3],
            ("SJAQ",) if n % 2 else ("JQRG", "MMGC"),
        )
        for n, each in enumerate(identities)
    )


@pytest.fixture(scope="session")
def frame(pool: Pool) -> Frame:
    barred = tuple(Exclusion(name, "R-1", "M24-7.3b") for name in sorted(pool.by_pseudonym)[:6])
    return Frame("B3", "SJAQ", 1, 7, Constraints(7, 1, 4, 4), pool, barred)


@pytest.fixture(scope="session")
def certificate(frame: Frame) -> dict:
    drawn = draw(frame, SECRET, DIGITS)
    when = Ceremony(
        "2024-08-05T09:00:00+08:00", "2024-08-06T10:00:00+08:00", "示例彩票第2024089期", "示例监督员"
    )
    return certify(frame, SECRET, DIGITS, drawn, when)


@pytest.fixture(scope="session")
def sealed(certificate: dict, identities: list[Identity]) -> dict:
    return seal(certificate, identities)


@pytest.fixture
def a_frame() -> Callable[..., Frame]:
    """A small frame of so many candidates, each its own employer unless told otherwise."""

    def make(
        count: int,
        constraints: Constraints,
        *,
        employers: int = 10**6,
        provinces: int = 10**6,
        field: int = 1,
    ):
        return Frame(
            "B3", "SJAQ", 1, constraints.size, constraints,
            Pool(
                Candidate(f"{n:032x}", f"{n % employers:032x}", f"{n % provinces:02d}",
                          ("SJAQ",) if n % field == 0 else ("JQRG",))
                for n in range(count)
            ),
        )  # fmt: skip

    return make
