"""Every dialect end to end: the same signed message in each wrapping, through the real server, answered in its words."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

import httpx
import pytest
from lxml import etree

from sandan.api.deps import Deps
from sandan.intake import dialects
from sandan.sandbox import world
from sandan.terms.days import wire_time
from sandan.wire import dxp
from sandan.wire.dxp import TransInfo
from sandan.wire.envelope import faults
from sandan.work.worker import Duty
from sandan.work.worker import Worker

DXP = "{http://www.chinaport.gov.cn/dxp}"
PLATFORM_ID = "DXPENT0000900101"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def transfer(message: bytes) -> str:
    """A GzeportTransfer as its clients write it."""
    packed = base64.b64encode(message).decode()
    head = "<Head><MessageID>M1</MessageID><MessageType>CEB311Message</MessageType><Sender>EDI001</Sender></Head>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<GzeportTransfer>{head}<Data>{packed}</Data></GzeportTransfer>\n'


def fields(text: str) -> dict[str, str]:
    return {"clientid": "c1", "key": "secret-of-the-gateway", "messageType": "CEB311Message", "messageText": text}


def as_files(values: Mapping[str, str]) -> dict[str, Any]:
    return {name: (None, value) for name, value in values.items()}


def envelope(deps: Deps, message: bytes, number: str = "M1") -> bytes:
    info = TransInfo(
        cop_msg_id=number,
        sender_id=PLATFORM_ID,
        receiver_ids=(dxp.IMPORT_RECEIVER,),
        created=deps.clock.now(),
        message_type="CEB311Message",
    )
    return dxp.wrap(message, info)


def call(text: str) -> str:
    content = f'<ws:receive xmlns:ws="http://ws.newyork.zjport.gov.cn/"><content>{text}</content></ws:receive>'
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{content}</s:Body></s:Envelope>'


def kept(deps: Deps) -> list[tuple[str, str]]:
    with deps.pool.connection() as conn:
        return conn.execute("SELECT channel, outcome FROM inbox ORDER BY id").fetchall()


class TestGzeport:
    @pytest.mark.parametrize("packing", [str, quote_plus, lambda text: base64.b64encode(text.encode()).decode()])
    @pytest.mark.parametrize("form", ["multipart", "urlencoded"])
    def test_every_packing_of_the_transfer(
        self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes], packing: Callable[[str], str], form: str
    ) -> None:
        values = fields(packing(transfer(post["order"])))
        sent = {"files": as_files(values)} if form == "multipart" else {"data": values}
        answer = client.post("/gzeport", **sent)
        assert (answer.status_code, answer.json()["result"]) == (200, True), answer.text
        assert kept(deps) == [("gzeport", "registered")]

    def test_the_bare_transfer_is_taken_too(self, client: httpx.Client, post: Mapping[str, bytes]) -> None:
        assert client.post("/gzeport", content=transfer(post["order"]).encode()).json()["result"] is True

    @pytest.mark.parametrize("text", ["", "rubbish", "<GzeportTransfer/>", "<Other><Data>AAAA</Data></Other>"])
    def test_what_cannot_be_unwrapped_is_told_and_its_key_not_kept(
        self, client: httpx.Client, deps: Deps, text: str
    ) -> None:
        answer = client.post("/gzeport", data=fields(text)).json()
        assert answer["result"] is False
        assert "处理：" in answer["description"]
        with deps.pool.connection() as conn:
            assert kept(deps) == [("gzeport", "unreadable")]
            assert conn.execute("SELECT body FROM inbox").fetchone()[0].find(b"secret-of") == -1


class TestDxp:
    def test_taken_is_answered_by_a_dxprep_that_names_the_envelope(
        self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes]
    ) -> None:
        answer = client.post("/dxp", content=envelope(deps, post["order"]))
        root = etree.fromstring(answer.content)
        assert (answer.status_code, root.tag) == (200, f"{DXP}DxpRep")
        assert root.findtext(f"{DXP}RecevierId") == PLATFORM_ID
        assert root.findtext(f"{DXP}Response/{DXP}ResponseCode") == "4000"
        assert root.findtext(f"{DXP}Response/{DXP}OriHead/{DXP}CopMsgId") == "M1"

    def test_the_answer_fits_its_definition(self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes]) -> None:
        answer = client.post("/dxp", content=envelope(deps, post["order"]))
        assert list(faults(etree.fromstring(answer.content))) == []

    def test_a_node_of_the_exchange_sends_a_dxpmsgsv(
        self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes]
    ) -> None:
        inner = envelope(deps, post["order"]).split(b"?>\n", 1)[1]
        head = (
            "<SvNo Ver='1.0'><MsgId>00000002202611201000000000000001</MsgId><SendTime>2026-11-20T10:00:00</SendTime>"
            "<EndNode>46000002</EndNode><StaNode>00000002</StaNode></SvNo>"
        )
        body = f"<DxpMsgSv xmlns='{DXP[1:-1]}' ver='1.0'>{head}".encode() + inner + b"</DxpMsgSv>"
        root = etree.fromstring(client.post("/dxp", content=body).content)
        assert root.findtext(f"{DXP}Response/{DXP}ResponseCode") == "4000", etree.tostring(root)

    @pytest.mark.parametrize(
        ("spoil", "code"),
        [
            (lambda body: body.replace(b"<dxp:Data>", b"<dxp:Data>%%"), "0"),
            (lambda body: body.replace(b"DxpMsg", b"DxpMessage"), "0002"),
            (lambda body: body.replace(b"CEB311Message</dxp:MsgType>", b"CEB411Message</dxp:MsgType>"), "0999"),
        ],
    )
    def test_a_fault_is_answered_with_a_code_of_table_7_1(
        self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes], spoil: Any, code: str
    ) -> None:
        answer = client.post("/dxp", content=spoil(envelope(deps, post["order"])))
        root = etree.fromstring(answer.content)
        assert root.findtext(f"{DXP}Response/{DXP}ResponseCode", "").startswith(code), answer.text

    def test_the_plain_path_answers_so_too_where_xml_is_asked_for(
        self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes]
    ) -> None:
        answer = client.post("/v1/messages", content=envelope(deps, post["order"]), headers={"Accept": "text/xml"})
        assert b"<dxp:ResponseCode>4000<" in answer.content

    def test_the_same_id_for_other_data_is_refused(
        self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes]
    ) -> None:
        first = client.post("/dxp", content=envelope(deps, post["order"]))
        again = client.post("/dxp", content=envelope(deps, post["order"]))
        other = envelope(deps, post["payment"]).replace(b"CEB311Message<", b"CEB411Message<")
        assert again.content == first.content
        assert b"ResponseCode>0999<" in client.post("/dxp", content=other).content


class TestSoap:
    @pytest.mark.parametrize("pack", [escape, lambda text: f"<![CDATA[{text}]]>"])
    @pytest.mark.parametrize("wrapped", [False, True])
    def test_the_message_or_its_envelope_as_text(
        self,
        client: httpx.Client,
        deps: Deps,
        post: Mapping[str, bytes],
        pack: Callable[[str], str],
        *,
        wrapped: bool,
    ) -> None:
        message = envelope(deps, post["order"]) if wrapped else post["order"]
        answer = client.post("/ReceiveCebDeclare", content=call(pack(message.decode())).encode())
        assert "&lt;chkMark&gt;1&lt;/chkMark&gt;" in answer.text
        assert kept(deps) == [("soap", "registered")]

    @pytest.mark.parametrize("body", [b"", b"<a/>", call("").encode(), call("&lt;a/&gt;").encode()])
    def test_a_refusal_is_a_mark_and_sentences_not_a_broken_line(self, client: httpx.Client, body: bytes) -> None:
        answer = client.post("/ReceiveCebDeclare", content=body)
        assert answer.status_code == 200
        assert "&lt;chkMark&gt;2&lt;/chkMark&gt;" in answer.text
        etree.fromstring(answer.content)


class TestPolls:
    @pytest.fixture
    def decided(self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes]) -> None:
        for body in post.values():
            client.post("/v1/messages", content=body)
        Worker(deps.pool, deps.clock, Duty(conditions=deps.conditions)).drain()

    @pytest.mark.usefixtures("decided")
    def test_receipts_of_orders_since_a_moment(self, client: httpx.Client, deps: Deps) -> None:
        query = {"dxpid": PLATFORM_ID, "qryid": wire_time(deps.clock.now())}
        answer = client.get("/ceb312msg", params=query)
        assert answer.headers["content-type"].startswith("text/plain")
        assert "returnstatus=120" in answer.text
        assert f"trans_dxpid={PLATFORM_ID}" in answer.text

    @pytest.mark.usefixtures("decided")
    def test_receipts_of_lists_end_with_release(self, client: httpx.Client) -> None:
        answer = client.get("/ceb622msg", params={"dxpid": "DXPENT0000900301", "qryid": "20261120000000"})
        assert answer.text.rindex("returnstatus=800, ") > answer.text.index("returnstatus=120, ")
        assert "returninfo=[Code:2600;Desc:放行]" in answer.text

    @pytest.mark.usefixtures("decided")
    def test_nothing_before_it_happened(self, client: httpx.Client) -> None:
        answer = client.get("/ceb312msg", params={"dxpid": PLATFORM_ID, "qryid": "20991231000000"})
        assert (answer.status_code, answer.text) == (200, "[]")

    @pytest.mark.parametrize(
        ("query", "where"),
        [
            ({}, "query.dxpid"),
            ({"dxpid": PLATFORM_ID}, "query.qryid"),
            ({"dxpid": PLATFORM_ID, "qryid": "2026-11-20 10:00"}, "query.qryid"),
        ],
    )
    def test_what_is_asked_wrongly_is_told(self, client: httpx.Client, query: dict[str, str], where: str) -> None:
        answer = client.get("/ceb312msg", params=query)
        assert (answer.status_code, answer.json()["error"]["where"]) == (422, where)

    def test_the_receipts_of_another_are_nobodys_to_read(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]]
    ) -> None:
        query = {"dxpid": PLATFORM_ID, "qryid": "20261120000000"}
        assert client.get("/ceb312msg", params=query, headers=token(world.AGENT)).status_code == 404
        assert client.get("/ceb312msg", params=query, headers=token(world.PLATFORM)).status_code == 200


TOY = """
from sandan.intake.dialects.facts import Dialect, Reply
from sandan.intake.facts import Arrival

def read(body, content_type):
    return Arrival(body=body[::-1], dialect="toy")

def answer(acknowledgement, arrival):
    return Reply(media_type="text/plain", body=acknowledgement.outcome.value.upper().encode(), status=200)

DIALECT = Dialect(name="toy", path="/toy", accepts=("text/plain",), summary="Backwards", read=read, answer=answer)
"""


class TestAdding:
    @pytest.fixture
    def _toy(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        """One file more in the package."""
        (tmp_path / "toy.py").write_text(TOY)
        monkeypatch.setattr(dialects, "__path__", [*dialects.__path__, str(tmp_path)])
        yield
        sys.modules.pop("sandan.intake.dialects.toy", None)

    @pytest.mark.usefixtures("_toy")
    def test_one_file_makes_a_dialect(self, client: httpx.Client, deps: Deps, post: Mapping[str, bytes]) -> None:
        answer = client.post("/toy", content=post["order"][::-1])
        assert (answer.status_code, answer.text) == (200, "REGISTERED")
        assert kept(deps) == [("toy", "registered")]
        assert "/toy" in client.get("/v1/openapi.json").json()["paths"]


class TestBroker:
    def test_one_subscribes_for_a_dxp_id_of_ones_own(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]]
    ) -> None:
        wanted = {"channel": "broker", "target": PLATFORM_ID}
        assert client.put("/v1/subscriptions", json=wanted, headers=token(world.PLATFORM)).status_code == 200

    def test_and_for_nobody_elses(self, client: httpx.Client, token: Callable[[str], dict[str, str]]) -> None:
        wanted = {"channel": "broker", "target": PLATFORM_ID}
        answer = client.put("/v1/subscriptions", json=wanted, headers=token(world.AGENT))
        assert (answer.status_code, answer.json()["error"]["where"]) == (422, "body.target")
