"""Ways messages are wrapped over HTTP, one file each: bytes of a request in, an arrival out; an answer back."""

from __future__ import annotations

from sandan.intake.dialects import cebcmsg
from sandan.intake.dialects import form
from sandan.intake.dialects import raw
from sandan.intake.dialects.facts import Dialect

DIALECTS: tuple[Dialect, ...] = (raw.DIALECT, form.DIALECT, cebcmsg.DIALECT)
"""Every dialect spoken; the HTTP face opens one path for each."""
