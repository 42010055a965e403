"""What is wrong with one field of a filed form, in one sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one field.

    `key` and `field_label` name the field, the latter as printed; `sentence` is Chinese and says what to do;
    a problem that `blocks` keeps the form from becoming an application, any other is only pointed out.
    An identity number is never repeated in a sentence.
    """

    key: str
    field_label: str
    sentence: str
    clause: str
    blocks: bool = True

    def __str__(self) -> str:
        return f"{self.sentence}（{self.clause}）"
