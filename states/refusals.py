"""What the rules say when they say no: one Chinese sentence that names its clause."""


class Refused(Exception):
    """A request the rules turn down.

    `sentence` is what the person reads: Simplified Chinese, what is wrong, where, and what to do.
    `clause` is the id of the clause the refusal rests on, or None when it rests on none (a damaged file).
    `str()` is the sentence ending with （clause）, not repeated when the sentence already cites it.
    """

    def __init__(self, sentence: str, *, clause: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.clause = clause

    def __str__(self) -> str:
        return cited(self.sentence, self.clause)


def cited(sentence: str, clause: str | None) -> str:
    """The sentence ending with （clause）, which is not said twice where the sentence cites it already."""
    mark = f"（{clause}）"
    return sentence if clause is None or mark in sentence else f"{sentence}{mark}"
