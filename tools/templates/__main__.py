"""Write the shipped templates: `python -m tools.templates`."""

import sys
from pathlib import Path

from tools.templates.bill_page import invoice_page, quotation_page
from tools.templates.data_pages import price_page, usage_page
from tools.templates.sheet import Words, write_book
from tools.templates.statement_page import statement_page

SHIPPED = Path(__file__).parent.parent.parent / "templates"
LANGUAGES = {"": "zh", ".en": "en", ".zh-en": "both"}


def write_templates(folder: Path) -> None:
    """All templates, into a folder."""
    for ending, mode in LANGUAGES.items():
        say = Words(mode)
        pages = {"zh": "第 &P 页，共 &N 页", "en": "Page &P of &N", "both": "第 &P 页，共 &N 页 Page &P of &N"}[mode]
        left = "&L&8&K5F6B73{{ seller.name }}&C&8&K5F6B73"
        right = f"&R&8&K5F6B73{pages}"
        invoice = [invoice_page(say), price_page(say), usage_page(say)]
        footer = left + "{{ customer.code }}  {{ bill.month }}  {{ bill.number }}" + right
        write_book(str(folder / f"invoice{ending}.xlsx"), invoice, footer)
        if mode != "both":
            quotation = [quotation_page(say), price_page(say), usage_page(say, inputs=True)]
            footer = left + "{{ customer.name }}  {{ bill.number }}" + right
            write_book(str(folder / f"quotation{ending}.xlsx"), quotation, footer)
            footer = left + "{{ customer.code }}  {{ statement.currency }}" + right
            write_book(str(folder / f"statement{ending}.xlsx"), [statement_page(say)], footer)


if __name__ == "__main__":
    write_templates(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
