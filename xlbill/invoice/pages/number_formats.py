"""The template's number formats, adapted to the bill's currency and to the decimals that a figure really has."""

from xlbill.formula import Value, as_decimal, is_number
from xlbill.invoice.template.marks import Shows
from xlbill.money import Currency
from xlbill.workbook.formats import ISO_DATE, decimals_of, for_money, is_date_format, with_decimals


def adapted(number_format: str, kind: Shows, value: Value, currency: Currency) -> str:
    """The template's format for a figure of a kind: money in the bill's currency, nothing cut off what is shown."""
    if kind is Shows.DATE:
        return number_format if is_date_format(number_format) else ISO_DATE
    if not is_number(value):
        return number_format
    if kind is Shows.MONEY:
        return for_money(_numeric(number_format, "#,##0.00"), currency)
    number = as_decimal(value)
    if kind is Shows.PRICE:
        priced = for_money(_numeric(number_format, "#,##0.00"), currency)
        return with_decimals(priced, max(decimals_of(number), currency.decimals))
    if kind is Shows.RATE:
        return with_decimals(number_format if "%" in number_format else "0%", decimals_of(number * 100))
    return with_decimals(_numeric(number_format, "#,##0"), decimals_of(number))


def _numeric(number_format: str, usual: str) -> str:
    """A format of numbers; the usual one where the cell has none, or one of dates or text."""
    plain = number_format in ("General", "@", "") or is_date_format(number_format)
    return usual if plain else number_format
