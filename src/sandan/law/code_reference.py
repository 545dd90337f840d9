"""The catalogue of codes as pages for readers (回执代码表), in Chinese and English, made from the tables."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter
from typing import Final

from sandan.law import codes
from sandan.law.code_tables import CodeEntry
from sandan.law.code_tables import Owner
from sandan.law.code_tables import System
from sandan.law.facts import Retry

LANGUAGES: Final = ("zh", "en")

_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "title": "回执与错误代码",
        "code": "代码",
        "text": "原文",
        "meaning": "含义",
        "cause": "原因",
        "remedy": "处理",
        "owner": "由谁处理",
        "retry": "是否重发",
    },
    "en": {
        "title": "Codes of receipts and errors",
        "code": "Code",
        "text": "Official text",
        "meaning": "Meaning",
        "cause": "Cause",
        "remedy": "What to do",
        "owner": "Who acts",
        "retry": "Send again",
    },
}

_SYSTEMS: Final[Mapping[System, tuple[str, str]]] = {
    System.EXCHANGE: ("数据交换平台（DxpRep）", "The exchange platform (DxpRep)"),
    System.PORT: ("电子口岸处理异常", "The port's handling of a paper"),
    System.CUSTOMS: ("海关（[Code:…;Desc:…]）", "Customs ([Code:…;Desc:…])"),
    System.STATUS: ("回执状态", "Receipt statuses"),
    System.REALTIME: ("海关实时获取（179）", "Real-time data (179)"),
    System.OTHER: ("其他系统", "Other systems"),
    System.TEXT: ("无代码的文本", "Texts without a code"),
}

_OWNERS: Final[Mapping[Owner, tuple[str, str]]] = {
    Owner.SHOP: ("电商企业", "the shop"),
    Owner.PLATFORM: ("电商平台", "the e-commerce platform"),
    Owner.PAYMENT: ("支付企业", "the payment enterprise"),
    Owner.LOGISTICS: ("物流企业", "the logistics enterprise"),
    Owner.DECLARANT: ("申报企业", "the declarant"),
    Owner.CUSTOMS: ("海关", "customs"),
    Owner.PORT: ("平台运营", "the operator of the port"),
    Owner.INTEGRATOR: ("报文对接方", "whoever builds the messages"),
    Owner.NOBODY: ("无需处理", "nobody"),
}

_RETRIES: Final[Mapping[Retry, tuple[str, str]]] = {
    Retry.SAME: ("原样重发", "send the same again"),
    Retry.FIX: ("更正后重发", "mend, then send again"),
    Retry.QUERY: ("先查询", "ask for the state first"),
    Retry.WAIT: ("不必发送，等待", "send nothing, wait"),
    Retry.NEVER: ("不能再发", "do not send again"),
}


def words_of(entry: CodeEntry, language: str) -> tuple[tuple[str, str], ...]:
    """An entry as labelled lines.

    Args:
        entry: An entry of the catalogue, or an unknown one.
        language: ``zh`` or ``en``.
    """
    labels, place = _LABELS[language], _place(language)
    english = language == "en"
    return (
        (labels["code"], f"{entry.code} ~ {entry.until}" if entry.until else entry.code),
        (labels["text"], entry.text),
        (labels["meaning"], entry.en if english else ""),
        (labels["cause"], entry.cause_en if english else entry.cause_zh),
        (labels["remedy"], entry.remedy(language)),
        (labels["owner"], _OWNERS[entry.owner][place]),
        (labels["retry"], _RETRIES[entry.retry][place]),
    )


def page(language: str) -> str:
    """The whole catalogue as one Markdown page, a table for each system that speaks.

    Args:
        language: ``zh`` or ``en``.
    """
    lines = [f"# {_LABELS[language]['title']}", ""]
    for system, rows in groupby(codes.entries(), key=attrgetter("system")):
        lines += [f"## {_SYSTEMS[system][_place(language)]}", "", *_table(rows, language), ""]
    return "\n".join(lines)


def _table(rows: Iterable[CodeEntry], language: str) -> Iterator[str]:
    labels = [label for label, _ in words_of(next(iter(codes.entries())), language)]
    shown = [place for place, label in enumerate(labels) if language == "en" or label != _LABELS["zh"]["meaning"]]
    yield _cells(labels[place] for place in shown)
    yield _cells("---" for _ in shown)
    for row in rows:
        texts = [text for _, text in words_of(row, language)]
        yield _cells(texts[place] for place in shown)


def _cells(texts: Iterable[str]) -> str:
    return f"| {' | '.join(_plain(text) for text in texts)} |"


def _plain(text: str) -> str:
    """Text that Markdown takes as it is."""
    return text.replace("|", "/").replace("[", "\\[").replace("*", "\\*").replace("<", "&lt;")


def _place(language: str) -> int:
    return 1 if language == "en" else 0
