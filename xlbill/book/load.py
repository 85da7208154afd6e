"""A price book from its workbook: sheets to tables, tables to objects, objects checked against each other."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from xlbill.book import columns
from xlbill.book.check import check_book
from xlbill.book.dated_rates import read_rates
from xlbill.book.edition import Edition
from xlbill.book.meters import read_meters
from xlbill.book.models import agree, read_models, shown
from xlbill.book.objects import NO_MODEL, Model, Parameter, Plan, PriceBook, Product
from xlbill.book.parameters import Recalculated, read_parameter
from xlbill.book.plan_columns import plans_headed
from xlbill.book.rows import (
    Known,
    inputs_without_column,
    read_charges,
    read_extension,
    read_pack,
    read_plan,
    read_product,
    read_trial,
)
from xlbill.book.tables import Tables, lost_sheets, other_currencies, rows_of, strangers_in, tables_of
from xlbill.book.taxes import read_tax_rule, usual_rule
from xlbill.book.worked_bills import Case, CaseRow, Expectation
from xlbill.cells import Address, Place
from xlbill.formula import Expr, Fault, TooMuchWork, Value, parse, recalculate, references, to_serial
from xlbill.language import Label
from xlbill.money import CURRENCIES, Currency, minor_digits
from xlbill.periods import Month
from xlbill.problems import Problem, Problems
from xlbill.sheets import (
    Cell,
    Row,
    Table,
    Workbook,
    find_sheet,
    nearest,
    read_settings,
    read_workbook,
)

T = TypeVar("T")


def load_book(path: Path, shown_as: str | None = None) -> tuple[PriceBook | None, Problems]:
    """The price book of a workbook and all problems in it; one with an error is not `sound`, and prices nothing.

    One whose region or date cannot be read is not `placed`: every app that it may be meant for waits until it is
    mended. None where there are no settings at all. `shown_as` is how problems call the file (its path as the user
    knows it).
    """
    workbook, found = read_workbook(path, shown_as)
    if workbook is None:
        return None, found
    book, problems = book_of_workbook(workbook, path)
    found += problems
    return book, found


def book_of_workbook(workbook: Workbook, path: Path) -> tuple[PriceBook | None, Problems]:
    """The price book of a workbook that was read from a file; see `load_book`."""
    return book_in(workbook, hashlib.sha256(path.read_bytes()).hexdigest())


def book_in(workbook: Workbook, digest: str) -> tuple[PriceBook | None, Problems]:
    """The price book of a workbook that has been read: as it stands in its file, or with other figures in its cells."""
    found = Problems()
    tables = tables_of(workbook, found)
    lost = lost_sheets(workbook, found)
    rates = {code.casefold() for row in rows_of(tables, "rates") if (code := row.peek("rate"))}
    exact = Recalculated(_recalculated(workbook, found), frozenset(rates))
    if lost:  # everything else would only follow from it
        book, _ = _book(tables, exact, Path(workbook.file).name, digest, Problems())
        return replace(book, sound=False) if book is not None else None, found
    book, whole = _book(tables, exact, Path(workbook.file).name, digest, found)
    if book is not None:
        found += strangers_in(workbook, tables, book.models)
    assert whole or found.errors, "a book that lacks something is told"
    if book is not None and book.currency.code:
        found += other_currencies(tables, book.currency)
    if book is not None and not whole:
        return replace(book, sound=False), found
    if book is not None:
        broken = _broken_plans(tables, book)
        found += [_with_excerpt(p, tables) for p in check_book(book) if not _follows(p, broken)]
        book = replace(book, sound=not found.errors)
    return book, found


def _broken_plans(tables: Tables, book: PriceBook) -> set[str]:
    """How plans are named whose rows could not be used: told there, and not again wherever they are named."""
    usable = {plan.code for plan in book.plans}
    rows = ((row.peek("product"), row.peek("plan")) for row in rows_of(tables, "plans"))
    broken = [(f"{product}.{plan}", plan) for product, plan in rows if plan and f"{product}.{plan}" not in usable]
    return {word for words in broken for word in words}


def _follows(found: Problem, broken: set[str]) -> bool:
    """Whether a problem only follows from plans that are told already."""
    unknown = found.code == "unknown-plan" and dict(found.facts).get("found") in broken
    return unknown or (found.code == "extension-never-sold" and bool(broken))


def _with_excerpt(found: Problem, tables: Tables) -> Problem:
    """A problem between rows, with the neighbourhood of its cell."""
    for row in (row for table in tables.values() for row in table.rows):
        if found.excerpt is None and (row.place.sheet, row.position) == (found.place.sheet, found.place.row):
            return replace(found, excerpt=row.excerpt(found.place))
    return found


def _recalculated(workbook: Workbook, found: Problems) -> Mapping[Address, Value]:
    """The exact values of finance's own arithmetic in price cells; a cached value that differs is a problem.

    The Formulas sheet is left out: its rows are models, checked one by one.
    """
    cells: dict[Address, Value | Expr] = {}
    formulas: list[Address] = []
    for sheet in workbook.sheets:
        for (row, column), cell in sheet.cells.items():
            parsed = parse(cell.formula) if cell.formula is not None else None
            key = Address(sheet.name, row, column)
            if parsed is not None and not isinstance(parsed, Fault) and references(parsed):
                cells[key] = parsed
                formulas.append(key)
            else:
                cells[key] = _figure(cell)
    models = find_sheet(workbook, columns.FORMULAS)
    try:
        exact = recalculate(cells) if formulas else {}
    except TooMuchWork:
        found.add("formulas-take-too-long", Place(workbook.file))
        return {}
    for name, row, column in formulas:
        cell = next(sheet for sheet in workbook.sheets if sheet.name == name).cells[row, column]
        value = exact[Address(name, row, column)]
        if (models is not None and name == models.name) or cell.value is None:
            continue
        if not agree(value, _figure(cell)):
            found.add("cached-differs", cell.place, found=shown(cell.value), value=shown(value))
    return exact


def _figure(cell: Cell) -> Value:
    """A cell's value as formulas see it: a day is its serial number, and so is a moment of it."""
    value = cell.value.date() if isinstance(cell.value, datetime) else cell.value
    return to_serial(value) if isinstance(value, date) else value


def _book(
    tables: Tables, exact: Recalculated, file: str, digest: str, found: Problems
) -> tuple[PriceBook | None, bool]:
    """The book of the tables, as far as it can be made, and whether it is whole."""
    if columns.SETTINGS.key not in tables:
        return None, False
    models = read_models(tables["formulas"], found) if "formulas" in tables else {}
    settings = read_settings(tables["settings"], columns.SETTING, found)
    products = _by_code(_each(tables, "products", read_product, found), found)
    broken = _codes(tables, "formulas", "model") - {code.casefold() for code in models}
    meters = read_meters(tables, Known(models, {}, {}, exact, frozenset(broken)), found)
    broken |= _codes(tables, "products", "product") - {code.casefold() for code in products}
    broken |= _codes(tables, "meters", "meter") - {code.casefold() for code in meters}
    known = Known(models, products, meters, exact, frozenset(broken))
    plans = tuple(_each(tables, "plans", lambda row, f: read_plan(row, known, f), found))
    plan_columns = _plan_columns(tables.get("extensions"), plans, products, found)
    extensions = _each(tables, "extensions", lambda row, f: read_extension(row, plan_columns, known, f), found)
    charges = [charge for row in rows_of(tables, "charges") for charge in read_charges(row, known, found)]
    for sheet in ("plans", "extensions", "packs", "charges"):
        _check_inputs(tables.get(sheet), models, found)
    code, effective = settings.code("code", found), settings.date("effective", found)
    edition = _edition(settings, code or Path(file).stem, effective or date.min, (file, digest), found)
    currency = _currency(settings, found)
    tax_rate = _tax_rate(settings, exact, found)
    tax_model = known.model(settings, "tax_model", found)
    discount_model = known.model(settings, "discount_model", found)
    regions, applies = settings.codes("regions", found), settings.choice("applies", found)
    placed = effective is not None and applies is not None and bool(regions)
    whole = placed and None not in (code, currency, tax_rate, tax_model) and columns.FORMULAS.key in tables
    book = PriceBook(
        edition,
        currency or Currency("", 0),
        tax_rate or Parameter(None, None, settings.cell("tax_rate").place),
        tax_model or NO_MODEL,
        discount_model,
        regions,
        "new" if applies == "new" else "all",
        models,
        products,
        plans,
        tuple(extensions),
        tuple(_each(tables, "packs", lambda row, f: read_pack(row, known, f), found)),
        meters,
        tuple(charges),
        tuple(_each(tables, "trials", lambda row, f: read_trial(row, known, f), found)),
        _cases(tables.get("examples"), edition.effective, found),
        read_rates(rows_of(tables, "rates"), exact, edition.effective, found),
        place=settings.cell("code").place,
        refunds="carry" if settings.choice("refunds", found) == "carry" else "reduce",
        first_to_expire=settings.choice("equal_packs", found) == "expiry",
        prints_unreached=settings.choice("unreached", found) != "hidden",
        placed=placed,
    )
    usual = usual_rule(book)
    taxes = _each(tables, "taxes", lambda row, f: read_tax_rule(row, known, usual, f), found)
    return replace(book, taxes=tuple(taxes), tax_by_line=settings.choice("tax_rounding", found) == "line"), whole


def _codes(tables: Tables, sheet: str, key: str) -> set[str]:
    """Everything that a sheet's column names, whether its row can be used or not."""
    return {code.casefold() for row in rows_of(tables, sheet) if (code := row.peek(key))}


def _each(tables: Tables, key: str, read: Callable[[Row, Problems], T | None], found: Problems) -> list[T]:
    """The objects of a sheet's rows; rows that cannot be used are told and left out."""
    return [value for row in rows_of(tables, key) if (value := read(row, found)) is not None]


def _check_inputs(table: Table | None, models: Mapping[str, Model], found: Problems) -> None:
    """A model's input for which the sheet has no column would count as nothing: told, unless its sample is blank."""
    for row in table.rows if table is not None else ():
        found.tell(*inputs_without_column(row, models))


def _by_code(products: Sequence[Product], found: Problems) -> dict[str, Product]:
    by_code: dict[str, Product] = {}
    for product in products:
        if product.code in by_code:
            first = by_code[product.code].place.row
            found.add("code-twice", product.place, found=product.code, first=str(first))
        by_code.setdefault(product.code, product)
    return by_code


def _plan_columns(
    table: Table | None, plans: Sequence[Plan], products: Mapping[str, Product], found: Problems
) -> dict[str, str]:
    """The columns of the Extensions sheet that are headed by a plan, with the plan's code."""
    if table is None:
        return {}
    sold = [code for row in table.rows if (code := row.peek("product"))]
    needed = {need.casefold() for code in sold if code in products for need in products[code].needs}
    names = {plan.code: plan.names for plan in plans}
    columns_by_key: dict[str, str] = {}
    for heading in table.headings:
        chosen = () if heading.declared else plans_headed(heading.text, heading.key, names, needed)
        if len(chosen) == 1:
            columns_by_key[heading.key] = chosen[0]
        elif chosen:
            place = table.place.at(table.place.row, heading.column)
            found.add("plan-column-ambiguous", place, found=heading.text, plans=", ".join(chosen))
    return columns_by_key


def _edition(settings: Row, code: str, effective: date, file: tuple[str, str], found: Problems) -> Edition:
    name = Label(settings.text("name", found) or "", settings.text("name_en", found) or "")
    conditions = Label(settings.text("conditions", found) or "", settings.text("conditions_en", found) or "")
    return Edition(code, name, effective, conditions, *file)


def _tax_rate(settings: Row, exact: Recalculated, found: Problems) -> Parameter | None:
    """The rate of tax, which must be a figure from 0 to below 1."""
    rate, cell = read_parameter(settings, "tax_rate", exact, found), settings.cell("tax_rate")
    if rate is None:
        if not cell.filled:
            found.tell(settings.problem("cell-blank", "tax_rate"))
        return None
    if not isinstance(rate.value, Decimal) or not 0 <= rate.value < 1:
        found.tell(settings.problem("tax-rate-out-of-range", "tax_rate"))
        return None
    return rate


def _currency(settings: Row, found: Problems) -> Currency | None:
    code, decimals = settings.code("currency", found), settings.number("decimals", found)
    if code is None or decimals is None:
        return None
    if decimals != int(decimals) or not 0 <= decimals <= 4:
        found.tell(settings.problem("decimals-out-of-range", "decimals"))
        return None
    if code.upper() not in CURRENCIES:
        chinese = code.upper() in ("RMB", "人民币", "元", "¥")
        near = "CNY" if chinese else nearest(code.upper(), CURRENCIES) or "CNY, USD"
        found.tell(settings.problem("unknown-currency", "currency", nearest=near))
        return None
    if decimals > (coin := minor_digits(code.upper())):
        found.tell(settings.problem("decimals-beyond-currency", "decimals", currency=code.upper(), coin=str(coin)))
        return None
    return Currency(code.upper(), int(decimals))


def _cases(table: Table | None, effective: date, found: Problems) -> tuple[Case, ...]:
    """The worked bills: the rows of one case code together, the total on the first of them."""
    grouped: dict[str, list[Row]] = {}
    for row in table.rows if table is not None else ():
        if (code := row.code("case", found)) is not None:
            grouped.setdefault(code, []).append(row)
    cases = []
    for code, rows in grouped.items():
        totals = [row for row in rows if row.cell("total").value is not None or row.cell("total").formula is not None]
        problems = [told for row in rows if (told := row.code("problem", found)) is not None]
        if len(totals) != 1 and not (problems and not totals):
            found.tell(rows[0].problem("case-without-total", "total", case=code, count=str(len(totals))))
            continue
        total = totals[0].number("total", found) if totals else None
        months = [month for row in rows if (month := row.month("month", found)) is not None]
        if total is not None or problems:
            month = months[0] if months else Month.of(effective)
            read = tuple(_case_row(row, found) for row in rows)
            expected = tuple(one for row in rows if (one := _expectation(row, found)) is not None)
            place = (totals[0].cell("total") if totals else rows[0].cell("problem")).place
            taxed = next((word for row in rows if (word := row.code("tax_class", found)) is not None), None)
            cases.append(Case(code, month, read, total, place, expected, tuple(problems), taxed))
    return tuple(cases)


def _expectation(row: Row, found: Problems) -> Expectation | None:
    """A figure of a line that must come out: `dau.amount` and what it is."""
    word, figure = row.code("line", found), row.number("figure", found)
    if word is None and figure is None:
        return None
    item, dot, name = (word or "").rpartition(".")
    if figure is None or not dot:
        found.tell(row.problem("case-line-without-figure", "line"))
        return None
    return Expectation(item, name, figure, row.cell("figure").place)


def _case_row(row: Row, found: Problems) -> CaseRow:
    return CaseRow(
        row.code("item", found),
        row.code("option", found),
        row.number("count", found),
        row.date("start", found),
        row.code("meter", found),
        row.date("day", found),
        row.number("quantity", found),
        row.cell("item" if row.cell("item").value is not None else "meter").place,
    )
