"""The template of an invoice: its marks, its reading, what is wrong with it."""
