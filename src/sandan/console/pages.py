"""Templates into pages: the Jinja environment of each language and what every page may use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from functools import partial
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import quote
from urllib.parse import urlencode

from jinja2 import Environment
from jinja2 import PackageLoader
from jinja2 import StrictUndefined

from sandan.console import formats
from sandan.console import labels
from sandan.console import law_words
from sandan.console import meanings
from sandan.console import statuses
from sandan.console.words import LANGUAGES
from sandan.console.words import translations
from sandan.law import catalogue
from sandan.law import codes

if TYPE_CHECKING:
    from sandan.console.visit import Visit


def render(visit: Visit, template: str, values: Mapping[str, Any]) -> str:
    """Returns a page as text."""
    environment = _environment(visit.language)
    own = {
        "visit": visit,
        "user": visit.user,
        "now": visit.now,
        "age": lambda since: formats.age(since, visit.now, visit.gettext),
        "form_token": visit.deps.sessions.form_token(visit.request),
        "path": visit.request.url.path,
        "invented": visit.deps.invented,
    }
    return environment.get_template(template).render(**own, **values)


@cache
def _environment(language: str) -> Environment:
    locale = LANGUAGES[language]
    environment = Environment(
        loader=PackageLoader("sandan.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {
        "yuan": partial(formats.yuan, locale=locale),
        "amount": partial(formats.amount, locale=locale),
        "count": partial(formats.count, locale=locale),
        "quantity": formats.quantity,
        "moment": formats.moment,
        "moment_ms": formats.moment_ms,
        "day": partial(formats.day, locale=locale),
        "path": _path,
        "chart": lambda option: json.dumps(option, ensure_ascii=False),
    }
    environment.globals |= {
        "language": language,
        "looks": statuses,
        "laws": law_words,
        "code_of": lambda status, info: codes.find("", info, status),
        "word": lambda table, name: _translated(name, table, language),
        "is_rule": lambda rule: rule in catalogue.shipped(),
        "label": partial(labels.label, language=language),
        "label_of_document": lambda document: labels.DOCUMENTS.get(document, document),
        "step_name": partial(_translated, table=statuses.STEPS, language=language),
        "words_of": partial(_in_language, language=language),
        "said": partial(_said, language=language),
        "meaning": partial(meanings.meaning, language=language),
        "written": partial(meanings.written, locale=locale),
        "query": urlencode,
    }
    return environment


def _translated(name: str, table: Mapping[str, str], language: str) -> str:
    """The word of a table in a language; one it does not hold is shown as it is."""
    return translations(language).gettext(table.get(name, name))


def _in_language(words: object, language: str) -> str:
    """The sentence of a language out of a pair kept with a record."""
    return str(words.get(language, "")) if isinstance(words, Mapping) else str(words)


def _said(told: object, name: str = "", *, language: str) -> str:
    """What something tells in a language: its ``remedy_zh`` or ``remedy_en`` by the name ``remedy``, else its ``zh`` or ``en``."""
    return str(getattr(told, f"{name}_{language}" if name else language))


def _path(text: str) -> str:
    """One segment of an address; a slash stays one, since some keys contain it and routes take the rest of a path."""
    return quote(text, safe="/")
