"""Keeps what was received and decided: messages and decisions in, facts and receipts out, in PostgreSQL."""
