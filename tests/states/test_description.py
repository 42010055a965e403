from pathlib import Path

from states.description import page

REPOSITORY = Path(__file__).parents[2]


def test_the_page_of_the_process_is_the_process():
    assert (REPOSITORY / "docs" / "process.md").read_text(encoding="utf-8") == page()
