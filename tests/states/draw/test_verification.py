import copy
import json

import pytest

from states.draw.certificate import fingerprint
from states.draw.verification import verify


def refreshed(certificate: dict) -> dict:
    """As a clever forger would leave it: with a fingerprint that fits."""
    return {**certificate, "sha256": fingerprint(certificate)}


@pytest.mark.clause("M24-7.3c")
def test_a_true_certificate_says_what_it_proves(certificate):
    proof = verify(json.loads(json.dumps(certificate)))
    assert proof.faults == []
    assert proof.proved == [
        "证书自生成以来没有改动过一个字节。",
        "冻结的专家库（60人）与公布的哈希一致。",
        "排除名单（6人）与公布的哈希一致，每人都注明了规则。",
        "批次、职业、轮次、席位和条件与抽取前公布的一致。",
        "办公室的密钥与抽取前公布的承诺一致，事后不能更换。",
        "由密钥和公开数字“0713223142705”重新计算54个签号，得到同样的7名专家。",
    ]


def test_the_sealed_form_opens_every_pseudonym(sealed):
    assert verify(sealed).proved[-1] == "密封部分的每个姓名都能打开对应的代号。"


def test_the_public_form_names_nobody(certificate):
    assert "示例专家" not in json.dumps(certificate, ensure_ascii=False)


def test_every_altered_byte_is_noticed(certificate):
    text = json.dumps(certificate, ensure_ascii=False)
    step = max(1, len(text) // 400)
    for at in range(0, len(text), step):
        other = "7" if text[at] != "7" else "8"
        altered = text[:at] + other + text[at + 1 :]
        try:
            parsed = json.loads(altered)
        except ValueError:
            continue
        if parsed != certificate:
            assert verify(parsed).faults != [], (at, text[max(0, at - 20) : at + 20])


def changes(certificate: dict):
    def changed(act):
        forged = copy.deepcopy(certificate)
        act(forged)
        return refreshed(forged)

    first, second = certificate["tickets"][0]["pseudonym"], certificate["tickets"][-1]["pseudonym"]
    yield "another digit", changed(lambda c: c.update(digits="0713223142706"))
    yield "another secret", changed(lambda c: c.update(secret="00" * 32))
    yield "a seat for a friend", changed(lambda c: c["seats"].__setitem__(0, second))
    yield "a removed exclusion", changed(lambda c: c["exclusions"].pop())
    yield (
        "an added exclusion",
        changed(lambda c: c["exclusions"].append({"pseudonym": first, "rule": "R-1", "clause": "M24-7.3b"})),
    )
    yield "a removed expert", changed(lambda c: c["pool"].pop(0))
    yield "an expert twice", changed(lambda c: c["pool"].append(c["pool"][0]))
    yield "a reordered pool", changed(lambda c: c["pool"].reverse())
    yield "another employer", changed(lambda c: c["pool"][0].update(employer="f" * 32))
    yield "a looser constraint", changed(lambda c: c["frame"]["constraints"].update(per_employer=2))
    yield "another call", changed(lambda c: c["frame"].update(call="B4"))
    yield "swapped tickets", changed(lambda c: c["tickets"].insert(0, c["tickets"].pop()))
    yield "something added", changed(lambda c: c.update(note="x"))
    yield "something missing", changed(lambda c: c.pop("supervisor"))


def test_a_forged_certificate_with_a_fitting_fingerprint_is_still_refused(certificate):
    assert [what for what, forged in changes(certificate) if verify(forged).ok] == []


def test_a_wrong_name_in_the_sealed_form_is_noticed(sealed):
    forged = copy.deepcopy(sealed)
    forged["identities"][3]["name"] = "另一位专家"
    assert verify(forged).faults == ["密封部分的姓名与代号不符。"]


@pytest.mark.parametrize("rubbish", [None, [], "x", {}, {"format": 1}, {"format": "linxuan draw 1"}])
def test_what_is_no_certificate_is_refused_in_words(rubbish):
    assert verify(rubbish).faults != []
