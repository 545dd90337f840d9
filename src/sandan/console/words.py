"""The console's two languages: message catalogues, and which one a reader wants.

Sentences in code and templates are English; the Chinese ones stand in ``locale/zh_Hans_CN/LC_MESSAGES/console.po``,
which is read as it is, so that no compiled file can be out of date. New sentences get there by
``pybabel extract -F src/sandan/console/babel.cfg -k mark -o console.pot src/sandan/console`` and
``pybabel update -N -D console -i console.pot -d src/sandan/console/locale``; a test fails while one has no Chinese.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from babel.support import Translations
from starlette.requests import Request

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en_GB"}
"""Language of a page to its locale."""

LANGUAGE_COOKIE = "sandan_language"
"""Cookie that keeps the reader's choice."""


def language_of(request: Request) -> str:
    """Returns the reader's language: as chosen, else as the browser asks, else Chinese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    wanted = request.headers.get("accept-language", "").lower()
    return "en" if wanted.startswith("en") else "zh"


@cache
def translations(language: str) -> NullTranslations:
    """Returns the catalogue of a language; English needs none."""
    if language == "en":
        return NullTranslations()
    source = files("sandan.console").joinpath("locale", LANGUAGES[language], "LC_MESSAGES", "console.po")
    compiled = io.BytesIO()
    with source.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=LANGUAGES[language]))
    compiled.seek(0)
    return Translations(compiled, domain="console")


def mark(text: str) -> str:
    """Marks an English sentence for translation where it is defined; it is translated where it is shown."""
    return text
