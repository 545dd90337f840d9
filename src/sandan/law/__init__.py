"""The law as dated, cited data: a day in, one consistent set of parameters, rules, lists and places out."""

from __future__ import annotations

from sandan.law.edition import Law
from sandan.law.edition import at
from sandan.law.supplied import EMPTY
from sandan.law.supplied import Overlay

__all__ = ["EMPTY", "Law", "Overlay", "at"]
