"""Real-time payment data in the sandbox (179 号公告演练): an invented platform, and customs' side without a store.

A rehearsal calls a platform's own address as customs would, takes its upload, times it, and holds every field against the
papers given: the same judgement as the real door's, over files instead of the store.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

from msgspec import Struct

from sandan.client import realtime as client
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.intake.realtime import Reply
from sandan.intake.realtime import call
from sandan.intake.realtime import judge
from sandan.law import Law
from sandan.oversight.decide import Asked
from sandan.oversight.decide import demand as demanded
from sandan.oversight.facts import Demand
from sandan.oversight.facts import Goods
from sandan.oversight.facts import Judgement
from sandan.oversight.facts import PaidOrder
from sandan.oversight.facts import Papers
from sandan.oversight.facts import PaymentData
from sandan.oversight.facts import PaymentHead
from sandan.signing.port import Signer
from sandan.wire.realtime_text import JSON
from sandan.wire.realtime_text import answer_form
from sandan.wire.realtime_text import result

UPLOAD_PATH = "/ceb2grab/grab/realTimeDataUpload"
_BODY_LIMIT = 4_000_000
_POLL_S = 0.02
_IDLE_S = 5.0
_OTHER_CHECKING_BODY = "3"
_BY_APP = "1"


def data_of(order: Order, payment: Payment) -> PaymentData:
    """Raw payment data as an invented platform would have kept it."""
    head = PaymentHead(
        guid=payment.head.guid.upper(),
        request=f"https://pay.example/gateway?out_trade_no={order.order_no}&total={payment.amount_paid_e5 // 1000}",
        response=f'{{"trade_no":"{payment.pay_transaction_id}","result":"成功"}}',
        ebp_code=order.ebp_code,
        pay_code=payment.pay_code,
        transaction_id=payment.pay_transaction_id,
        total_e5=payment.amount_paid_e5,
        currency=payment.currency,
        ver_dept=_OTHER_CHECKING_BODY,
        pay_type=_BY_APP,
        trading_time=payment.pay_time,
    )
    goods = tuple(
        Goods(name=line.item_name, link=f"https://shop.example/item/{line.item_no or line.gnum}")
        for line in order.lines
    )
    account = f"PAYEE-{order.ebc_code}"
    paid = PaidOrder(order_no=order.order_no, goods=goods, payee_account=account, payee_name=order.ebc_name)
    return PaymentData(head=head, orders=(paid,))


class Platform:
    """An invented platform that answers demands.

    Args:
        signer: Its registered key.
        kept: Payment data by order number; a demand for another order is acknowledged and not answered.
        now: Its clock.
    """

    def __init__(self, signer: Signer, kept: Mapping[str, PaymentData], now: Callable[[], datetime]) -> None:
        #: Address of customs to upload to
        self.customs = ""
        #: What is done to the body of an upload before it is sent
        self.spoil: Callable[[bytes], bytes] = bytes
        #: What is answered at once, instead of the acknowledgement
        self.greeting: bytes | None = None
        self.results: list[client.Result] = []
        self._signer = signer
        self._kept = kept
        self._now = now
        self._uploads: list[threading.Thread] = []

    def take(self, body: bytes) -> bytes:
        """The immediate answer to a demand; the upload follows by itself."""
        opening = client.read(body)
        data = self._kept.get(opening.order_no)
        if data is not None:
            signed = client.answer(opening, data, self._signer, self._now())
            self._uploads.append(threading.Thread(target=self._send, args=(answer_form(signed),)))
            self._uploads[-1].start()
        return client.acknowledge(self._now()) if self.greeting is None else self.greeting

    def finish(self) -> None:
        """Waits until every upload is answered."""
        for upload in self._uploads:
            upload.join()

    def _send(self, form: bytes) -> None:
        self.results.append(client.post(self.customs, self.spoil(form)))


class Rehearsal(Struct, frozen=True, kw_only=True):
    """What is rehearsed."""

    #: Address of the platform
    url: str
    ebp_code: str
    order_no: str
    #: Certificates (DER) the platform would register, by certNo
    certificates: Mapping[str, bytes]
    #: What was declared, as far as it is at hand
    papers: Papers
    law: Law
    #: Longest wait for the upload, in seconds
    wait_s: float


class Rehearsed(Struct, frozen=True, kw_only=True):
    """How it went."""

    demand: Demand
    reply: Reply
    #: None where no upload came
    judgement: Judgement | None
    #: Milliseconds from the demand to the upload
    took_ms: int | None


class Stage:
    """Customs' side of one rehearsal."""

    def __init__(self, rehearsal: Rehearsal, now: Callable[[], datetime]) -> None:
        self._rehearsal = rehearsal
        self._now = now
        self._came = threading.Event()
        self._began = time.monotonic()
        self._took_ms: int | None = None
        self._judgement: Judgement | None = None
        asked = Asked(
            session_id=str(uuid.uuid4()).upper(),
            ebp_code=rehearsal.ebp_code,
            order_no=rehearsal.order_no,
            officer="rehearsal",
        )
        self._demand = demanded(asked, now(), rehearsal.law)

    def play(self) -> Rehearsed:
        """Calls the platform and waits for its upload."""
        self._began = time.monotonic()
        reply = call(self._rehearsal.url, self._demand)
        self._came.wait(self._rehearsal.wait_s)
        return Rehearsed(demand=self._demand, reply=reply, judgement=self._judgement, took_ms=self._took_ms)

    def receive(self, body: bytes) -> bytes:
        """Customs' answer to an upload; the first of the session is what is reported."""
        _, judgement = judge(body, self, self._now(), self._rehearsal.law)
        if self._judgement is None:
            self._took_ms = round((time.monotonic() - self._began) * 1000)
            self._judgement = judgement
            self._came.set()
        return result(judgement.code, judgement.message, str(int(self._now().timestamp() * 1000)))

    def demand(self, session_id: str) -> Demand | None:
        """The one demand of the rehearsal."""
        return self._demand if session_id == self._demand.session_id else None

    def was_stored(self, session_id: str) -> bool:
        """Whether the rehearsal's upload was taken."""
        del session_id
        return self._judgement is not None and self._judgement.stored

    def certificates(self, ebp_code: str) -> Mapping[str, bytes]:
        """The certificates given, whatever platform the upload names."""
        del ebp_code
        return self._rehearsal.certificates

    def papers(self, demand: Demand, order_numbers: Sequence[str]) -> Papers:
        """The papers given."""
        del demand, order_numbers
        return self._rehearsal.papers


@contextmanager
def listening(take: Callable[[bytes], bytes], host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """A server that answers every post with what ``take`` makes of its body, until the block ends.

    Yields:
        Its address, without a path.
    """
    server = ThreadingHTTPServer((host, port), _handler(take))
    # Whoever has been let in is answered before the server ends.
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, args=(_POLL_S,), name="realtime")
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(take: Callable[[bytes], bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Posts in, JSON out."""

        timeout = _IDLE_S

        def do_POST(self) -> None:
            """One post."""
            length = min(int(self.headers.get("Content-Length") or 0), _BODY_LIMIT)
            try:
                status, body = 200, take(self.rfile.read(length))
            except client.NotADemandError as error:
                status, body = 400, str(error).encode()
            self.send_response(status)
            self.send_header("Content-Type", JSON)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Says nothing: payment data is nobody's business."""

    return Handler
