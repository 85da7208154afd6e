"""The register of a run: who was billed what, as a workbook as csv and as a database.

register = register_of(Month(2026, 4), [listed(Registered(bill, "C001-2026-04.xlsx"))], problems)
write_layout(lay_out_register(register), Path("register.xlsx"))
register_csv(register), lines_csv(register)
"""

from xlbill.register.as_csv import lines_csv, register_csv, write_csv
from xlbill.register.as_sqlite import write_sqlite
from xlbill.register.columns import Registered, ReviewRow
from xlbill.register.lay_out import lay_out_register
from xlbill.register.tables import REVIEW, Listed, Register, listed, register_of

__all__ = [
    "REVIEW",
    "Listed",
    "Register",
    "Registered",
    "ReviewRow",
    "lay_out_register",
    "lines_csv",
    "listed",
    "register_csv",
    "register_of",
    "write_csv",
    "write_sqlite",
]
