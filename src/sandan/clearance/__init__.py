"""Checks each document, compares the three (三单比对) and decides the case of one list: facts, law and now in, a decision out."""
