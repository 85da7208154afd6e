"""The commands of xlbill, grouped by what they work on: inputs, a month, finished invoices, the ledger."""

from xlbill.commands.billing import bill
from xlbill.commands.inputs import check_command, init
from xlbill.commands.invoices import convert, explain_command, verify_command
from xlbill.commands.ledger import ledger_group, pay_group, statement

COMMANDS = (
    *(init, check_command, bill, verify_command, explain_command, convert),
    *(ledger_group, pay_group, statement),
)
"""All commands, in the order of a month's work."""

__all__ = ["COMMANDS"]
