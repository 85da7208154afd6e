"""The template's number formats, fitted to what is shown: no rate as 0.0, no time of day cut off."""

from decimal import Decimal

import pytest

from xlbill.invoice.pages.number_formats import adapted
from xlbill.invoice.template.marks import Shows
from xlbill.money import Currency
from xlbill.workbook.formats import with_time

CNY = Currency("CNY", 2)
FORMATS = {
    "a rate in a column of figures is a percentage": ("#,##0", Shows.RATE, "0.029", "0.0%"),
    "a percentage keeps its own look": ("0.00%;-0.00%", Shows.RATE, "0.06", "0%;-0%"),
    "a quantity shows its decimals": ("#,##0", Shows.QUANTITY, "39.8", "#,##0.0"),
}


@pytest.mark.parametrize(("given", "kind", "value", "fitted"), FORMATS.values(), ids=FORMATS)
def test_a_format_shows_what_there_is(given: str, kind: Shows, value: str, fitted: str) -> None:
    assert adapted(given, kind, Decimal(value), CNY) == fitted


def test_a_moment_shows_its_time() -> None:
    assert with_time("yyyy-mm-dd") == "yyyy-mm-dd hh:mm"
    assert with_time("yyyy-mm-dd hh:mm:ss") == "yyyy-mm-dd hh:mm:ss"
