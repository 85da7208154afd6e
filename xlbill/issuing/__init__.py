"""A month is issued: drafts that somebody has seen become invoices, with their numbers, in the ledger and as files.

    done, problems = issue_month(workspace, Month(2026, 4), IssueOrder(on=date(2026, 5, 1), at=now))
    voided, problems = void_invoice(workspace, "202605-00001", "wrong price", date(2026, 5, 2), now)

The ledger knows neither rating nor workbooks; here they meet. Drafts lie in `invoices/`, what was issued in `issued/`.
"""

from xlbill.issuing.against import Against, against_issued
from xlbill.issuing.month import IssueDone, IssueOrder, issue_month
from xlbill.issuing.voiding import void_invoice

__all__ = ["Against", "IssueDone", "IssueOrder", "against_issued", "issue_month", "void_invoice"]
