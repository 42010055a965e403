"""The words a recommendation form is declared in: form, section, field, column."""

from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cached_property


class FormKind(StrEnum):
    """Which form: 附件1 for training institutions, 附件2 for evaluation institutions."""

    TRAINING = "training"
    EVALUATION = "evaluation"


class Level(StrEnum):
    """The three professional levels every occupation has (I21-3.1)."""

    JUNIOR = "初级"
    INTERMEDIATE = "中级"
    SENIOR = "高级"


class Section(StrEnum):
    """The headed parts of a form, as printed; the first part has no heading of its own."""

    SCOPE = "申报职业"
    INSTITUTION = "申报单位基本情况"
    FOUNDATION = "已有基础"
    PLAN = "下一步工作方案"
    COMMITMENT = "承诺"
    RECOMMENDATION = "推荐意见"


class Takes(StrEnum):
    """What a field or a column is filled with."""

    TEXT = auto()
    LONG_TEXT = auto()
    WHOLE = auto()  # a whole number of persons, person-times or certificates
    MONEY = auto()  # in the unit the label prints: 万元, or 元 for fees
    YEAR = auto()
    DATE = auto()
    YES_NO = auto()
    LEVELS = auto()
    UNIT_TYPE = auto()
    CERTIFICATE_CLASSES = auto()
    USCC = auto()
    IDENTITY_NUMBER = auto()
    PHONE = auto()
    MAILBOX = auto()
    ROWS = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a field that is a small table. `label` is as printed."""

    key: str
    label: str
    takes: Takes = Takes.TEXT
    required: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    `label` is as printed; `group` is the label printed to its left when that one covers several fields
    (申报联系人 covers 姓名, 电话, 职务, 邮箱). `limit` counts characters as `lengths.characters` does. `prompt`
    is the hint printed inside the field. `aliases` are other spellings of the label seen in print or in use.
    """

    key: str
    label: str
    section: Section
    takes: Takes = Takes.TEXT
    group: str | None = None
    required: bool = True
    limit: int | None = None
    prompt: str = ""
    columns: tuple[Column, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The printed label, with its group where the label alone would name several fields."""
        return f"{self.group}·{self.label}" if self.group and self.takes is not Takes.ROWS else self.label


@dataclass(frozen=True)
class Form:
    """A printed form: its title, the clause that asks for it, its fields in printed order, its notes."""

    kind: FormKind
    title: str
    clause: str
    fields: tuple[Field, ...]
    notes: tuple[str, ...]

    @cached_property
    def by_key(self) -> dict[str, Field]:
        return {field.key: field for field in self.fields}

    def field(self, key: str) -> Field:
        """The field of that key; KeyError when the form has none."""
        return self.by_key[key]
