"""A profile comes back from its JSON as it went in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.pool.profile import Profile, Span, profile_from, service_in
from records.crypt import make_key, use_key
from states.recusal import Employment, Organisation, Service, Tie, TieKind


@pytest.fixture(autouse=True, scope="module")
def _key() -> None:
    use_key(make_key())


WORDS = st.text(min_size=1, max_size=8)
DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1))
CODES = st.text("0123456789ABCDEFGH", min_size=18, max_size=18)
ORGANISATIONS = st.builds(Organisation, WORDS, st.none() | st.just("") | CODES)
SERVICE = st.lists(st.builds(Service, CODES, st.sampled_from(("B3", "2022"))), max_size=3).map(tuple)
PROFILES = st.builds(
    Profile,
    employment=st.none()
    | st.lists(st.builds(Employment, ORGANISATIONS, st.none() | DAYS, st.none() | DAYS), max_size=2).map(
        tuple
    ),
    ties=st.none()
    | st.lists(
        st.builds(Tie, st.sampled_from(TieKind), st.none() | ORGANISATIONS, WORDS, WORDS), max_size=2
    ).map(tuple),
    legal_representative=st.none() | WORDS,
    shareholders=st.none() | st.lists(CODES, max_size=2).map(tuple),
    service=st.none() | SERVICE,
    available=st.none() | st.lists(st.builds(Span, DAYS, DAYS), max_size=2).map(tuple),
)


@given(PROFILES)
def test_a_profile_comes_back_from_its_json(profile):
    assert profile_from(profile.to_json()) == profile


@given(PROFILES)
def test_past_service_can_be_read_alone(profile):
    assert service_in(profile.to_json()) == list(profile.service or ())


def test_a_note_that_looks_like_past_service_is_only_a_note():
    note = '"service":[["91","B3"]]'
    assert service_in(Profile(ties=(Tie(TieKind.OTHER, None, "示例", note),)).to_json()) == []


@pytest.mark.clause("M24-7.3b")
def test_an_empty_profile_knows_nothing():
    assert profile_from("{}") == Profile()
    assert Profile(legal_representative="示例").group is None


@pytest.mark.clause("M24-11.6a")
def test_whom_a_tie_is_to_cannot_be_read_where_it_is_stored():
    told = Profile(ties=(Tie(TieKind.KINSHIP, Organisation("示例中心", None), "钱示清", "配偶"),))
    stored = told.to_json()
    assert [word for word in ("钱示清", "配偶") if word in stored] == []
    assert profile_from(stored) == told
