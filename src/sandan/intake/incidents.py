"""What the log says about a mistake of our own: where it happened, never the values it happened with.

Log renderers like to print the local variables of every frame, and here those are messages full of personal data.
"""

from __future__ import annotations

import traceback


def trace_of(problem: BaseException) -> str:
    """The places a problem passed through and its kind, one a line, without its text or any variable."""
    frames = traceback.extract_tb(problem.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join([*places, type(problem).__qualname__])
