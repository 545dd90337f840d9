"""Signatures: signed bytes in, the enterprise behind them or a diagnosis out; bytes in, signed bytes out."""
