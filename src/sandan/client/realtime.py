"""The platform's side of real-time payment data (179 号公告): answer the demand at once, then upload, signed.

A platform's handler is a few lines: ``opening = read(body)``, reply ``acknowledge(now)``, then ``upload(...)`` what
``answer(...)`` returns, within two minutes.
"""

from __future__ import annotations

from datetime import datetime

import httpx
import msgspec
from msgspec import Struct

from sandan.oversight.facts import STORED
from sandan.oversight.facts import Answer
from sandan.oversight.facts import PaymentData
from sandan.signing.port import Algorithm
from sandan.signing.port import Signer
from sandan.wire.realtime import NotADemandError
from sandan.wire.realtime import Opening
from sandan.wire.realtime import read_demand
from sandan.wire.realtime_text import FORM
from sandan.wire.realtime_text import JSON
from sandan.wire.realtime_text import acknowledgement
from sandan.wire.realtime_text import answer_form
from sandan.wire.realtime_text import sign_value
from sandan.wire.realtime_text import unsigned

__all__ = ["FORM", "JSON", "NotADemandError", "Result", "acknowledge", "answer", "post", "read", "upload"]
_TIMEOUT_S = 20.0

read = read_demand


class Result(Struct, frozen=True):
    """What customs answered to an upload."""

    code: str
    message: str

    @property
    def stored(self) -> bool:
        """Whether the data was taken."""
        return self.code == STORED


def acknowledge(now: datetime) -> bytes:
    """The immediate answer to any demand, for an unknown order too; send it as ``JSON``."""
    return acknowledgement(STORED, "", _milliseconds(now))


def answer(opening: Opening, data: PaymentData, signer: Signer, now: datetime) -> Answer:
    """The signed answer to a demand.

    Args:
        opening: The demand as read.
        data: What the platform keeps of the payment.
        signer: Key registered for the platform; an RSA key must be for SHA-1, which the interface asks for.
        now: The moment, used once, for text and upload alike.

    Raises:
        ValueError: The signer uses SHA-256.
    """
    if signer.algorithm is Algorithm.RSA_SHA256:
        raise ValueError("real-time payment data is signed SHA1withRSA or SM2 with SM3; give a signer for one of these")
    service_time = _milliseconds(now)
    signature = signer.sign(unsigned(opening.session_id, data, service_time))
    return Answer(
        session_id=opening.session_id,
        data=data,
        service_time=service_time,
        cert_no=signer.key_name.lower(),
        sign_value=sign_value(signature),
    )


def upload(url: str, signed: Answer) -> Result:
    """Uploads an answer to customs (realTimeDataUp).

    Raises:
        httpx.HTTPError: Customs cannot be reached; the same answer may be sent again.
        msgspec.DecodeError: What came back is not customs' answer.
    """
    return post(url, answer_form(signed))


def post(url: str, form: bytes) -> Result:
    """Posts a form that is ready; raises as `upload` does."""
    response = httpx.post(url, content=form, headers={"Content-Type": FORM}, timeout=_TIMEOUT_S, trust_env=False)
    return msgspec.json.decode(response.content, type=Result)


def _milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
