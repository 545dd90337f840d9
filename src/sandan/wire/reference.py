"""The field reference (字段说明) as Markdown, written from the definitions so that it cannot differ from them."""

from __future__ import annotations

from typing import Literal

from sandan.wire.definitions import Entity
from sandan.wire.definitions import Field
from sandan.wire.definitions import Message
from sandan.wire.definitions import definitions
from sandan.wire.fields import allowed

Language = Literal["zh", "en"]

_HEADINGS = {
    "zh": "| 元素 | 名称 | 允许的值 | 模式 | 规范 |",
    "en": "| element | name | allowed | schema | specification |",
}
_WORDS = {"zh": ("必填", "选填", "回执或来源"), "en": ("required", "optional", "answered by or answers")}


def page(message_type: str, language: Language) -> str:
    """Reference page of one message.

    Args:
        message_type: One of the 42, for example ``CEB621Message``.
        language: Language of names and values.

    Returns:
        Markdown: title, structure, and a table for each head and list.
    """
    message = definitions().messages[message_type]
    title = message.zh if language == "zh" else message.en
    parts = [f"# {message_type} {title}", _structure(message_type, message, language)]
    parts += [_table(entity, language) for entity in message.entities]
    return "\n\n".join(parts) + "\n"


def index(language: Language) -> str:
    """List of all messages with their titles, import first."""
    lines = [
        f"- [{name}]({name}.md) {message.zh if language == 'zh' else message.en}"
        for name, message in sorted(
            definitions().messages.items(), key=lambda item: (item[1].schema != "import", item[0])
        )
    ]
    return "\n".join(lines) + "\n"


def _structure(message_type: str, message: Message, language: Language) -> str:
    inside = (
        ""
        if message.flat
        else " / " + ", ".join(f"`{item.name}`{_occurs(item.least, item.most)}" for item in message.entities)
    )
    trailing = "".join(f", `{item.name}`{_occurs(item.least, item.most)}" for item in message.trailing)
    pair = f"; {_WORDS[language][2]} {message.pair}" if message.pair else ""
    return f"`{message_type}(@guid, @version)` / `{message.node}`{_occurs(1, message.most)}{inside}{trailing}{pair}"


def _occurs(least: int, most: int | None) -> str:
    return f"{{{least}..{'*' if most is None else most}}}"


def _table(entity: Entity, language: Language) -> str:
    rows = [_row(field, language) for field in entity.fields]
    return "\n".join([f"## {entity.name}", "", _HEADINGS[language], "|---|---|---|---|---|", *rows])


def _row(field: Field, language: Language) -> str:
    zh, en = allowed(field)
    required, optional, _ = _WORDS[language]
    name, value = (field.zh, zh) if language == "zh" else (field.en, en)
    demanded = {True: required, False: optional, None: "—"}[field.spec_required]
    return f"| `{field.name}` | {name} | {value} | {optional if field.optional else required} | {field.spec or '—'}, {demanded} |"
