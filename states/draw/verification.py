"""Checking a certificate with nothing but the certificate: no database, no network.

Each check says in words what it proved. The draw is done again from the parts; whatever differs is named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from states.draw.certificate import Certificate, Identity, fingerprint, ticket_records
from states.draw.frame import FORMAT, Candidate, Constraints, Exclusion, Frame, Pool
from states.draw.lots import SECRET, attempt, commitment, too_few
from states.refusals import Refused

PARTS = {
    "format": str, "frame": dict, "frame_sha256": str, "pool": list, "exclusions": list, "commitment": str,
    "committed_at": str, "digits": str, "source": str, "supervisor": str, "drawn_at": str, "secret": str,
    "seed": str, "tickets": list, "seats": list, "sha256": str,
}  # fmt: skip


@dataclass(slots=True)
class Proof:
    """What was proved, and what was found to be wrong."""

    proved: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults


def verify(certificate: Certificate) -> Proof:
    """Check every part of a certificate, public or sealed. Never raises for what a certificate contains."""
    proof = Proof()
    faults = list(_malformed(certificate))
    if faults:
        proof.faults = faults
        return proof
    try:
        frame = _frame(certificate)
    except (Refused, KeyError, TypeError, ValueError, AttributeError) as error:
        proof.faults.append(f"证书内容不成其为一次抽取：{error}")
        return proof
    checks = [_fingerprint, _hashes, _commitment, _draw]
    if "identities" in certificate:
        checks.append(_identities)
    for check in checks:
        try:
            check(certificate, frame, proof)
        except (Refused, KeyError, TypeError, ValueError, AttributeError, RecursionError):
            proof.faults.append("证书中有不能核验的内容。")
    return proof


def _malformed(certificate: Any) -> Iterator[str]:
    if not isinstance(certificate, Mapping):
        yield "不是抽取证书。"
        return
    for key, kind in PARTS.items():
        if key not in certificate:
            yield f"证书缺少“{key}”。"
        elif not isinstance(certificate[key], kind):
            yield f"证书中“{key}”的写法不对。"
    yield from (
        f"证书中有不应有的“{key}”。" for key in certificate if key not in PARTS and key != "identities"
    )
    if certificate.get("format") not in (None, FORMAT):
        yield f"证书格式“{certificate['format']}”不是“{FORMAT}”。"


def _frame(certificate: Certificate) -> Frame:
    about = certificate["frame"]
    return Frame(
        about["call"], about["occupation"], about["round"], about["seats"], Constraints(**about["constraints"]),
        Pool(
            Candidate(each["pseudonym"], each["employer"], each["province"], tuple(each["fields"]))
            for each in certificate["pool"]
        ),
        tuple(Exclusion(each["pseudonym"], each["rule"], each["clause"]) for each in certificate["exclusions"]),
        tuple(about["standing"]),
    )  # fmt: skip


def _fingerprint(certificate: Certificate, _: Frame, proof: Proof) -> None:
    if fingerprint(certificate) == certificate["sha256"]:
        proof.proved.append("证书自生成以来没有改动过一个字节。")
    else:
        proof.faults.append("证书内容与其指纹（sha256）不符，证书被改动过。")


def _hashes(certificate: Certificate, frame: Frame, proof: Proof) -> None:
    about = certificate["frame"]
    parts = (
        (about.get("pool_sha256") == frame.pool.sha256 and _as_frozen(certificate, frame),
         f"冻结的专家库（{len(frame.pool)}人）与公布的哈希一致。", "专家库与公布的哈希不一致。"),
        (about.get("exclusions_sha256") == frame.exclusions_sha256,
         f"排除名单（{len(frame.exclusions)}人）与公布的哈希一致，每人都注明了规则。", "排除名单与公布的哈希不一致。"),
        (dict(frame.record()) == dict(about) and frame.sha256 == certificate["frame_sha256"],
         "批次、职业、轮次、席位和条件与抽取前公布的一致。", "抽取条件与公布的哈希不一致。"),
    )  # fmt: skip
    for holds, good, bad in parts:
        (proof.proved if holds else proof.faults).append(good if holds else bad)


def _as_frozen(certificate: Certificate, frame: Frame) -> bool:
    """The pool as it stands in the certificate is the pool that was hashed: nothing beside it, nothing twice."""
    return bool(certificate["pool"] == list(frame.pool.records))


def _commitment(certificate: Certificate, _: Frame, proof: Proof) -> None:
    secret = certificate["secret"]
    if SECRET.fullmatch(secret) and commitment(secret) == certificate["commitment"]:
        proof.proved.append("办公室的密钥与抽取前公布的承诺一致，事后不能更换。")
    else:
        proof.faults.append("密钥与抽取前公布的承诺不一致。")


def _draw(certificate: Certificate, frame: Frame, proof: Proof) -> None:
    try:
        drawn = attempt(frame, certificate["secret"], certificate["digits"])
    except (Refused, ValueError) as refusal:
        proof.faults.append(f"按证书内容不能重现抽取：{refusal}")
        return
    if drawn.seed != certificate["seed"]:
        proof.faults.append("种子不是由密钥、公开数字和抽取条件算出的。")
    tickets = ticket_records(drawn)
    if tickets != certificate["tickets"]:
        proof.faults.append("签号或各人的结果与重新计算的不一致。")
    if list(drawn.seats) != certificate["seats"]:
        proof.faults.append("入选名单与重新计算的不一致。")
    if drawn.seed == certificate["seed"] and tickets == certificate["tickets"]:
        if (empty := too_few(frame, drawn)) is not None:
            proof.proved.append(f"本轮抽取作废，没有人入选：{empty}")
            return
        proof.proved.append(
            f"由密钥和公开数字“{certificate['digits']}”重新计算{len(tickets)}个签号，"
            f"得到同样的{len(drawn.seats)}名专家。"
        )


def _identities(certificate: Certificate, frame: Frame, proof: Proof) -> None:
    known = frame.pool.by_pseudonym.keys()
    try:
        names = [(record["pseudonym"], _opened(record)) for record in certificate["identities"]]
    except (KeyError, TypeError):
        proof.faults.append("密封部分的写法不对。")
        return
    if any(claimed != found for claimed, found in names) or {claimed for claimed, _ in names} != known:
        proof.faults.append("密封部分的姓名与代号不符。")
    else:
        proof.proved.append("密封部分的每个姓名都能打开对应的代号。")


def _opened(record: Mapping[str, str]) -> str:
    identity = Identity(record["expert"], record["name"], record["employer"], record["uscc"], record["nonce"])
    return identity.pseudonym
