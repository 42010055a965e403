"""Sample experts: plainly invented, sound by their check digits, the same for the same arguments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

from casework.intake.sample_identities import credit_code, institution_name, person_name
from casework.pool.writing import Texts
from states.forms import UnitType
from states.occupations import OCCUPATIONS
from states.places import PROVINCES, Office

_TITLES = ("教授", "副教授", "研究员", "正高级工程师", "高级工程师")
_UNKNOWN_EVERY, _NAMESAKE_EVERY = 25, 40
_EXPERTS_PER_EMPLOYER = 4
_BORN_FIRST, _BORN_DAYS = date(1958, 1, 1), 32 * 365


@dataclass(frozen=True, slots=True)
class _Employer:
    name: str
    uscc: str
    office: Office
    head: str
    owners: str


def sample_experts(
    n: int, *, seed: int, occupations: Sequence[str] = (), day: date = date(2024, 6, 1)
) -> list[Texts]:
    """The cells of ``n`` experts, as of ``day``, each with one or two of ``occupations`` (codes; all if empty).

    Every 25th leaves a column empty that recusal needs, and every 40th has a name that sample applicants use too, so
    that there is something to decide for a human.
    """
    codes = tuple(occupations) or tuple(OCCUPATIONS)
    employers = _employers(max(3, n // _EXPERTS_PER_EMPLOYER), seed)
    return [_expert(number, seed, codes, employers, day) for number in range(1, n + 1)]


def _employers(n: int, seed: int) -> list[_Employer]:
    def made() -> Iterator[_Employer]:
        for number in range(n):
            random = Random(f"employer/{seed}/{number}")
            office, unit = PROVINCES[number % len(PROVINCES)], random.choice(list(UnitType))
            name = institution_name(random, office.short, f"第{number + 1}", unit)
            owner = "无" if random.randrange(3) else credit_code(random, UnitType.ENTERPRISE, office.region)
            yield _Employer(name, credit_code(random, unit, office.region), office, _name(random), owner)

    return list(made())


def _expert(number: int, seed: int, codes: Sequence[str], employers: Sequence[_Employer], day: date) -> Texts:
    random = Random(f"expert/{seed}/{number}")
    here, before, judged = (random.choice(employers) for _ in range(3))
    left = day - timedelta(days=random.randrange(30, 4000))
    texts = {
        "name": _name(random) if number % _NAMESAKE_EVERY else person_name(random),
        "identity": _identity(number),
        "employer": here.name,
        "uscc": here.uscc,
        "fields": "、".join(sorted({random.choice(codes), random.choice(codes)})),
        "title": random.choice(_TITLES),
        "province": here.office.short,
        "mail": f"expert{number:06d}@pool.example.cn",
        "phone": f"1000{number:07d}",
        "employment": f"{before.name}｜{before.uscc}｜{left.year - 6}｜{left}"
        if random.randrange(2)
        else "无",
        "ties": f"顾问｜{judged.name}｜{judged.uscc}｜｜示例顾问" if random.randrange(10) == 0 else "无",
        "legal_representative": here.head,
        "shareholders": here.owners,
        "service": f"{judged.uscc}｜{day.year - random.randrange(1, 4)}"
        if random.randrange(4) == 0
        else "无",
        "available": "不限",
    }
    if number % _UNKNOWN_EVERY == 0:
        texts[random.choice(("employment", "ties", "shareholders", "service"))] = ""
    return texts


def _name(random: Random) -> str:
    """A name of four characters, so that sample applicants (three) have no namesakes but those that are meant."""
    return person_name(random) + person_name(random)[-1]


def _identity(number: int) -> str:
    """An identity number for each number, with a sound check digit and an order (000) nobody has.

    The district keeps clear of those of sample applicants: an expert who is one by accident would be excluded.
    """
    district, days = divmod(number, _BORN_DAYS)
    front = f"1101{district + 2:02d}{_BORN_FIRST + timedelta(days=days):%Y%m%d}000"
    return front + ric.calc_check_digit(front + "0")
