"""Recusal over a pool of 100,000 experts for 30 panels of 200 applications each, every rule asked.

``ours`` is µs for each expert and panel, laying out the pool included; ``floor`` what it takes to compute the HMAC
of every expert once per panel and sort, as any draw must. Aim: a ratio ≤ 1, since the draw itself comes on top.
The second line is a pool of which a third is not fully known.
"""

import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

from ground import tell, timed

from casework.intake.sample_identities import person_name
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

EXPERTS, PANELS, APPLICATIONS, EMPLOYERS = 100_000, 30, 200, 20_000
DAY = date(2024, 7, 15)


def organisation(number: int) -> Organisation:
    """An employer by number; the applicants are the first of them."""
    return Organisation(f"示例单位{number}", f"CODE-{number:013d}")


def pool() -> list[Expert]:
    """Experts who work, worked and are related all over the place."""
    dice = Random(1)
    return [
        Expert(
            f"E{number:06d}",
            person_name(dice) + chr(0x4E00 + dice.randrange(2000)),
            organisation(dice.randrange(EMPLOYERS)),
            Group(f"示{number}", "", frozenset({f"OWNER-{dice.randrange(EMPLOYERS)}"})),
            employment=tuple(
                Employment(
                    organisation(dice.randrange(EMPLOYERS)), None, date(dice.randrange(2010, 2025), 5, 1)
                )
                for _ in range(2)
            ),
            ties=(Tie(TieKind.ADVISORY, organisation(dice.randrange(EMPLOYERS))),)
            if number % 20 == 0
            else (),
            service=(Service(f"CODE-{dice.randrange(EMPLOYERS):013d}", "B2"),) if number % 10 == 0 else (),
        )
        for number in range(EXPERTS)
    ]


def panels() -> list[list[Applicant]]:
    """Thirty panels' applicants, each form naming a dozen people."""
    dice = Random(2)
    return [
        [
            Applicant(
                f"P{panel}-{number:04d}",
                organisation(panel * APPLICATIONS + number),
                Group(person_name(dice), "", frozenset({f"OWNER-{number}"})),
                tuple(
                    Named(person_name(dice) + chr(0x4E00 + dice.randrange(2000)), "命题专家", organisation(n))
                    for n in range(12)
                ),
                "B2",
            )
            for number in range(APPLICATIONS)
        ]
        for panel in range(PANELS)
    ]


def compare(name: str, experts: Sequence[Expert], judged: Sequence[Sequence[Applicant]]) -> None:
    """Both sides over the same pool and panels."""
    pseudonyms = {each.id: f"{number:032x}" for number, each in enumerate(experts)}

    def ours() -> None:
        index = ExpertIndex(experts)
        for applicants in judged:
            found = findings(index, applicants, on=DAY)
            exclusions(barred(found, [each.case for each in applicants]), pseudonyms)

    def floor() -> None:
        for panel in range(PANELS):
            key = bytes([panel]) * 32
            sorted((hmac.digest(key, each.encode(), "sha256"), each) for each in pseudonyms.values())

    share = 1e6 / (EXPERTS * PANELS)
    spent, bare = timed(ours) * share, timed(floor) * share
    tell(name, spent, bare, "≤ 1", ratio=spent / bare)


if __name__ == "__main__":
    everyone, every_panel = pool(), panels()
    compare("recusal, µs per expert and panel", everyone, every_panel)
    unknown = [
        replace(each, employment=None, ties=None) if number % 3 == 0 else each
        for number, each in enumerate(everyone)
    ]
    compare("recusal, a third not fully known", unknown, every_panel)
