"""Unified social credit code (统一社会信用代码, GB 32100) of an organisation.

Eighteen characters: registering department, category, six digits of the place, nine of the organisation code, one check
character; the letters I, O, S, V and Z are not used. Issued at business registration. Verified by python-stdnum.

>>> validate("91330106MA2ABCDE1G")
'91330106MA2ABCDE1G'
"""

from __future__ import annotations

from typing import Final

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError

from sandan.terms.errors import CheckDigitError
from sandan.terms.errors import FormatError
from sandan.terms.errors import LengthError
from sandan.terms.errors import TermError

LENGTH: Final = 18


def compact(text: str) -> str:
    """The code as people may type it, without spaces and hyphens, in upper case."""
    return str(uscc.compact(text))


def validate(text: str) -> str:
    """The code, if it can be one.

    Raises:
        LengthError: Not eighteen characters.
        FormatError: A character that does not belong where it stands, or lower case.
        CheckDigitError: The last character does not follow.
    """
    if len(text) != LENGTH:
        raise LengthError(text, wanted=f"{LENGTH} characters")
    if text != text.upper() or not text.isascii() or not text.isalnum():
        raise FormatError(text, wanted="digits and upper-case letters without separators")
    try:
        return str(uscc.validate(text))
    except InvalidChecksum as error:
        raise CheckDigitError(text, wanted=f"{uscc.calc_check_digit(text[:-1])} at the end") from error
    except ValidationError as error:
        raise FormatError(text, wanted="8 digits, then digits and letters without I, O, S, V, Z") from error


def is_valid(text: str) -> bool:
    """Whether the text can be a unified social credit code."""
    try:
        validate(text)
    except TermError:
        return False
    return True
