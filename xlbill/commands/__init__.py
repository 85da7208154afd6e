"""The commands of xlbill, grouped by what they work on: inputs, a month, finished invoices, prices, the ledger.

A command's module is loaded when it is run or asked for its help, and loads what it works with when it runs: the list
of commands costs nothing.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module

import click

from xlbill.language import Label

WHERE: Mapping[str, tuple[str, Label]] = {
    "init": (
        "inputs:init",
        Label("新建带示例月份的工作区", "Make a workspace with an example month."),
    ),
    "check": ("inputs:check_command", Label("检查价目表、客户、用量和模板", "Look for problems in every sheet.")),
    "bill": ("billing:bill", Label("生成一个月的账单", "Write the invoices of a month.")),
    "issue": ("issuing:issue_command", Label("正式出账：草稿成为账单", "Make a month's drafts invoices.")),
    "void": ("issuing:void_command", Label("作废账单，开具贷项", "Take an invoice back by a credit note.")),
    "verify": ("invoices:verify_command", Label("逐个公式核对账单", "Recompute every formula of invoices.")),
    "explain": ("invoices:explain_command", Label("说明一个数字的由来", "Say how a figure comes about.")),
    "examples": ("covering:examples", Label("示例账单：起草缺少的", "Worked bills: draft what is missing.")),
    "quote": ("quoting:quote", Label("报价：这样用要花多少钱", "What would it cost.")),
    "diff": ("comparing:diff", Label("比较两份价目表或客户档案", "Compare two price books, or two accounts.")),
    "impact": (
        "weighing:impact_command",
        Label("调价对每个客户的影响", "What a price change does to every customer."),
    ),
    "prices": (
        "prices:prices",
        Label("价目表版本：列出、查看、新建、调价", "Editions: list, show, new, apply."),
    ),
    "try": ("trying:try_command", Label("一步步试算一个计价模型", "Try a pricing model step by step.")),
    "convert": ("converting:convert", Label("换一种文件格式", "Carry a file into another format.")),
    "ledger": (
        "ledger:ledger_group",
        Label("台账：列出、核对、导出、备份", "The ledger: list, verify, export."),
    ),
    "pay": ("ledger:pay_group", Label("收款：导入、列出", "Payments: import, list.")),
    "statement": ("statements:statement", Label("客户对账单", "A customer's statement of account.")),
}
"""Each command in the order of a month's work: its module and name there, and what it does in a line."""


def load(name: str) -> click.Command:
    """A command by its name."""
    module, _, attribute = WHERE[name][0].partition(":")
    command: click.Command = getattr(import_module(f"xlbill.commands.{module}"), attribute)
    return command


def all_commands() -> Iterator[click.Command]:
    """All commands, loaded: for the manual."""
    return map(load, WHERE)


__all__ = ["WHERE", "all_commands", "load"]
