"""Dutiable value and tax, line by line, with the working: a list and the law of the day in, an assessment out."""
