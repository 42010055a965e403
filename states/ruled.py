"""A value of the rules together with the clause it comes from, and the kinds of values rule files hold."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fractions import Fraction
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from states.clauses import CLAUSES, SILENT
from states.labels import SCOPES
from states.refusals import Refused
from states.spans import Span

T = TypeVar("T")


class Strict(BaseModel):
    """Nothing converted, nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Ruled(Strict, Generic[T]):
    """A value and its clause.

    `clause` is 设置 where the texts are silent; then `setting` is true and `note` says in Chinese why the
    value is what it is. `clause` may also name a decision (D-n).
    """

    value: T
    clause: str = SILENT
    setting: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _rests_on_something(self, info: ValidationInfo) -> Self:
        if self.setting:
            if self.clause != SILENT:
                raise ValueError("标为设置（setting = true）的项不能再写条款编号")
            if not self.note:
                raise ValueError("标为设置（setting = true）的项须在 note 中说明理由")
            return self
        if self.clause == SILENT:
            raise ValueError("没有写明条款编号（clause），法规未规定的请写 setting = true 并用 note 说明")
        check_clause(self.clause, info)
        return self


class Generally(Ruled[T], Generic[T]):
    """A requirement that may be worded “一般应” (`generally`): falling short warns instead of blocking."""

    generally: bool = False


class Quota(Ruled[int]):
    """How many institutions at most per occupation, in the nation or in each province.

    `by_occupation` says otherwise for some occupations, by their codes.
    """

    value: Annotated[int, Field(gt=0)]
    scope: str
    by_occupation: dict[str, Annotated[int, Field(gt=0)]] = {}

    def of(self, occupation: str) -> int:
        """How many of this occupation."""
        return self.by_occupation.get(occupation, self.value)

    @model_validator(mode="after")
    def _scope_is_known(self) -> Self:
        one_of(self.scope, SCOPES)
        return self


def check_clause(id_: str, info: ValidationInfo) -> None:
    """ValueError, in Chinese, unless `id_` is a known clause or one the file brings along."""
    own: Iterable[str] = (info.context or {}).get("clauses", ())
    known = {*CLAUSES, *own}
    if id_ not in known:
        near = get_close_matches(id_, sorted(known), n=1)
        hint = f"，最接近的是“{near[0]}”" if near else ""
        raise ValueError(f"条款编号“{id_}”不存在{hint}")


def one_of(word: str, known: Mapping[str, str]) -> str:
    """`word` itself when it is one of the known words, else a ValueError in Chinese."""
    if word not in known:
        raise ValueError(f"不能写“{word}”，只能写：{'、'.join(known)}")
    return word


def _span(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    try:
        return Span.parse(raw)
    except Refused as refusal:
        raise ValueError(refusal.sentence) from refusal


def _fraction(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    try:
        share = Fraction(raw)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"比例“{raw}”无法识别，应写成“2/3”") from None
    if not 0 < share <= 1:
        raise ValueError(f"比例“{raw}”应大于0且不超过1")
    return share


def _several(raw: Any) -> Any:
    return tuple(raw) if isinstance(raw, list) else raw


SpanText = Annotated[Span, BeforeValidator(_span)]
SpanTexts = Annotated[tuple[SpanText, ...], BeforeValidator(_several), Field(min_length=1)]
Share = Annotated[Fraction, BeforeValidator(_fraction)]
Words = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
Count = Annotated[int, Field(gt=0)]
TrackName = Literal["evaluation", "training"]
