"""The ledger: what was issued, voided and paid, once and in order, in one SQLite file of the workspace.

with writing(workspace / NAME, "issue 2026-04", now) as (ledger, found):
    draft = draft_of(bill, carried, inputs)
    issued = issue(ledger, [draft], write, IssueTerms(folder, date(2026, 5, 1), now, numbering, 15, inputs_now))
    voided, found = void(ledger, "202605-00001", "wrong price", write_credit_note, terms)

`publish` says what is written in which order, and what a killed run leaves; `chain` what an entry's hash is.
"""
