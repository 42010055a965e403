"""The rules of one call, complete: what its notice says, over its regime, over the life after listing."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from states import places
from states.labels import TRACKS
from states.occupations import OCCUPATIONS, Occupation, find_occupation
from states.refusals import Refused
from states.rule_tables import LifeRules, SelectionRules, TrackTerms
from states.ruled import Ruled, Strict, TrackName


def _occupations(raw: Any, info: ValidationInfo) -> Any:
    if not isinstance(raw, list):
        return raw
    known: Mapping[str, Occupation] = (info.context or {}).get("occupations", OCCUPATIONS)
    for word in raw:
        if word not in known:
            raise ValueError(f"职业代码“{word}”不存在，可用的有：{'、'.join(known)}")
        if raw.count(word) > 1:
            raise ValueError(f"职业代码“{word}”重复")
    return tuple(known[word] for word in raw)


Occupations = Annotated[tuple[Occupation, ...], BeforeValidator(_occupations)]


def _region(word: str) -> str:
    if f"P{word}" not in places.OFFICES:
        raise ValueError(f"“{word}”不是省级行政区划代码的前两位，如重庆写 50，新疆生产建设兵团写 66")
    return word


Region = Annotated[str, AfterValidator(_region)]


class Header(Strict):
    """What names a call and fixes its days; a `sample` is there to rehearse with, never to be opened in earnest.

    `province` is the two-digit code of the province whose own call it is (M24-8); None for a national one.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,9}$")]
    name: str
    title: str
    regime: str
    notice: date
    sample: bool = False
    province: Region | None = None
    opens: Ruled[date]
    filing_closes: Ruled[date]
    paper_due: Ruled[date]
    occupations: Ruled[Occupations]


class TrackRules(Header, SelectionRules, LifeRules, TrackTerms):
    """Every rule that governs one track of one call, flat: `rules.publicity.value`, `rules.publicity.clause`.

    `call` and `code` are both the call's code; days are Shanghai days, spans as in states.spans.
    """

    track: TrackName

    @property
    def call(self) -> str:
        """The call's code."""
        return self.code

    @property
    def kept_by_province(self) -> bool:
        """Whether provinces look after what is listed: training institutions, whoever selected them (M24-3.2)."""
        return self.track == "training"

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the content, to pin a case to the rules it started under."""
        return sha256(repr(self).encode()).hexdigest()[:12]

    def offered(self, occupation: str, through: places.Office | None = None) -> Occupation:
        """The occupation as this track offers it; Refused when it is not offered, or closed (CQ23-1.3a).

        ``through`` is the office an application came through: where the track is closed, the sentence names the
        province to turn to (B3-5.2).
        """
        if not self.open.value:
            raise Refused(
                f"{self.name}不受理{TRACKS[self.track]}机构申报，{self._instead(through)}",
                clause=self.open.clause,
            )
        try:
            found = find_occupation(occupation, self.occupations.value)
        except Refused as refusal:
            raise Refused(refusal.sentence, clause=self.occupations.clause) from None
        closed = self.closed_occupations
        if closed is not None and found.code in closed.value:
            raise Refused(
                f"{found.title}已遴选{TRACKS[self.track]}机构，{self.name}不再受理该职业申报",
                clause=closed.clause,
            )
        return found

    def _instead(self, through: places.Office | None) -> str:
        if self.track == "evaluation":
            return "评价机构由工程指导协调小组遴选，请按其遴选通知申报"
        named = through is not None and through.region
        return f"请向{through.name if through and named else '所在地省级人力资源社会保障部门'}咨询"

    def takes_from(self, office: places.Office) -> bool:
        """Whether applications of this call may come through `office` (B3-4.1, CQ23-4.1)."""
        if self.province is not None and office.region != self.province:
            return False
        if self.offices is not None and office.code not in self.offices.value:
            return False
        return office.kind in self.channels.value

    def __hash__(self) -> int:
        return hash((self.code, self.track, self.digest))


class CallRules(Header, SelectionRules, LifeRules):
    """The rules of one call; what differs by track stands under `tracks`, or flat in `track(name)`."""

    tracks: dict[TrackName, TrackTerms]

    def track(self, name: str) -> TrackRules:
        """All rules of one track (`evaluation` or `training`); Refused when there is no such track."""
        return self._by_track[one_of_tracks(name)]

    @cached_property
    def _by_track(self) -> Mapping[TrackName, TrackRules]:
        shared = {key: getattr(self, key) for key in type(self).model_fields if key != "tracks"}
        return {
            name: TrackRules.model_construct(track=name, **{**shared, **_own(terms)})
            for name, terms in self.tracks.items()
        }

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the content."""
        return sha256(repr(self).encode()).hexdigest()[:12]

    def __hash__(self) -> int:
        return hash((self.code, self.digest))

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for fault in (
            *self._faults_of_days(), *self._faults_of_offices(), *self._faults_of_occupations(),
            *self._faults_of_the_province(),
        ):  # fmt: skip
            raise ValueError(fault)
        return self

    def _faults_of_days(self) -> list[str]:
        opens, closes, paper = self.opens.value, self.filing_closes.value, self.paper_due.value
        faults = []
        if opens < self.notice:
            faults.append(f"opens（{opens}）早于通知日期 notice（{self.notice}）")
        if closes < opens:
            faults.append(f"filing_closes（{closes}）早于 opens（{opens}）")
        if paper < opens:
            faults.append(f"paper_due（{paper}）早于 opens（{opens}）")
        cut_off = self.registered_on_or_before
        if cut_off is not None and cut_off.value >= closes:
            faults.append(f"registered_on_or_before（{cut_off.value}）应早于 filing_closes（{closes}）")
        return faults

    def _faults_of_offices(self) -> list[str]:
        named = {"offices": self.offices} | {
            f"tracks.{name}.offices": terms.offices for name, terms in self.tracks.items()
        }
        return [
            f"{key} 中的“{code}”不是推荐单位代码"
            for key, offices in named.items()
            for code in (() if offices is None else offices.value)
            if code not in places.OFFICES
        ]

    def _faults_of_the_province(self) -> list[str]:
        """A province selects training institutions, in its own name; it never selects others (M24-3.1, M24-8)."""
        if self.province is None:
            return []
        faults = []
        for name, terms in self.tracks.items():
            if not terms.open.value:
                continue
            if terms.decided_by.value != "province" and self.regime == "M24":
                faults.append(
                    f"tracks.{name}.open 不能为 true：{TRACKS[name]}机构由工程指导协调小组遴选，"
                    "省级批次只能遴选培训机构（M24-3.1）"
                )
            elif terms.decided_by.value == "province" and terms.quota.scope != "province":
                faults.append(f"tracks.{name}.quota 的 scope 应为 province，现为“{terms.quota.scope}”")
        return faults

    def _faults_of_occupations(self) -> list[str]:
        offered = {occupation.code for occupation in self.occupations.value}
        named = {
            f"tracks.{name}.closed_occupations": terms.closed_occupations.value
            for name, terms in self.tracks.items()
            if terms.closed_occupations is not None
        } | {
            f"tracks.{name}.quota.by_occupation": tuple(t.quota.by_occupation)
            for name, t in self.tracks.items()
        }
        return [
            f"{key} 中的“{code}”不在本批次 occupations 之内"
            for key, codes in named.items()
            for code in codes
            if code not in offered
        ]


def _own(terms: TrackTerms) -> Mapping[str, Any]:
    """What a track says for itself; where it names no offices, those of the call stand."""
    own = {key: getattr(terms, key) for key in TrackTerms.model_fields}
    return {key: value for key, value in own.items() if key != "offices" or value is not None}


def one_of_tracks(name: str) -> TrackName:
    """The track's key, from the key itself or its Chinese name; Refused otherwise."""
    for key, label in TRACKS.items():
        if name in (key, label, f"{label}机构"):
            return "training" if key == "training" else "evaluation"
    raise Refused(f"没有“{name}”这类机构，只有：{'、'.join(f'{k}（{v}）' for k, v in TRACKS.items())}")
