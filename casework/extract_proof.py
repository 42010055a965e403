"""Checking an extract with nothing but the file and a public key; each thing proved is said in words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from casework.audit import verify_export
from casework.extracts import CLAUSE, FORMAT, written
from casework.signing import is_signed, key_id_of
from states.draw.canonical import text
from states.refusals import Refused

LARGEST = 5 << 20
_PARTS = {"format", "content", "sha256", "key_id", "public_key", "signature"}
_LOG_COLUMNS = 13


@dataclass(frozen=True, slots=True)
class ExtractProof:
    """What an extract says, and what was proved of it, in Chinese."""

    says: Mapping[str, Any]
    proved: list[str] = field(default_factory=list)


def prove_extract(file: bytes, public_key: str, *, log: Iterable[str] | None = None) -> ExtractProof:
    """Check an extract, to the byte, with a public key as ``read_public_key`` gives it.

    With the lines of an exported audit log (``log``) also that the decisions it names stand there, and that the log
    holds together. Raises Refused with the first thing that is wrong.
    """
    document = _document(file)
    content = text(document["content"]).encode()
    if document["public_key"] != public_key or document["key_id"] != key_id_of(public_key):
        raise _wrong("不是用所给公钥对应的密钥签的")
    if not is_signed(content, str(document["signature"]), public_key):
        raise _wrong("签名与内容不符，内容或签名被改动过")
    if document["sha256"] != sha256(content).hexdigest():
        raise _wrong("所记的校验值与内容不符")
    if written(document) != file:
        raise _wrong("签名以外的字节被改动过")
    says = document["content"]
    proof = ExtractProof(says, [
        f"文件由密钥{document['key_id']}签发，自签发以来一个字节也没有改动。",
        _verdict(says),
        *(_entry(each) for each in says["entries"]),
    ])  # fmt: skip
    if log is not None:
        proof.proved.append(_in_log(says, log))
    return proof


def _document(file: bytes) -> dict[str, Any]:
    if len(file) > LARGEST:
        raise _wrong("文件过大")
    try:
        document = json.loads(file.decode())
        says = document["content"]
        if set(document) != _PARTS or document["format"] != FORMAT or not isinstance(says["entries"], list):
            raise ValueError("another kind of document")
        text(document).encode()  # what JSON can say and canonical text cannot: NaN, half a character
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _wrong("不是 linxuan 出具的目录摘录") from None
    found: dict[str, Any] = document
    return found


def _verdict(says: Mapping[str, Any]) -> str:
    who = f"{says['institution']}（{says['uscc']}）" if says["institution"] else says["uscc"]
    about = f"（仅就申报{says['asked_no']}）" if says["asked_no"] else ""
    stood = f"在目录中，共{len(says['entries'])}项" if says["in_directory"] else "不在目录中"
    return f"{says['issuer']}于{_spoken(says['made_at'])}证明：{says['on']}，{who}{about}{stood}。"


def _entry(each: Mapping[str, Any]) -> str:
    listed = "；".join(
        f"{move['label']}（审计第{move['seq']}条，{_spoken(move['at'])}）" for move in each["decisions"]
    )
    return (
        f"{each['no']}：{each['track']}机构，{each['occupation_title']}{each['levels']}，第{each['term']}个有效期"
        f"{each['from']}至{each['to']}，{each['status']}；决定：{listed}。"
    )


def _in_log(says: Mapping[str, Any], log: Iterable[str]) -> str:
    wanted = {move["seq"]: move["hash"] for each in says["entries"] for move in each["decisions"]}
    wanted |= {says["audit"]["entries"]: says["audit"]["head"]} if says["audit"]["entries"] else {}
    found: dict[int, str] = {}

    def passing() -> Iterable[str]:
        for line in log:
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if isinstance(row, list) and len(row) == _LOG_COLUMNS and row[0] in wanted:
                found[row[0]] = row[-1]
            yield line

    report = verify_export(passing())
    if not report.ok:
        raise Refused(f"审计日志不连贯：{report.why}。", clause=CLAUSE)
    for seq, hash_ in sorted(wanted.items()):
        if found.get(seq) != hash_:
            raise Refused(f"审计日志第{seq}条与摘录所记的哈希不符，或日志导出得更早。", clause=CLAUSE)
    return f"所记的{len(wanted)}条审计记录都在日志中，日志{report.entries}条记录首尾连贯。"


def _wrong(why: str) -> Refused:
    return Refused(f"摘录不能采信：{why}。", clause=CLAUSE)


def _spoken(instant: Any) -> str:
    """An instant of the extract, which carries its zone, as a reader in Shanghai says it."""
    return str(instant).removesuffix("+08:00").replace("T", " ")
