"""Ways messages are wrapped over HTTP, one file each: bytes of a request in, an arrival out; an answer back.

Every module of this package that holds a ``DIALECT`` is spoken; to add one, add its file.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from sandan.intake.dialects.facts import Dialect


def spoken() -> tuple[Dialect, ...]:
    """Every dialect, by the name of its file; the HTTP face opens one path for each."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.DIALECT for module in modules if hasattr(module, "DIALECT"))
