"""How the printed limits (800字以内) are counted."""


def characters(text: str) -> int:
    """The number of characters of `text`: each counts 1, full-width or half-width; white space counts 0."""
    return sum(not character.isspace() for character in text)
