"""Error and receipt codes as one catalogue (回执代码): what a code says, why, what to do, who does it, whether to send again.

The exchange platform (DxpRep, specification 202205 table 7-1), the port (negative codes, table 7-2 and the bands of 2018 No. 113
table 7-3), customs (``[Code:…;Desc:…]``, seen in traffic only), receipt statuses, the real-time data interface of 2018 No. 179, and
the words of other systems on a parcel's way. A code nobody knows passes through, visibly: its entry says so and keeps what came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from difflib import SequenceMatcher

from sandan.law import code_tables
from sandan.law.code_tables import CodeEntry
from sandan.law.code_tables import System
from sandan.law.code_tables import Tables

_BRACKET = re.compile(r"\[?code\s*[:：]\s*(-?\d+)\s*[;；]\s*desc\s*[:：]\s*(.*)", re.IGNORECASE | re.DOTALL)
_BARE = re.compile(r"\[?code\s*[:：]\s*(-?\d+)\s*(?:[;；]\s*(.*))?", re.IGNORECASE | re.DOTALL)
_LEADING = re.compile(r"\s*(-?\d{2,6})\s*[:：]\s*(.*)", re.DOTALL)
_PAIR = re.compile(r"(-?\d+)\s*/\s*(-?\d{2,6})")
_FAMILY = re.compile(r"\d\d(?:\d{2,4}|xx|\*)")
_INTEGER = re.compile(r"-?\d{1,12}")
_NUMBER = re.compile(r"(?<![\w.])-?\d{2,6}(?![\w.])")
_WIDEST_EXCHANGE = 3999
_ALIKE = 0.5
_READ = 1_000
"""Characters of a text that are searched for known words; the wire allows a receipt as many."""


def find(code: str = "", text: str = "", status: int = 0) -> CodeEntry | None:
    """What is known about a code as another system, or we, may have sent it.

    Understands a bare code (``1327``, ``-301010``, ``0002``), a status and a code (``100/1327``), the text of a receipt
    (``[Code:1327;Desc:…]``), codes inside a band, families of customs (``12xx``), and texts without any code.

    Args:
        code: The code, as written; may be empty where the text or the status speaks.
        text: The text that came with it, such as returnInfo.
        status: Receipt status (returnStatus) it came with, 0 where there was none.

    Returns:
        The entry, with ``known`` false where nothing is known; None where nothing was asked.
    """
    code, text = code.strip(), text.strip()
    if not code and not text and not status:
        return None
    inner, words = _read(text)
    given = [inner] if inner else [(text, 0)] if text.isascii() else []
    for candidate, came_with in (*_asked(code), *given):
        entry = _by_code(candidate, words, came_with or status)
        if entry is not None:
            return _sharper(entry, words)
    return _without_code(code or (inner[0] if inner else ""), words or text, status)


def search(words: str) -> tuple[CodeEntry, ...]:
    """Entries in which all words occur, in code, text or meaning, in the order of the tables.

    Args:
        words: Chinese or English, separated by spaces; upper and lower case are alike.
    """
    asked = words.lower().split()
    return tuple(entry for entry in entries() if all(word in _shown(entry) for word in asked))


def entries() -> tuple[CodeEntry, ...]:
    """The whole catalogue: exchange, port, bands, customs, statuses, real-time data, others, and texts without code."""
    return code_tables.shipped().entries


def _shown(entry: CodeEntry) -> str:
    return f"{entry.code} {entry.until} {entry.text} {entry.en} {entry.cause_zh} {entry.cause_en}".lower()


def _read(text: str) -> tuple[tuple[str, int] | None, str]:
    """Code and words inside a receipt's text."""
    for pattern in (_BRACKET, _BARE, _LEADING):
        match = pattern.search(text) if pattern is not _LEADING else pattern.match(text)
        if match:
            return (match[1], 0), (match[2] or "").strip()
    return None, text


def _asked(code: str) -> Iterable[tuple[str, int]]:
    """Readings of what was given as a code, with the status each came with."""
    if not code:
        return
    yield code, 0
    pair = _PAIR.fullmatch(code)
    if pair:
        yield pair[2], int(pair[1])
        return
    inner, _ = _read(code)
    if inner:
        yield inner
    yield from ((number, 0) for number in _NUMBER.findall(code) if number != code)
    yield code.rsplit(maxsplit=1)[-1], 0


def _by_code(code: str, text: str, status: int) -> CodeEntry | None:
    tables = code_tables.shipped()
    rows = _of_status(_rows_of(tables, code), status)
    if rows:
        return _closest(rows, text)
    return _customs_family(tables, code) or _band(tables, code, status)


def _rows_of(tables: Tables, code: str) -> tuple[CodeEntry, ...]:
    """Rows of a code as written, or as a CEB900 writes it: ``-2`` for ``0002``, ``[Code:621026]`` for -621026."""
    digits = code.removeprefix("-")
    if code in tables.exact or not digits.isdecimal():
        return tables.exact.get(code, ())
    if code.startswith("-") and int(digits) <= _WIDEST_EXCHANGE:
        rows = tables.exact.get(digits.zfill(4), ())
        return tuple(row for row in rows if row.system is System.EXCHANGE)
    return tables.exact.get(f"-{digits}", ()) if len(digits) in {5, 6} else ()


def _of_status(rows: tuple[CodeEntry, ...], status: int) -> tuple[CodeEntry, ...]:
    """Rows that fit what the code came with: with a positive status it is customs that speaks."""
    if status <= 0:
        return rows
    theirs = tuple(row for row in rows if row.system is not System.EXCHANGE)
    return theirs if any(row.system is System.CUSTOMS for row in theirs) else rows


def _closest(rows: tuple[CodeEntry, ...], text: str) -> CodeEntry:
    """Of several rows of one code, the one whose text is nearest; the first where none is near."""
    if len(rows) == 1 or not text:
        return rows[0]
    near = [(_likeness(row.text, text), -place) for place, row in enumerate(rows)]
    best, place = max(near)
    return rows[-place] if best >= _ALIKE else rows[0]


def _likeness(known: str, came: str) -> float:
    blanks = [part for part in re.split(r"\[\*]|\*", known) if part]
    if blanks and all(part in came for part in blanks):
        return 1.0 + len("".join(blanks)) / 1_000
    return SequenceMatcher(None, known, came).ratio()


def _customs_family(tables: Tables, code: str) -> CodeEntry | None:
    """A code of customs by its first two digits, which tell the state in its system; also as written ``12xx``."""
    return tables.families.get(code[:2]) if _FAMILY.fullmatch(code) else None


def _band(tables: Tables, code: str, status: int) -> CodeEntry | None:
    if not _INTEGER.fullmatch(code):
        return None
    bands = (band for band in tables.bands if status <= 0 or band.system is not System.EXCHANGE)
    return min((band for band in bands if _holds(band, code)), key=_width, default=None)


def _holds(band: CodeEntry, code: str) -> bool:
    number = int(code)
    low, high = sorted((int(band.code), int(band.until)))
    if band.system is System.EXCHANGE:
        return low <= abs(number) <= high and (number < 0 or len(code) == len(band.code))
    return low <= number <= high


def _width(band: CodeEntry) -> int:
    return abs(int(band.until) - int(band.code))


def _sharper(entry: CodeEntry, text: str) -> CodeEntry:
    """A bare status says less than the words that came with it, unless they say the same."""
    words = _by_words(text) if entry.system is System.STATUS and text else None
    return entry if words is None or words.situation == entry.situation else words


def _without_code(code: str, text: str, status: int) -> CodeEntry:
    """By the words, then by the status, then as unknown; a negative status is itself the code."""
    by_status = _by_code(str(status), text, 0) if status else None
    words = _by_words(f"{text} {code}")
    if by_status is not None and (status < 0 or not code):
        return _sharper(by_status, text)
    return words or code_tables.unknown(code or (str(status) if status else ""), text, by_status)


def _by_words(text: str) -> CodeEntry | None:
    patterns = code_tables.shipped().patterns
    return next((entry for pattern, entry in patterns if pattern.search(text[:_READ])), None)


def by_situation(rows: Iterable[CodeEntry]) -> Mapping[str, tuple[CodeEntry, ...]]:
    """Entries grouped by what they mean for the one who got them."""
    groups: dict[str, list[CodeEntry]] = {}
    for entry in rows:
        groups.setdefault(entry.situation, []).append(entry)
    return {name: tuple(group) for name, group in groups.items()}
