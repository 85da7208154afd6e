"""The smallest price book that has one of everything, and accounts to go with it: what tests vary."""

# ruff: noqa: E501 - tables are as wide as they are

from collections.abc import Mapping
from pathlib import Path

import openpyxl

from tests.workbooks import Rows, add_sheets, write_workbook

BOOK = {
    "Book": """
        | setting | value |
        | code | small |
        | name | Small |
        | currency | CNY |
        | decimals | 2 |
        | tax rate | 0.06 |
        | tax model | tax |
        | discount model | discount |
        | region | cn |
        | effective from | 2026-01-01 |
        | applies to | new subscribers |
        """,
    "Formulas": """
        | model | quantity | included | drawn | block | from | to | price | list price | discount | subtotal | days | of days | quota | opening | earlier | lines | rate | net | tax | gross | closing | billable | units | amount |
        | fee | 1 | | | | | | 100 | | | | | | | | | | | | | | | | | =ROUND(B2*H2,2) |
        | refund | | | | | | | 100 | | | | 10 | 30 | | | | | | | | | | | | =-ROUND(H3*L3/M3,2) |
        | blocks | 15 | 10 | 0 | 10 | | | 7 | | | | | | | | | | | | | | | =MAX(B4-C4-D4,0) | =ROUNDUP(W4/E4,0) | =ROUND(X4*H4,2) |
        | tier | 15 | | | | 10 | | 7 | | | | | | | | | | | | | | | | =MAX(MIN(B5,G5)-F5,0) | =ROUND(X5*H5,2) |
        | minimum | | | | | | | 500 | | | 165 | | | | | | | | | | | | | | =ROUND(MAX(H6-K6,0),2) |
        | quota | | =ROUNDUP(N7*L7/M7,0) | | | | | | | | | 15 | 30 | 100 | | | | | | | | | | | |
        | draw | 15 | 10 | =MIN(O8,MAX(B8-C8-P8,0)) | | | | | | | | | | | 3 | 0 | | | | | | =O8-D8 | | | |
        | trial | 30 | =MIN(B9,N9) | | | | | | | | | | | 20 | | | | | | | | | | | |
        | discount | | | | | | | =I10*(1-J10) | 100 | 0.1 | | | | | | | | | | | | | | | |
        | tax | | | | | | | | | | | | | | | | 106 | 0.06 | =Q11-T11 | =ROUND(Q11/(1+R11)*R11,2) | =Q11 | | | | |
        """,
    "Products": """
        | product | name | needs | on plan change |
        | im | Chat | | |
        | ext | Extensions | im.pro | cancel |
        | check | Checks | im.pro | keep |
        | talk | Talk | im.pro | keep |
        """,
    "Plans": """
        | product | plan | name | price | model | pay | term | role | default | refund |
        | im | free | Free | 0 | fee | prepaid | anniversary | fee | yes | |
        | im | pro | Pro | 100 | fee | prepaid | anniversary | fee | | refund |
        | check | standard | Check minimum | 500 | minimum | postpaid | calendar month | minimum | | |
        """,
    "Meters": """
        | meter | name | month | daily | pooled by |
        | dau | Users | peak | | app |
        | images | Images | sum | | app |
        | minutes | Minutes | sum | | app |
        | words | Words | sum | | app |
        """,
    "Coefficients": """
        | meter | dimension | medium | coefficient |
        | images | porn | image | 1 |
        """,
    "Charges": """
        | product | plans | meter | dimension | model | included | included by days | block | price | pay |
        | im | free | dau | | blocks | 5 | | 10 | — | postpaid |
        | im | pro | dau | | blocks | 10 | | 10 | 7 | postpaid |
        | check | | images | porn | blocks | | | 10 | 1 | postpaid |
        | talk | | minutes | | blocks | 20 | | 10 | 2 | postpaid |
        | talk | | words | | blocks | | | 10 | | postpaid |
        """,
    "Extensions": """
        | product | extension | name | option | model | pay | term | refund | free | pro |
        | ext | store | Store | 30 | fee | prepaid | anniversary | refund | — | 50 |
        | ext | store | Store | 60 | fee | prepaid | anniversary | refund | 70 | — |
        | ext | store | Store | 90 | fee | prepaid | anniversary | refund | 80 | 80 |
        """,
    "Packs": """
        | product | pack | name | meter | quantity | price | months valid | model | draw model |
        | talk | talk_30 | 30 minutes | minutes | 30 | 5 | 12 | fee | draw |
        """,
    "Trials": """
        | product | days | meter or medium | quota | model |
        | check | 7 | image | 20 | trial |
        """,
}

ACCOUNTS = {
    "Customers": """
        | code | name |
        | C1 | One |
        """,
    "Apps": """
        | app | customer | region |
        | a1 | C1 | cn |
        """,
    "Subscriptions": """
        | app | item | option | quantity | start | end |
        | a1 | im.pro | | | 2026-03-20 | |
        """,
    "Contracts": """
        | customer | app | item | price | included | discount % | minimum | price book | start | to |
        """,
    "Adjustments": """
        | customer | date | text | amount |
        """,
}


def completed(own: Mapping[str, str | Rows], base: Mapping[str, str]) -> dict[str, str | Rows]:
    """A workbook's own sheets, and those of `base` that it lacks."""
    return {**own, **{title: content for title, content in base.items() if title not in own}}


def complete(path: Path, base: Mapping[str, str], titles: tuple[str, ...] | None = None) -> Path:
    """A workbook with the sheets of `base` that it lacks; of its own only those in `titles`, where they are given."""
    if not path.exists():
        return write_workbook(path, base)
    workbook = openpyxl.load_workbook(path)
    for sheet in list(workbook.worksheets):
        if titles is not None and sheet.title not in titles:
            workbook.remove(sheet)
    add_sheets(workbook, {title: content for title, content in base.items() if title not in workbook.sheetnames})
    workbook.save(path)
    return path
