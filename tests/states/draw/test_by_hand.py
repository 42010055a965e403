"""What docs/draw.md tells a reader to do by hand: nothing but hashlib and the certificate."""

import hashlib
import json

import pytest


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hmac_sha256(key: bytes, message: bytes) -> str:
    """RFC 2104 written out, so that no other module is needed."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + message).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).hexdigest()


@pytest.mark.clause("M24-7.3c")
def test_the_certificate_can_be_checked_with_a_hash_function_alone(certificate):
    frame = certificate["frame"]
    assert (
        sha256("".join(sorted(canonical(one) + "\n" for one in certificate["pool"]))) == frame["pool_sha256"]
    )
    assert (
        sha256("".join(sorted(canonical(one) + "\n" for one in certificate["exclusions"])))
        == (frame["exclusions_sha256"])
    )
    assert sha256(canonical(frame)) == certificate["frame_sha256"]
    assert sha256("linxuan secret 1\n" + certificate["secret"]) == certificate["commitment"]
    seed = sha256(
        f"linxuan seed 1\n{certificate['secret']}\n{certificate['digits']}\n{certificate['frame_sha256']}"
    )
    assert seed == certificate["seed"]
    barred = {one["pseudonym"] for one in certificate["exclusions"]} | set(frame["standing"])
    tickets = sorted(
        (hmac_sha256(bytes.fromhex(seed), one["pseudonym"].encode()), one["pseudonym"])
        for one in certificate["pool"]
        if one["pseudonym"] not in barred
    )
    assert tickets == [(one["ticket"], one["pseudonym"]) for one in certificate["tickets"]]
    assert seats_by_hand(certificate, tickets) == certificate["seats"]


def seats_by_hand(certificate: dict, tickets: list[tuple[str, str]]) -> list[str]:
    known = {one["pseudonym"]: one for one in certificate["pool"]}
    rules, occupation = certificate["frame"]["constraints"], certificate["frame"]["occupation"]
    seats: list[str] = []
    for _, name in tickets:
        taken = [known[seat] for seat in seats]
        one = known[name]
        left = certificate["frame"]["seats"] - len(seats)
        in_field = sum(occupation in seat["fields"] for seat in taken)
        if left == 0:
            break
        if sum(seat["employer"] == one["employer"] for seat in taken) >= rules["per_employer"]:
            continue
        if rules["per_province"] and (
            sum(seat["province"] == one["province"] for seat in taken) >= rules["per_province"]
        ):
            continue
        if occupation not in one["fields"] and rules["of_field"] - in_field >= left:
            continue
        seats.append(name)
    return seats
