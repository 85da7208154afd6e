"""What makes the manual: the parts of docs/ that follow from the code, in both languages.

A page is `price-book.md` in English and `price-book.zh.md` in Chinese. `python -m tools.manual` writes the generated
parts between their marks; the tests fail where they are out of date.
"""

from tools.manual.pages import DOCS, GENERATED, current, pages, write

__all__ = ["DOCS", "GENERATED", "current", "pages", "write"]
