"""What a reader of one cell raises when something is written there that it cannot be sure of."""


class Unclear(ValueError):
    """`str()` is the Chinese end of a sentence: what is wrong with the text and what to write instead."""
