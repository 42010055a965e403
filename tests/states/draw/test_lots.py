import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.draw.frame import Candidate, Constraints, Exclusion, Frame, Pool
from states.draw.lots import SEATED, commitment, draw, seed_of
from states.refusals import Refused

SECRET = "5e" * 32


def test_the_same_panel_sits_whatever_the_order_of_the_pool(frame, pool):
    mixed = list(pool.candidates)
    random.Random(7).shuffle(mixed)
    again = Frame("B3", "SJAQ", 1, 7, frame.constraints, Pool(mixed), tuple(reversed(frame.exclusions)))
    assert again.sha256 == frame.sha256
    assert draw(again, SECRET, "123456").seats == draw(frame, SECRET, "123456").seats


@pytest.mark.clause("M24-7.3c")
def test_other_digits_or_another_secret_or_another_frame_give_another_seed(frame):
    seeds = {
        seed_of(SECRET, "123456", frame),
        seed_of(SECRET, "123457", frame),
        seed_of("5f" * 32, "123456", frame),
        seed_of(SECRET, "123456", Frame("B4", "SJAQ", 1, 7, frame.constraints, frame.pool, frame.exclusions)),
        seed_of(SECRET, "123456", Frame("B3", "JQRG", 1, 7, frame.constraints, frame.pool, frame.exclusions)),
        seed_of(SECRET, "123456", Frame("B3", "SJAQ", 2, 7, frame.constraints, frame.pool, frame.exclusions)),
        seed_of(SECRET, "123456", Frame("B3", "SJAQ", 1, 7, frame.constraints, frame.pool)),
        seed_of(SECRET, "123456", Frame("B3", "SJAQ", 1, 7, Constraints(7), frame.pool, frame.exclusions)),
    }
    assert len(seeds) == 8


@pytest.mark.clause("M24-7.3b")
@given(st.integers(0, 10**9))
def test_nobody_excluded_sits_and_every_constraint_holds(frame, digits):
    drawn = draw(frame, SECRET, f"{digits:010d}")
    known = frame.pool.by_pseudonym
    seats = [known[name] for name in drawn.seats]
    assert len(seats) == 7
    assert not {one.pseudonym for one in frame.exclusions} & set(drawn.seats)
    assert len({seat.employer for seat in seats}) == 7
    assert max(sum(s.province == p for s in seats) for p in ("11", "31", "50")) <= 4
    assert sum("SJAQ" in seat.fields for seat in seats) >= 4


def test_a_replacement_counts_those_who_keep_their_seats(frame):
    first = draw(frame, SECRET, "123456")
    gone, *kept = first.seats
    left = Exclusion(gone, "declined", "M24-7.3c")
    second = Frame("B3", "SJAQ", 2, 1, frame.constraints, frame.pool, (*frame.exclusions, left), tuple(kept))
    (new,) = draw(second, "5f" * 32, "654321").seats
    known = frame.pool.by_pseudonym
    assert new not in first.seats
    assert known[new].employer not in {known[name].employer for name in kept}


@pytest.mark.clause("D-10")
def test_too_few_eligible_experts_are_refused_with_their_number(a_frame):
    with pytest.raises(Refused) as refused:
        draw(a_frame(9, Constraints(5), employers=4), SECRET, "123456")
    assert str(refused.value) == (
        "SJAQ可抽专家9人（本领域9人），按公布的条件只能抽出4人，不足5人；"
        "请扩大专家范围，或决定按件回避，并记录理由。（D-10）"
    )


def test_experts_of_the_field_are_kept_seats_for(a_frame):
    drawn = draw(a_frame(40, Constraints(5, of_field=5), field=8), SECRET, "123456")
    assert all(int(name, 16) % 8 == 0 for name in drawn.seats)
    assert [each.outcome for each in drawn.tickets].count(SEATED) == 5


@pytest.mark.parametrize("digits", ["", "12345", "12 3456", "１２３４５６", "12345x", "1" * 41])
def test_digits_of_the_wrong_form_are_refused(frame, digits):
    with pytest.raises(Refused, match="公开数字应为6至40位阿拉伯数字"):
        draw(frame, SECRET, digits)


def test_a_secret_of_the_wrong_form_is_refused():
    with pytest.raises(Refused, match="64位小写十六进制"):
        commitment("AB" * 32)


@pytest.mark.parametrize("size", [0, 2, 6])
def test_a_panel_is_an_odd_number(size):
    with pytest.raises(Refused, match="单数"):
        Constraints(size)


def test_a_pool_with_somebody_twice_cannot_be_frozen():
    one = Candidate("0" * 32, "1" * 32, "50", ())
    with pytest.raises(Refused, match="重复"):
        Pool([one, one])


CRITICAL = 31.264
"""Chi-square, 11 degrees of freedom, 0.001 level."""


def chi_square(counts: list[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts)


def drawings(pick) -> list[int]:
    counts = [0] * 12
    for turn in range(20_000):
        for winner in pick(turn):
            counts[winner] += 1
    return counts


def test_every_eligible_expert_sits_equally_often(a_frame):
    """20,000 draws of one seat from 12 eligible experts, each with its own secret: uniform at the 0.001 level."""
    frame = a_frame(12, Constraints(1))

    def fair(turn: int) -> list[int]:
        secret = hashlib.sha256(f"uniformity {turn}".encode()).hexdigest()
        return [int(name, 16) for name in draw(frame, secret, "123456").seats]

    assert chi_square(drawings(fair)) < CRITICAL


def test_a_biased_draw_would_be_found_out():
    chooser = random.Random(1)

    def biased(_: int) -> list[int]:
        return [
            min(chooser.randrange(12), chooser.randrange(13) % 12)
            if chooser.random() < 0.05
            else chooser.randrange(12)
        ]

    assert chi_square(drawings(biased)) > CRITICAL
