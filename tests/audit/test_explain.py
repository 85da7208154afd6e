"""How a figure comes about, down to the days of usage and the rows of the price list."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.invoice.bills import ordinary
from xlbill.cli import main
from xlbill.invoice import lay_out, load_template
from xlbill.workbook import write_layout

TEMPLATE, _ = load_template(Path(__file__).parent.parent.parent / "templates" / "invoice.xlsx")


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
