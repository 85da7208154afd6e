"""The pages of an invoice: rows and cells, where each figure stands, what every cell holds, where pages end."""
