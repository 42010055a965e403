"""The draw of a random inspection: objects and inspectors by one seed, each step possible by hand (I21-6.2, M24-16b).

seed             = as in ``states.draw.lots``, over this frame's hash
object's ticket  = HMAC-SHA-256(seed, "object\\n" + case number): the lowest are inspected
inspector's      = HMAC-SHA-256(seed, "inspector\\n" + case number + "\\n" + code): for each object the lowest sit
                   who may; nobody inspects an object named in the inspector's ``avoids``
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from states.draw import canonical
from states.draw.lots import commitment, seed_from
from states.refusals import Refused

FORMAT = "linxuan inspection 1"
CLAUSE = "I21-6.2"


@dataclass(frozen=True, slots=True)
class Inspector:
    """Somebody who may inspect. ``avoids`` are case numbers, for an employer or a tie declared beforehand."""

    code: str
    name: str
    employer: str
    avoids: tuple[str, ...] = ()

    def record(self) -> Mapping[str, Any]:
        """As it is hashed and published."""
        return {
            "code": self.code,
            "name": self.name,
            "employer": self.employer,
            "avoids": sorted(self.avoids),
        }


@dataclass(frozen=True, slots=True)
class InspectionFrame:
    """Everything fixed before the digits are known. Refused for a frame from which nothing could be drawn."""

    no: str
    objects: tuple[str, ...]
    inspectors: tuple[Inspector, ...]
    count: int
    per_object: int = 2

    def __post_init__(self) -> None:
        if len(set(self.objects)) != len(self.objects):
            raise Refused("抽查对象有重复，不能抽取。", clause=CLAUSE)
        if len({each.code for each in self.inspectors}) != len(self.inspectors):
            raise Refused("检查人员的编号有重复，不能抽取。", clause=CLAUSE)
        if not 1 <= self.count <= len(self.objects):
            raise Refused(f"抽查对象共{len(self.objects)}家，不能抽取{self.count}家，请核对。", clause=CLAUSE)
        if self.per_object < 1:
            raise Refused("每个对象至少由1名人员检查。", clause=CLAUSE)
        for each in self.objects:
            able = sum(each not in inspector.avoids for inspector in self.inspectors)
            if able < self.per_object:
                raise Refused(
                    f"检查人员不足：可以检查{each}的只有{able}人，须{self.per_object}人，请补充人员名单。",
                    clause=CLAUSE,
                )

    def record(self) -> Mapping[str, Any]:
        """The frame as it is hashed and published."""
        return {
            "format": FORMAT,
            "no": self.no,
            "objects": sorted(self.objects),
            "inspectors": sorted(
                (dict(each.record()) for each in self.inspectors), key=lambda each: each["code"]
            ),
            "count": self.count,
            "per_object": self.per_object,
        }

    @property
    def sha256(self) -> str:
        """The hash that is published with the commitment."""
        return canonical.digest(canonical.text(self.record()))


def frame_of(record: Mapping[str, Any]) -> InspectionFrame:
    """The frame again from its record. Raises KeyError, TypeError or Refused for one that is none."""
    people = [
        Inspector(p["code"], p["name"], p["employer"], tuple(p["avoids"])) for p in record["inspectors"]
    ]
    return InspectionFrame(
        record["no"], tuple(record["objects"]), tuple(people), record["count"], record["per_object"]
    )


def draw_inspection(frame: InspectionFrame, secret: str, digits: str) -> list[tuple[str, tuple[str, ...]]]:
    """Who is inspected, in the order drawn, each with the codes of the inspectors. Refused for bad digits."""
    key = bytes.fromhex(seed_from(secret, digits, frame.sha256))

    def ticket(*parts: str) -> bytes:
        return hmac.digest(key, "\n".join(parts).encode(), "sha256")

    drawn = sorted(frame.objects, key=lambda no: ticket("object", no))[: frame.count]
    found = []
    for no in drawn:
        able = [each.code for each in frame.inspectors if no not in each.avoids]
        able.sort(key=lambda code: ticket("inspector", no, code))
        found.append((no, tuple(able[: frame.per_object])))
    return found


def certify_inspection(
    frame: InspectionFrame, secret: str, digits: str, ceremony: Mapping[str, str]
) -> dict[str, Any]:
    """The certificate; ``ceremony`` says when it was committed to and drawn, where the digits came from, who typed them."""
    body = {
        "format": FORMAT,
        "frame": dict(frame.record()),
        "frame_sha256": frame.sha256,
        "commitment": commitment(secret),
        "secret": secret,
        "digits": digits,
        **ceremony,
        "drawn": [
            {"object": no, "inspectors": list(codes)} for no, codes in draw_inspection(frame, secret, digits)
        ],
    }
    return {**body, "sha256": canonical.digest(canonical.text(body))}


def inspection_fault(certificate: Mapping[str, Any]) -> str | None:
    """What is wrong with a certificate, in Chinese, worked out from it alone; None when it holds."""
    try:
        frame, secret, digits = frame_of(certificate["frame"]), certificate["secret"], certificate["digits"]
        body = {key: value for key, value in certificate.items() if key != "sha256"}
        if certificate["sha256"] != canonical.digest(canonical.text(body)):
            return "证书内容与其哈希不符。"
        if certificate["frame_sha256"] != frame.sha256:
            return "抽查名单与抽取前公布的哈希不符。"
        if certificate["commitment"] != commitment(secret):
            return "密钥与抽取前公布的承诺不符。"
        again = [
            {"object": no, "inspectors": list(codes)} for no, codes in draw_inspection(frame, secret, digits)
        ]
        return None if certificate["drawn"] == again else "抽取结果与重新计算的不一致。"
    except Refused as refusal:
        return refusal.sentence
    except (KeyError, TypeError, ValueError, AttributeError):
        return "证书的写法不对。"
