"""PostgreSQL: inbox, documents, cases, ledger, journal and outbox; a batch of decisions in, one transaction out."""
