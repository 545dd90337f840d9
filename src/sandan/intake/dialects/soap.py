"""The SOAP call of one port's gateway: ``receive(content)`` with a CEB message or DxpMsg as text, answered with ``chkMark``.

``chkMark`` is 1 for what was taken and 2 for what was not, with the sentences in ``resultInfo``; HTTP says 200 both
times, because SOAP clients of that time take anything else for a broken line. Observed at a port of Zhejiang in 2019;
no national standard.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from lxml import etree

from sandan.intake.dialects.facts import Dialect
from sandan.intake.dialects.facts import Reply
from sandan.intake.dialects.facts import come
from sandan.intake.dialects.facts import spoilt
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Channel
from sandan.intake.facts import Outcome
from sandan.intake.faults import fault
from sandan.intake.faults import told
from sandan.wire.read import parse

_SERVICE = "http://ws.newyork.zjport.gov.cn/"
_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_COME = come(Channel.HTTP, "soap")


def read(body: bytes, content_type: str) -> Arrival:  # noqa: ARG001 - the bytes say what they are
    """The text of ``receive/content``, whatever the prefixes and namespaces around it."""
    root = parse(body).root
    text = None if root is None else _content(root)
    if not text:
        return spoilt(_COME, body, fault("soap-unreadable", where="/Envelope/Body/receive/content"))
    return Arrival(body=text.strip().encode(), channel=_COME.channel, dialect=_COME.dialect)


def answer(acknowledgement: Acknowledgement, arrival: Arrival) -> Reply:  # noqa: ARG001 - the answer needs no more
    """The result in the call's return value, as text."""
    taken = acknowledgement.outcome is Outcome.REGISTERED
    info = f"已收讫，受理编号{acknowledgement.receipt_id}" if taken else told(acknowledgement.faults)
    result = (
        f"<jkfResult><businessNo>{acknowledgement.receipt_id}</businessNo><chkMark>{1 if taken else 2}</chkMark>"
        f"<resultList><jkfResultDetail><resultInfo>{escape(info)}</resultInfo></jkfResultDetail></resultList></jkfResult>"
    )
    returned = escape(f'<mo version="1.0.0"><body><list>{result}</list></body></mo>')
    call = f'<ns:receiveResponse xmlns:ns="{_SERVICE}"><return>{returned}</return></ns:receiveResponse>'
    text = f'<soap:Envelope xmlns:soap="{_ENVELOPE}"><soap:Body>{call}</soap:Body></soap:Envelope>'
    return Reply(media_type="text/xml; charset=utf-8", body=text.encode(), status=200)


def _content(root: etree._Element) -> str | None:
    if etree.QName(root).localname != "Envelope":
        return None
    found = root.find("{*}Body/{*}receive/{*}content")
    return None if found is None else found.text


DIALECT = Dialect(
    name="soap",
    path="/ReceiveCebDeclare",
    accepts=("text/xml",),
    summary="SOAP 1.1 call receive(content) with the message as text, answered with chkMark",
    read=read,
    answer=answer,
    speaks="text/xml",
)
