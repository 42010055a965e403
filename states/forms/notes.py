"""Notes 1 and 3 of the forms: unit types and certificate classes, and how people write them."""

import re
import unicodedata
from enum import StrEnum


class UnitType(StrEnum):
    """Note 1. The notice's own list, in its order."""

    ASSOCIATION = "行业协会等社团组织"
    PUBLIC_INSTITUTION = "事业单位"
    ENTERPRISE = "企业"
    COLLECTIVE = "集体企业"
    PRIVATE = "民营企业"
    PRIVATE_NON_ENTERPRISE = "民办非企业单位"


class CertificateClass(StrEnum):
    """Note 3 of 附件2."""

    INDUSTRY = "行业证书"
    ENTERPRISE = "企业证书"
    REFORMED = "在已取消的职业资格证书基础上升级改造的新型证书"
    OTHER = "其他类型证书"


# Tried in this order: 民办非企业单位 and 集体企业 would otherwise pass for 企业.
_UNIT_TYPE_PATTERNS = (
    (UnitType.PRIVATE_NON_ENTERPRISE, r"民办非企业|^民非|社会服务机构"),
    (UnitType.PUBLIC_INSTITUTION, r"事业"),
    (UnitType.ASSOCIATION, r"社团|社会团体|协会|学会|商会|联合会|促进会|研究会"),
    (UnitType.COLLECTIVE, r"集体"),
    (UnitType.PRIVATE, r"民营|私营|民企"),
    (UnitType.ENTERPRISE, r"企业$|^[国央]企$|公司$|^企业"),
)

_CERTIFICATE_PATTERNS = (
    (CertificateClass.INDUSTRY, r"行业"),
    (CertificateClass.ENTERPRISE, r"企业"),
    (CertificateClass.REFORMED, r"升级改造|新型证书|已取消"),
    (CertificateClass.OTHER, r"其[他它]"),
)


def unit_type_of(text: str) -> UnitType | None:
    """The unit type meant by `text`: a name of the list or a common variant (国有企业, 民非, 社会团体).

    None when no type, or more than one, can be meant.
    """
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    for exact in UnitType:
        if compact == exact:
            return exact
    parts = re.split(r"[、,;/]", re.sub(r"\(.*?\)", "", compact))
    meant = {kind for kind in map(_unit_type_in, parts) if kind}
    return meant.pop() if len(meant) == 1 else None


def _unit_type_in(text: str) -> UnitType | None:
    return next((kind for kind, pattern in _UNIT_TYPE_PATTERNS if re.search(pattern, text)), None)


def certificate_classes_of(text: str) -> tuple[CertificateClass, ...]:
    """Every certificate class `text` names, in the order of the list; empty when it names none."""
    compact = re.sub(r"\s", "", text)
    return tuple(kind for kind, pattern in _CERTIFICATE_PATTERNS if re.search(pattern, compact))
