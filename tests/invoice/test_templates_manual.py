"""The manual's table of marks is the one that the loader checks."""

import re
from pathlib import Path

from tools.marks_manual import marks_text

PAGE = Path(__file__).parent.parent.parent / "docs" / "templates.md"


def test_the_manual_lists_the_marks() -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(r"<!-- generated: marks -->\n\n(.*?)\n<!-- end -->", text, re.DOTALL)
    assert found is not None and found[1] == marks_text()


def test_the_manual_s_pictures_are_there() -> None:
    for picture in re.findall(r"\]\((images/[^)]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / picture).is_file()
