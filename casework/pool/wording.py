"""A profile in words, column by column, as a sheet would say it."""

from casework.pool.columns import ANY_DAY, NONE_WORDS
from casework.pool.profile import Profile
from states.recusal import Employment, Organisation, Tie

_NONE = NONE_WORDS[0]


def profile_texts(profile: Profile) -> dict[str, str]:
    """The known parts by column key; what is unknown is left out. Written so that the import reads them again."""
    texts: dict[str, str] = {}
    if profile.employment is not None:
        texts["employment"] = "；".join(map(_employment, profile.employment)) or _NONE
    if profile.ties is not None:
        texts["ties"] = "；".join(map(_tie, profile.ties)) or _NONE
    if profile.legal_representative is not None:
        texts["legal_representative"] = profile.legal_representative or _NONE
    if profile.shareholders is not None:
        texts["shareholders"] = "、".join(profile.shareholders) or _NONE
    if profile.service is not None:
        texts["service"] = "；".join(f"{uscc}｜{call}" for uscc, call in profile.service) or _NONE
    spans = profile.available
    texts["available"] = ANY_DAY if spans is None else "；".join(f"{a}至{b}" for a, b in spans) or _NONE
    return texts


def _employment(row: Employment) -> str:
    code = _code(row.organisation)
    return f"{row.organisation.name}｜{code}｜{row.since or ''}｜{row.until or '至今'}"


def _tie(tie: Tie) -> str:
    name, code = (tie.organisation.name, _code(tie.organisation)) if tie.organisation else ("", "")
    return f"{tie.kind.label}｜{name}｜{code}｜{tie.person}｜{tie.note}"


def _code(organisation: Organisation) -> str:
    return {None: "", "": _NONE}.get(organisation.uscc, organisation.uscc or "")
