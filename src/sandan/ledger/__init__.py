"""Two-phase postings over accounts that may not be overdrawn: balances and wishes in, postings out."""
