"""Bytes ⇄ documents: CEB and DXP messages in, facts with a verdict and a diagnosis out; receipts out as bytes."""
