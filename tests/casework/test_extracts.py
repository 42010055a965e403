"""Signed extracts: what they say of a day, and that not one byte of them can be altered unseen."""

import base64
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casework.audit import export
from casework.extract_proof import prove_extract
from casework.extracts import make_extract, sealed
from casework.signing import Signer, is_signed, read_public_key, signer, signer_of
from states.refusals import Refused

pytestmark = pytest.mark.clause("I21-6.1")

Programme = Any  # of conftest
NOW = datetime(2025, 6, 1, 2, tzinfo=UTC)
HALF_A_CHARACTER = (
    b'{"content": {"entries": [], "x": "\\ud800"}, "format": "linxuan extract 1", "sha256": "", "key_id": "",'
    b' "public_key": "", "signature": ""}'
)


@pytest.fixture
def key(programme: Programme) -> Signer:
    return signer(programme.desk.engine, as_of=NOW)


@pytest.fixture
def listed(programme: Programme) -> int:
    (id_,) = programme.bring(programme.begin(), "listed")
    return int(id_)


def extract(programme: Programme, key: Signer, who: str = "示例机构1", on: date = date(2025, 1, 1)) -> bytes:
    return make_extract(programme.desk, who, on=on, signer=key, as_of=NOW)


def says(file: bytes) -> Any:
    return json.loads(file)["content"]


@pytest.mark.clause("I21-4.1", "B3-1.5", "B3-4.5", "D-1")
def test_it_says_where_the_institution_stands_and_by_which_decisions(
    programme: Programme, key: Signer, listed: int
) -> None:
    found = says(extract(programme, key))
    assert (found["on"], found["institution"], found["uscc"], found["in_directory"]) == (
        "2025-01-01", "示例机构1", "U1", True,
    )  # fmt: skip
    [entry] = found["entries"]
    publicity, decisions = entry.pop("publicity"), entry.pop("decisions")
    assert entry == {
        "no": "B3-SJAQ-0001", "track": "评价", "call": "B3", "occupation": "SJAQ",
        "occupation_title": "数据安全工程技术人员", "levels": "初级、中级", "province": "重庆市",
        "recommender": "重庆市人力资源和社会保障局", "address": "", "phone": "", "mailbox": "",
        "term": 1, "from": "2024-10-10", "to": "2027-10-10",
        "status": "有效", "fees": None,
    }  # fmt: skip
    assert publicity["explanation"].startswith("自2024-09-26起5个工作日（17:00发布，当日不计，D-1）")
    assert (publicity["first_day_counted"], publicity["last_day"], publicity["clause"]) == (
        "2024-09-27", "2024-10-09", "B3-4.5",
    )  # fmt: skip
    assert [(each["move"], each["by"], each["at"], each["clause"]) for each in decisions] == [
        ("publicise", "group", "2024-09-26T17:00:00+08:00", "B3-4.5"),
        ("list", "clock", "2024-10-10T00:00:00+08:00", "B3-4.6"),
    ]
    stored = dict(programme.rows("SELECT seq, hash FROM audit"))
    assert [stored[each["seq"]] for each in decisions] == [each["hash"] for each in decisions]


@pytest.mark.clause("D-8")
def test_a_renewed_term_names_its_renewal_as_well(programme: Programme, key: Signer, listed: int) -> None:
    programme.make("record_activity", listed, datetime(2025, 3, 3, 2, tzinfo=UTC), person_times=100)
    programme.apply(listed, datetime(2027, 5, 10, 2, tzinfo=UTC))
    programme.make("approve_renewal", listed, datetime(2027, 6, 1, 2, tzinfo=UTC))
    later = datetime(2028, 1, 1, 2, tzinfo=UTC)
    file = make_extract(programme.desk, "U1", on=date(2027, 12, 1), signer=key, as_of=later)
    [entry] = says(file)["entries"]
    assert (entry["term"], [each["move"] for each in entry["decisions"]]) == (
        2, ["publicise", "list", "approve_renewal"],
    )  # fmt: skip
    assert [(each["term"], each["to"]) for each in says(file)["former"]] == [(1, "2027-10-10")]


def test_it_says_as_surely_that_an_institution_does_not_stand_there(
    programme: Programme, key: Signer, listed: int
) -> None:
    found = says(extract(programme, key, on=date(2024, 10, 9)))
    assert (found["in_directory"], found["entries"], found["former"]) == (False, [], [])
    proof = prove_extract(extract(programme, key, on=date(2024, 10, 9)), key.public)
    assert proof.proved[1] == (
        "工程指导协调小组办公室于2025-06-01 10:00:00证明：2024-10-09，示例机构1（U1）不在目录中。"
    )


def test_one_that_left_is_told_with_the_days_it_stood(programme: Programme, key: Signer, listed: int) -> None:
    programme.make("remove", listed, datetime(2025, 1, 15, 2, tzinfo=UTC), ground="violation", finding="示例")
    found = says(extract(programme, key, on=date(2025, 3, 1)))
    assert (found["in_directory"], found["former"]) == (
        False,
        [{"no": "B3-SJAQ-0001", "term": 1, "track": "评价", "occupation": "SJAQ", "from": "2024-10-10", "to": "2025-01-15"}],
    )  # fmt: skip


def test_a_credit_code_nobody_here_has_is_answered_too(programme: Programme, key: Signer) -> None:
    found = says(extract(programme, key, "91110000600037341L"))
    assert (found["institution"], found["uscc"], found["in_directory"]) == ("", "91110000600037341L", False)


def test_a_case_number_asks_for_that_case_alone(programme: Programme, key: Signer, listed: int) -> None:
    found = says(extract(programme, key, " b3-sjaq-0001 "))
    assert (found["asked_no"], [each["no"] for each in found["entries"]]) == (
        "B3-SJAQ-0001",
        ["B3-SJAQ-0001"],
    )


@pytest.mark.parametrize(
    ("who", "on", "sentence"),
    [
        (
            "无此机构",
            date(2025, 1, 1),
            "没有名称、统一社会信用代码或申报编号为“无此机构”的机构，请写全称或18位统一社会信用代码。",
        ),
        ("U1", date(2025, 6, 2), "2025-06-02尚未到来，不能出具该日的目录摘录。"),
    ],
)
def test_what_cannot_be_said_is_refused(
    programme: Programme, key: Signer, listed: int, who: str, on: date, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        extract(programme, key, who, on)
    assert refused.value.sentence == sentence


def test_two_institutions_of_one_name_are_told_apart_by_their_codes(
    programme: Programme, key: Signer
) -> None:
    programme.begin(2)
    programme.spoil("UPDATE institution SET name = '同名机构'")
    with pytest.raises(Refused, match="名称为“同名机构”的机构有2家，请改用统一社会信用代码"):
        extract(programme, key, "同名机构")


def test_it_proves_itself_in_words(programme: Programme, key: Signer, listed: int) -> None:
    proof = prove_extract(extract(programme, key), key.public)
    posted, listed_at = (each["seq"] for each in proof.says["entries"][0]["decisions"])
    decisions = (
        f"列入拟公示名单（审计第{posted}条，2024-09-26 17:00:00）；"
        f"列入目录（审计第{listed_at}条，2024-10-10 00:00:00）"
    )
    term = "评价机构，数据安全工程技术人员初级、中级，第1个有效期2024-10-10至2027-10-10，有效"
    assert proof.proved == [
        f"文件由密钥{key.key_id}签发，自签发以来一个字节也没有改动。",
        "工程指导协调小组办公室于2025-06-01 10:00:00证明：2025-01-01，示例机构1（U1）在目录中，共1项。",
        f"B3-SJAQ-0001：{term}；决定：{decisions}。",
    ]


def test_it_names_nobody(programme: Programme, key: Signer, listed: int) -> None:
    text = extract(programme, key).decode()
    assert [word for word in ("经办", "示例工程", "contact", "示例函") if word in text] == []


def test_no_byte_of_it_can_be_altered_dropped_or_put_in(
    programme: Programme, key: Signer, listed: int
) -> None:
    file = extract(programme, key)
    prove_extract(file, key.public)
    altered = [file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :] for at in range(len(file))]
    altered += [file[:at] + file[at + 1 :] for at in range(0, len(file), 7)]
    altered += [file[:at] + b" " + file[at:] for at in range(0, len(file) + 1, 7)]
    accepted = []
    for each in altered:
        try:
            prove_extract(each, key.public)
        except Refused:
            continue
        accepted.append(each)
    assert accepted == []


@pytest.mark.parametrize(
    "hostile",
    [
        b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b" " * (6 << 20),
        b'{"content": {"entries": NaN}}', HALF_A_CHARACTER,
    ],
)  # fmt: skip
def test_what_is_no_extract_is_refused_in_a_sentence(key: Signer, hostile: bytes) -> None:
    with pytest.raises(Refused, match="摘录不能采信"):
        prove_extract(hostile, key.public)


def test_another_key_proves_nothing(programme: Programme, key: Signer, listed: int) -> None:
    other = signer_of(Ed25519PrivateKey.generate())
    with pytest.raises(Refused, match="不是用所给公钥对应的密钥签的"):
        prove_extract(extract(programme, key), other.public)
    forged = sealed(says(extract(programme, key)), other)
    with pytest.raises(Refused, match="不是用所给公钥对应的密钥签的"):
        prove_extract(forged, key.public)
    claimed = json.loads(forged)
    claimed |= {"public_key": key.public, "key_id": key.key_id}
    with pytest.raises(Refused, match="签名与内容不符"):
        prove_extract(json.dumps(claimed).encode(), key.public)


def test_an_exported_log_bears_it_out(programme: Programme, key: Signer, listed: int) -> None:
    file = extract(programme, key)
    log = list(export(programme.desk.engine))
    proof = prove_extract(file, key.public, log=log)
    assert proof.proved[-1] == f"所记的2条审计记录都在日志中，日志{len(log)}条记录首尾连贯。"
    programme.begin()
    prove_extract(file, key.public, log=export(programme.desk.engine))
    with pytest.raises(Refused, match="不符，或日志导出得更早"):
        prove_extract(file, key.public, log=log[:-1])
    with pytest.raises(Refused, match="审计日志不连贯"):
        prove_extract(file, key.public, log=[*log[:-1], log[-1].replace('"list"', '"lisp"')])


@pytest.mark.clause("M24-11.6a")
def test_the_key_is_made_once_kept_encrypted_and_its_birth_is_on_record(programme: Programme) -> None:
    first = signer(programme.desk.engine, as_of=NOW)
    assert signer(programme.desk.engine, as_of=NOW).public == first.public
    [(private,)] = programme.rows("SELECT private FROM signing_key")
    assert private.startswith("gAAAA")
    rows = programme.rows("SELECT detail FROM audit WHERE kind = 'signing'")
    assert [json.loads(detail) for (detail,) in rows] == [{"key_id": first.key_id, "public": first.public}]
    assert "private" not in repr(first).lower()


def test_a_public_key_is_read_as_it_is_printed_or_as_pem(key: Signer, tmp_path: Path) -> None:
    assert read_public_key(f" {key.public}\n") == key.public
    assert read_public_key(key.pem) == key.public
    for wrong in ("", "x", key.public[:-4], "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----"):
        with pytest.raises(Refused, match="公钥无法识别"):
            read_public_key(wrong)


def test_a_signature_is_written_one_way_only(key: Signer) -> None:
    signature = key.sign(b"content")
    assert is_signed(b"content", signature, key.public)
    raw = base64.b64decode(signature)
    for other in (
        signature + "\n",
        signature.rstrip("="),
        base64.urlsafe_b64encode(raw + b"x").decode(),
        "???",
    ):
        assert not is_signed(b"content", other, key.public)
