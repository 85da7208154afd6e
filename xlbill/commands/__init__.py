"""The commands of xlbill, grouped by what they work on: inputs, a month, finished invoices."""

from xlbill.commands.billing import bill
from xlbill.commands.comparing import diff
from xlbill.commands.converting import convert
from xlbill.commands.inputs import check_command, init
from xlbill.commands.invoices import explain_command, verify_command
from xlbill.commands.prices import prices
from xlbill.commands.trying import try_command

COMMANDS = (init, check_command, bill, verify_command, explain_command, diff, prices, try_command, convert)
"""All commands, in the order of a month's work."""

__all__ = ["COMMANDS"]
