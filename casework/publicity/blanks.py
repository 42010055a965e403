"""The built-in template of the notice: ``python -m casework.publicity.blanks`` writes it anew."""

from casework.papers.blanks import blank
from casework.publicity.notice import KIND, PAPER, TEMPLATES


def write_blank() -> None:
    """Write the template beside the code."""
    TEMPLATES.mkdir(exist_ok=True)
    (TEMPLATES / f"{KIND}.docx").write_bytes(blank(PAPER))


if __name__ == "__main__":
    write_blank()
