"""Resident identity number (居民身份证号码, GB 11643) of a consumer.

Eighteen characters: six of the district that issued it, eight of the day of birth, three of sequence (odd for men),
one check digit, which may be ``X``. Issued by the public security authorities. The check digit and the day of birth
are the arithmetic of python-stdnum. The district is not held against a list: new districts are numbered every year, and
refusing a person for a list of ours would be the worse mistake.

>>> validate("110101190204220003")
'110101190204220003'
>>> validate("110101190204220004")
Traceback (most recent call last):
    ...
sandan.terms.errors.CheckDigitError: The check digit does not follow from the characters before it: found '1101**********0004', wanted 3 at the end.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from sandan.terms.errors import CheckDigitError
from sandan.terms.errors import FormatError
from sandan.terms.errors import LengthError
from sandan.terms.errors import PartError
from sandan.terms.errors import TermError
from sandan.terms.ids import PersonId

LENGTH: Final = 18
_FORM: Final = re.compile(r"[0-9]{17}[0-9X]")


def compact(text: str) -> str:
    """The number as people may type it, without spaces and hyphens, its letter in upper case."""
    return re.sub(r"[\s\-]", "", text).upper()


def validate(text: str) -> PersonId:
    """The number, if it can be one. Errors show it masked: it is personal data.

    Raises:
        LengthError: Not eighteen characters.
        FormatError: Not seventeen digits and a digit or ``X``.
        CheckDigitError: The last character does not follow.
        PartError: The day of birth does not exist.
    """
    if len(text) != LENGTH:
        raise LengthError(mask(text), wanted=f"{LENGTH} characters")
    if not _FORM.fullmatch(text):
        raise FormatError(mask(text), wanted="17 digits and a digit or X")
    check = ric.calc_check_digit(text)
    if text[-1] != check:
        raise CheckDigitError(mask(text), wanted=f"{check} at the end")
    birth_date(text)
    return PersonId(text)


def birth_date(text: str) -> date:
    """Day of birth that digits seven to fourteen say.

    Raises:
        PartError: No such day.
    """
    try:
        return ric.get_birth_date(text)
    except (ValidationError, ValueError) as error:
        raise PartError(mask(text), wanted="a day of birth that exists in characters 7 to 14") from error


@lru_cache(maxsize=65_536)
def is_valid(text: str) -> bool:
    """Whether the text can be a resident identity number; one parcel asks for the same number in each of its papers."""
    try:
        validate(text)
    except TermError:
        return False
    return True


def mask(text: str) -> str:
    """The number with its ten middle characters hidden, for pages and messages.

    >>> mask("110101190204220003")
    '1101**********0003'
    """
    if len(text) <= len("11014557"):
        return "*" * len(text)
    return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}"
