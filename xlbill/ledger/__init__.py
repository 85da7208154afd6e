"""The ledger: what was issued, voided and paid, once and in order, in one SQLite file of the workspace."""
