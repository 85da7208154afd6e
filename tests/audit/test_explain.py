"""How a figure comes about, down to the days of usage and the rows of the price list."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from tests.invoice.bills import bill_of, fee, ordinary
from tests.invoice.laid_out import pinned
from tests.test_example_month import EXAMPLES, bill, copied
from tests.workbooks import edit_xml, write_workbook
from xlbill.cli import main
from xlbill.invoice import lay_out
from xlbill.language import Label
from xlbill.manifest import Manifest, invoice_record, manifest_text
from xlbill.workbook import layout_bytes, write_layout

TEMPLATE = pinned()


@pytest.fixture(scope="module")
def invoice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert TEMPLATE is not None
    path = tmp_path_factory.mktemp("explain") / "invoice.xlsx"
    write_layout(lay_out(ordinary(), TEMPLATE), path)
    return path


def explained(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["explain", *map(str, arguments)], catch_exceptions=False)
    return result.exit_code, result.stdout


def test_without_a_word_it_is_the_total_and_a_list_of_the_lines(invoice: Path) -> None:
    status, text = explained(invoice, "--lang", "en")
    total = f"{ordinary().total.number:,.2f}"
    assert status == 0
    assert text.splitlines()[0].endswith(f"= {total}")
    assert "\nLines\n" in text
    assert all(line.title.zh in text for line in ordinary().lines)


def test_a_line_is_followed_to_its_days_and_its_price(invoice: Path) -> None:
    (dau,) = [line for line in ordinary().lines if line.item == "dau"][:1]
    status, text = explained(invoice, dau.title.zh, "--lang", "zh")
    assert status == 0
    assert "ROUNDUP(" in text and "30 天" in text and "价目!" in text and "用量!" in text


def test_a_cell_that_is_not_there(invoice: Path) -> None:
    assert explained(invoice, "ZZ99")[0] == 2


def test_as_json_every_figure_is_a_plain_decimal(invoice: Path) -> None:
    status, text = explained(invoice, "--json")
    told = json.loads(text)
    (total,) = told["steps"]
    assert status == 0
    assert Decimal(total["value"]) == ordinary().total.number
    assert [Decimal(line["value"]) for line in told["lines"]] == [line.amount.number for line in ordinary().lines]
    assert total["formula"].startswith("=")
    assert total["steps"]


def test_a_date_beside_its_label_is_called_by_it(invoice: Path) -> None:
    status, text = explained(invoice, "H10", "--lang", "zh")
    assert (status, text.strip()) == (0, "账单!H10 出账日期 = 2026-05-01")


# --- with the manifest's trace -------------------------------------------------------------------------------------


@pytest.fixture
def billed(tmp_path: Path) -> Path:
    root = copied(EXAMPLES, tmp_path)
    assert bill("2026-04", "-w", str(root), "--customer", "C001")[0] == 0
    return root / "invoices" / "2026-04" / "C001-2026-04.xlsx"


def test_an_overage_ends_at_the_price_book_and_at_the_usage_sheet(billed: Path) -> None:
    status, text = explained(billed, "2", "--lang", "en")
    assert status == 0
    assert re.search(r"Price = 1,000 ← \S*price_tables/easemob-im-2026\.xlsx › 用量价 Charges!I6$", text, re.MULTILINE)
    assert re.search(r"Included = 10,000 ← \S*easemob-im-2026\.xlsx › 用量价 Charges!F6$", text, re.MULTILINE)
    assert "highest 15,000 (2026-04-24 ← usage/2026-04/C001.xlsx › 用量 Usage!C27)" in text


def test_a_day_of_usage_ends_at_its_own_cell(billed: Path) -> None:
    usage = openpyxl.load_workbook(billed.parents[2] / "usage" / "2026-04" / "C001.xlsx")["用量 Usage"]
    _, text = explained(billed, "用量!C21", "--lang", "zh")
    assert text.strip() == (
        f"用量!C21 峰值日活跃用户数（DAU） · 2026-04-14 = {usage['C17'].value:,} ← "
        "usage/2026-04/C001.xlsx › 用量 Usage!C17"
    )


def test_in_json_each_input_has_its_source(billed: Path) -> None:
    def sources(step: dict[str, Any]) -> Iterator[str]:
        yield from [step["source"]] if step["source"] else ()
        for inner in step["steps"]:
            yield from sources(inner)

    (step,) = json.loads(explained(billed, "2", "--json")[1])["steps"]
    found = list(sources(step))
    assert len(found) == 33  # thirty days, quota, block and price
    assert sum("C001.xlsx › 用量 Usage!C" in source for source in found) == 30


def test_a_cell_that_was_changed_has_no_source_any_more(billed: Path) -> None:
    edit_xml(billed, "xl/worksheets/sheet3.xml", r"(?<!</f>)<v>15000</v>", "<v>31000</v>")
    _, text = explained(billed, "2", "--lang", "en")
    assert "highest 31,000 (2026-04-24)" in text
    assert "Price = 1,000 ← " in text
    result = CliRunner().invoke(main, ["verify", str(billed), "--lang", "en"])
    assert "15000 ← usage/2026-04/C001.xlsx › 用量 Usage!C27" in result.output


def test_a_bill_of_one_line_is_explained_by_its_number(tmp_path: Path) -> None:
    one = bill_of([fee("shop-1", Label("专业版", "Professional"), "1299", 5)])
    layout = lay_out(one, TEMPLATE)
    write_layout(layout, tmp_path / "one.xlsx")
    for with_trace in (False, True):
        if with_trace:
            record = invoice_record("one.xlsx", layout, layout_bytes(layout), "C001", "CNY", "1299.00")
            manifest = Manifest("2026-04", {}, {record.name: record})
            (tmp_path / "manifest-2026-04.json").write_text(manifest_text(manifest), encoding="utf-8")
        status, text = explained(tmp_path / "one.xlsx", "1", "--lang", "zh")
        assert status == 0, text
        assert text.splitlines()[0].endswith("= 1,299.00")


def test_without_a_trace_a_tax_that_is_added_is_no_line(tmp_path: Path) -> None:
    table = "| Item | Amount | Tax |\n| Plan | =ROUND(7*1,2) | |\n| Tax | | =ROUND(B2*0.06,2) |\n| Total | =B2+C3 | |"
    status, text = explained(write_workbook(tmp_path / "one.xlsx", {"Invoice": table}), "1", "--lang", "en")
    assert status == 0, text
    assert text.startswith("Invoice!B2 Amount · Plan = ROUND(7 × 1, 2) = 7.00")
