"""Sandan 三单: the open clearance platform for cross-border e-commerce."""
