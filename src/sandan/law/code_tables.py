"""The tables behind the catalogue of codes, read once: official codes and texts as facts, what they mean in our own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from msgspec import Struct
from msgspec import structs

from sandan.law import data_files
from sandan.law.facts import Evidence
from sandan.law.facts import Retry

_FOLDER = "codes"


class System(StrEnum):
    """Who speaks with a code."""

    EXCHANGE = "exchange"
    """The exchange platform that carries messages (数据交换平台), table 7-1."""
    PORT = "port"
    """The port's handling of a paper (电子口岸处理异常), negative codes, tables 7-2 and 7-3."""
    CUSTOMS = "customs"
    """Customs, inside ``[Code:…;Desc:…]`` (海关)."""
    STATUS = "status"
    """A receipt status (回执状态)."""
    REALTIME = "realtime"
    """The real-time data interface (海关实时获取), 2018 No. 179."""
    OTHER = "other"
    """Another system on the way: shopping platform, payment company, card, bonded book, tax bill."""
    TEXT = "text"
    """Words that came without a code."""


class Owner(StrEnum):
    """Who has to act."""

    SHOP = "shop"
    """E-commerce enterprise (电商企业)."""
    PLATFORM = "platform"
    """E-commerce platform (电商平台)."""
    PAYMENT = "payment"
    """Payment enterprise (支付企业)."""
    LOGISTICS = "logistics"
    """Logistics enterprise (物流企业)."""
    DECLARANT = "declarant"
    """Declaring enterprise (申报企业)."""
    CUSTOMS = "customs"
    """Customs (海关)."""
    PORT = "port"
    """Operator of the port or platform (平台运营)."""
    INTEGRATOR = "integrator"
    """Whoever builds and sends the messages (对接方)."""
    NOBODY = "nobody"
    """Nothing has to be done."""


class CodeEntry(Struct, frozen=True, kw_only=True):
    """One code and what it means (代码条目)."""

    system: System
    #: As written on the wire; a family of customs ends in ``*``; empty for words without a code
    code: str
    #: Last code of a band; empty for a single code
    until: str = ""
    #: Official text, ``[*]`` is its blank
    text: str
    #: What it says, in English
    en: str
    #: Name of what it means for the one who got it
    situation: str
    cause_zh: str
    cause_en: str
    remedy_zh: str
    remedy_en: str
    owner: Owner
    retry: Retry
    evidence: Evidence
    #: False for a code the catalogue does not hold
    known: bool = True
    #: What came with an unknown code, as it came
    raw: str = ""

    def said(self, language: str) -> str:
        """The plain sentence in ``zh`` or ``en``."""
        if language == "en":
            return self.en
        return self.text or self.cause_zh if self.known else f"本目录没有这个代码，原文照录：{self.raw}"

    def remedy(self, language: str) -> str:
        """What to do, in ``zh`` or ``en``."""
        return self.remedy_en if language == "en" else self.remedy_zh


class Tables(Struct, frozen=True):
    """The catalogue by how it is asked."""

    entries: tuple[CodeEntry, ...]
    exact: Mapping[str, tuple[CodeEntry, ...]]
    bands: tuple[CodeEntry, ...]
    #: First two digits to the family of customs
    families: Mapping[str, CodeEntry]
    patterns: tuple[tuple[re.Pattern[str], CodeEntry], ...]


_FILES: Mapping[str, System] = {
    "exchange.csv": System.EXCHANGE,
    "port.csv": System.PORT,
    "bands.csv": System.PORT,
    "customs.csv": System.CUSTOMS,
    "statuses.csv": System.STATUS,
    "realtime.csv": System.REALTIME,
    "others.csv": System.OTHER,
}
"""Tables in the order they are asked and shown."""

_SENDERS: tuple[tuple[str, Owner], ...] = (
    ("-301", Owner.PLATFORM),
    ("-30", Owner.SHOP),
    ("-401", Owner.PAYMENT),
    ("-40", Owner.SHOP),
    ("-5", Owner.LOGISTICS),
    ("-6", Owner.DECLARANT),
    ("-7", Owner.DECLARANT),
    ("-8", Owner.DECLARANT),
    ("-9", Owner.LOGISTICS),
)
"""How port codes begin to who sends that paper (194/2018 art. 6; export: 2018 No. 113)."""


@cache
def shipped() -> Tables:
    """Every code that ships with the platform.

    Raises:
        KeyError: A row names a situation there is none of.
    """
    words = situations()
    rows = tuple(_rows(words))
    patterns = tuple(_patterns(words))
    single = [row for row in rows if not row.until and not row.code.endswith("*")]
    exact: dict[str, tuple[CodeEntry, ...]] = {}
    for row in single:
        exact[row.code] = (*exact.get(row.code, ()), row)
    return Tables(
        entries=(*rows, *(entry for _, entry in patterns)),
        exact=exact,
        bands=tuple(row for row in rows if row.until),
        families={row.code[:2]: row for row in rows if row.code.endswith("*")},
        patterns=patterns,
    )


@cache
def situations() -> Mapping[str, Mapping[str, str]]:
    """Cause, remedy, owner and retry class by name of the situation."""
    return dict(next(content for name, content in data_files.documents(_FOLDER) if name == "situations.yaml"))


def unknown(code: str, raw: str, by_status: CodeEntry | None = None) -> CodeEntry:
    """The entry of a code the catalogue does not hold: it says so and keeps what came.

    Args:
        code: The code, as it came; may be empty.
        raw: The text that came with it.
        by_status: What the receipt status alone means, which then says what to do.
    """
    entry = by_status or _entry(System.TEXT, {"code": "", "text": "", "situation": "unknown"}, situations())
    told = f"Not in this catalogue: {raw or code}" + (f" ({by_status.en})" if by_status else "")
    return structs.replace(entry, code=code, text=raw, en=told, known=False, raw=raw or code)


def _rows(words: Mapping[str, Mapping[str, str]]) -> Iterator[CodeEntry]:
    for name, system in _FILES.items():
        yield from (_entry(system, row, words) for row in data_files.table(_FOLDER, name))


def _patterns(words: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[re.Pattern[str], CodeEntry]]:
    for row in data_files.table(_FOLDER, "texts.csv"):
        yield re.compile(row["pattern"]), _entry(System.TEXT, {**row, "code": ""}, words)


def _entry(system: System, row: Mapping[str, str], words: Mapping[str, Mapping[str, str]]) -> CodeEntry:
    said = words[row["situation"]]
    return CodeEntry(
        system=system,
        code=row["code"],
        until=row.get("until", ""),
        text=row["text"],
        en=row.get("en", ""),
        situation=row["situation"],
        cause_zh=said["cause_zh"],
        cause_en=said["cause_en"],
        remedy_zh=said["remedy_zh"],
        remedy_en=said["remedy_en"],
        owner=_owner(said["owner"], row["code"]),
        retry=Retry(said["retry"]),
        evidence=Evidence(row.get("evidence") or "found"),
    )


def _owner(name: str, code: str) -> Owner:
    """The owner of a situation; for ``sender`` whoever sends the paper the code speaks of."""
    if name != "sender":
        return Owner(name)
    return next((owner for prefix, owner in _SENDERS if code.startswith(prefix)), Owner.INTEGRATOR)
