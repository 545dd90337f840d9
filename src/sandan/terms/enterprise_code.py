"""Enterprise code of the messages (企业代码): a customs registration number or a unified social credit code.

The customs registration number (海关注册登记编号) has ten characters: five digits of the place and its kind of zone, one of
the economic type, four of sequence; letters occur. The eighteen-character form is the 统一社会信用代码 (message specification
202205, section 4). Which of the two an enterprise uses is its own choice; the registry knows both.

>>> validate("3301960A0B")
'3301960A0B'
>>> validate("33019")
Traceback (most recent call last):
    ...
sandan.terms.errors.LengthError: The value has the wrong number of characters: found '33019', wanted 10 characters, or 18 of a credit code.
"""

from __future__ import annotations

import re
from typing import Final

from sandan.terms import credit_code
from sandan.terms.errors import FormatError
from sandan.terms.errors import LengthError
from sandan.terms.errors import TermError
from sandan.terms.ids import EnterpriseCode

LENGTH: Final = 10
_FORM: Final = re.compile(r"[0-9]{4}[0-9A-Z]{6}")


def compact(text: str) -> str:
    """The code as people may type it, without spaces and hyphens, in upper case."""
    return re.sub(r"[\s\-]", "", text).upper()


def validate(text: str) -> EnterpriseCode:
    """The code, if it can be one.

    Raises:
        LengthError: Neither ten nor eighteen characters.
        FormatError: A character that does not belong where it stands.
        CheckDigitError: A credit code whose last character does not follow.
    """
    if len(text) == credit_code.LENGTH:
        return EnterpriseCode(credit_code.validate(text))
    if len(text) != LENGTH:
        raise LengthError(text, wanted=f"{LENGTH} characters, or {credit_code.LENGTH} of a credit code")
    if not _FORM.fullmatch(text):
        raise FormatError(text, wanted="4 digits, then 6 digits or upper-case letters")
    return EnterpriseCode(text)


def is_valid(text: str) -> bool:
    """Whether the text can be an enterprise code."""
    try:
        validate(text)
    except TermError:
        return False
    return True
