"""Lets ``python -m sandan`` run the command line."""

from __future__ import annotations

from sandan.cli.app import main

main()
