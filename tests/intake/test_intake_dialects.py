"""Each dialect takes the same message out of its own wrapping."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote_from_bytes

import pytest

from sandan.intake.dialects import cebcmsg
from sandan.intake.dialects import form
from sandan.intake.dialects import raw
from sandan.intake.dialects import spoken
from sandan.intake.facts import Acknowledgement
from sandan.intake.facts import Arrival
from sandan.intake.facts import Outcome
from sandan.intake.faults import fault

MESSAGE = '<?xml version="1.0"?><a>订单</a>???>>>'.encode()
PACKED = base64.b64encode(MESSAGE)
SENT = Arrival(body=MESSAGE)
URLENCODED = "application/x-www-form-urlencoded"


def multipart(name: str, content: bytes, file: str = "") -> tuple[bytes, str]:
    disposition = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    head = f"--B\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
    return head + content + b"\r\n--B--\r\n", "multipart/form-data; boundary=B"


def wrapping(data: object) -> bytes:
    return json.dumps({"message": {"messageHead": {"version": "1.0"}, "messageBody": {"data": data}}}).encode()


class TestRaw:
    def test_the_bytes_as_they_are(self) -> None:
        assert raw.read(MESSAGE, "text/xml").body == MESSAGE


class TestForm:
    def test_escaped_as_a_form_should_be(self) -> None:
        assert form.read(b"data=" + quote_from_bytes(PACKED, safe="").encode(), URLENCODED).body == MESSAGE

    def test_a_plus_sign_left_unescaped(self) -> None:
        """Many clients put base64 into a form as it is; the plus signs arrive as spaces."""
        assert b"+" in PACKED
        assert form.read(b"data=" + PACKED, URLENCODED).body == MESSAGE

    def test_broken_into_lines(self) -> None:
        lines = quote_from_bytes(PACKED[:20] + b"\r\n" + PACKED[20:], safe="").encode()
        assert form.read(b"data=" + lines, URLENCODED).body == MESSAGE

    @pytest.mark.parametrize("file", ["", "CEB311.xml"])
    def test_multipart_field_or_file(self, file: str) -> None:
        assert form.read(*multipart("data", PACKED, file)).body == MESSAGE

    @pytest.mark.parametrize(
        ("body", "kind", "code"),
        [
            (b"", URLENCODED, "form-without-data"),
            (b"other=1", URLENCODED, "form-without-data"),
            (b"data=%%%", URLENCODED, "not-base64"),
            (b"data=" + b"A" * 5, URLENCODED, "not-base64"),
            (b"&".join([b"x=1"] * 100), URLENCODED, "form-without-data"),
            (b"nonsense", "multipart/form-data; boundary=B", "form-without-data"),
            (b"nonsense", "multipart/form-data", "form-without-data"),
        ],
    )
    def test_what_cannot_be_unwrapped_keeps_its_bytes(self, body: bytes, kind: str, code: str) -> None:
        arrival = form.read(body, kind)
        assert arrival.fault is not None
        assert (arrival.fault.code, arrival.body) == (code, body)


class TestCebcmsg:
    def test_the_message_under_data(self) -> None:
        assert cebcmsg.read(wrapping(PACKED.decode()), "application/json").body == MESSAGE

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "not-json"),
            (b"{", "not-json"),
            (b"\xff", "not-json"),
            (b'{"message": {}}', "not-json"),
            (wrapping(5), "not-json"),
            (wrapping("***"), "not-base64"),
        ],
    )
    def test_what_cannot_be_unwrapped_keeps_its_bytes(self, body: bytes, code: str) -> None:
        arrival = cebcmsg.read(body, "application/json")
        assert arrival.fault is not None
        assert (arrival.fault.code, arrival.body) == (code, body)

    def test_the_bare_ok_of_the_gateway(self) -> None:
        assert cebcmsg.answer(Acknowledgement(receipt_id=1, outcome=Outcome.REGISTERED), SENT).body == b"OK"

    def test_a_refusal_in_plain_words(self) -> None:
        refused = Acknowledgement(receipt_id=1, outcome=Outcome.REFUSED, faults=(fault("unsigned"),))
        assert "没有签名" in cebcmsg.answer(refused, SENT).body.decode()


def test_every_dialect_has_a_path_of_its_own() -> None:
    paths = [path for one in spoken() for path in (one.path, *(poll.path for poll in one.polls))]
    assert len(set(paths)) == len(paths)
