"""Real-time payment data over HTTP: who may ask, register, upload and read."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest
from msgspec import structs

from sandan.api.deps import Deps
from sandan.intake.facts import Arrival
from sandan.sandbox import world
from sandan.sandbox.authority import Authority
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Parcel
from sandan.sandbox.realtime import UPLOAD_PATH
from sandan.sandbox.realtime import Platform
from sandan.sandbox.realtime import data_of
from sandan.sandbox.realtime import listening
from sandan.signing.port import Algorithm
from sandan.signing.software import SoftwareSigner

DEMANDS = "/v1/realtime/demands"


@pytest.fixture(scope="session")
def card(test_authority: Authority) -> SoftwareSigner:
    return test_authority.issue("测试平台", world.PLATFORM, Algorithm.SM2_SM3, date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def registration(card: SoftwareSigner) -> dict[str, Any]:
    return {"url": "http://127.0.0.1:9/", "certificates": [base64.b64encode(card.certificate_der).decode()]}


@pytest.fixture
def invented(deps: Deps, card: SoftwareSigner, parcel: Parcel) -> Platform:
    """The invented platform, which keeps the parcel's payment data."""
    order, payment, _, _ = parcel.full
    return Platform(card, {order.order_no: data_of(order, payment)}, deps.clock.now)


@pytest.fixture
def platform(invented: Platform, client: httpx.Client, token: Any, registration: dict[str, Any]) -> Iterator[Platform]:
    """The invented platform, registered and listening; its answers go to the real address of customs."""
    invented.customs = str(client.base_url).rstrip("/") + UPLOAD_PATH
    with listening(invented.take) as url:
        answer = client.put("/v1/realtime/endpoint", json={**registration, "url": url}, headers=token(world.PLATFORM))
        assert answer.status_code == 200, answer.text
        yield invented


@pytest.fixture
def declared(deps: Deps, office: Office, parcel: Parcel) -> Parcel:
    """The parcel, its order and payment declared."""
    order, payment, _, _ = parcel.full
    deps.door.submit([Arrival(body=office.message([paper]).data) for paper in (order, payment)])
    return parcel


def test_an_officer_asks_and_reads_every_check(
    client: httpx.Client, as_seat: Any, platform: Platform, declared: Parcel
) -> None:
    parcel = declared
    asked = client.post(DEMANDS, json=_asking(parcel), headers=as_seat("officer"))
    assert asked.status_code == 201, asked.text
    assert asked.json()["call"]["findings"] == []
    platform.finish()
    shown = client.get(f"{DEMANDS}/{asked.json()['session_id']}").json()
    (upload,) = shown["uploads"]
    assert (shown["state"], upload["code"], upload["findings"]) == ("stored", "10000", [])
    assert {field["agrees"] for field in upload["compared"]} == {True}


def test_the_platform_itself_reads_the_demand_and_another_does_not(
    client: httpx.Client, as_seat: Any, platform: Platform, parcel: Parcel, token: Any
) -> None:
    session_id = client.post(DEMANDS, json=_asking(parcel), headers=as_seat("officer")).json()["session_id"]
    platform.finish()
    client.cookies.clear()
    assert client.get(f"{DEMANDS}/{session_id}", headers=token(world.PLATFORM)).status_code == 200
    assert client.get(f"{DEMANDS}/{session_id}", headers=token(world.AGENT)).status_code == 404
    assert client.get(f"{DEMANDS}/{session_id}").status_code == 401


def test_a_refused_upload_is_explained_in_both_languages(
    client: httpx.Client, as_seat: Any, platform: Platform, parcel: Parcel
) -> None:
    platform.spoil = lambda form: form.replace(b"PAYEE", b"OTHER")
    session_id = client.post(DEMANDS, json=_asking(parcel), headers=as_seat("officer")).json()["session_id"]
    platform.finish()
    shown = client.get(f"{DEMANDS}/{session_id}").json()
    (finding,) = [one for one in shown["uploads"][0]["findings"] if one["rule"] == "P179-SIGNATURE"]
    assert (shown["state"], platform.results[0].code) == ("refused", "20004")
    assert finding["what"]["zh"]
    assert finding["remedy"]["en"]
    assert "165" in finding["source"]


def test_a_demand_nobody_answers_is_waited_for(client: httpx.Client, as_seat: Any, platform: Platform) -> None:
    body = {"ebp_code": world.PLATFORM, "order_no": "NO-SUCH-ORDER"}
    asked = client.post(DEMANDS, json=body, headers=as_seat("officer")).json()
    assert (asked["state"], asked["uploads"], platform.results) == ("waiting", [], [])


@pytest.mark.parametrize("seat", ["enterprise", "operator", "finance", "warehouse"])
def test_only_officers_ask(seat: str, client: httpx.Client, as_seat: Any, parcel: Parcel) -> None:
    assert client.post(DEMANDS, json=_asking(parcel), headers=as_seat(seat)).status_code == 403


def test_nobody_asks_without_login(client: httpx.Client, parcel: Parcel) -> None:
    assert client.post(DEMANDS, json=_asking(parcel)).status_code == 401


def test_a_platform_without_an_address_is_a_conflict(client: httpx.Client, as_seat: Any, parcel: Parcel) -> None:
    answer = client.post(DEMANDS, json=_asking(parcel), headers=as_seat("officer"))
    assert answer.status_code == 409
    assert answer.json()["error"]["found"] == world.PLATFORM


@pytest.mark.parametrize("body", [{}, {"ebp_code": "甲", "order_no": "D"}, {"ebp_code": "A", "order_no": "\x00"}])
def test_a_question_that_is_none(body: dict[str, str], client: httpx.Client, as_seat: Any) -> None:
    assert client.post(DEMANDS, json=body, headers=as_seat("officer")).status_code == 422


def test_a_session_nobody_opened(client: httpx.Client, as_seat: Any) -> None:
    as_seat("officer")
    assert client.get(f"{DEMANDS}/NO-SUCH").status_code == 404
    assert client.get(f"{DEMANDS}/%00").status_code in {400, 404, 422}


def test_a_registration_says_how_serials_are_spelt_and_what_customs_would_refuse(
    client: httpx.Client, token: Any, registration: dict[str, Any], card: SoftwareSigner
) -> None:
    shown = client.put("/v1/realtime/endpoint", json=registration, headers=token(world.PLATFORM)).json()
    assert shown["cert_nos"] == [card.key_name]
    assert [finding["rule"] for finding in shown["findings"]] == ["P179-CALLBACK"]


@pytest.mark.parametrize(
    "text", ["no certificate", "MAA=", "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----"]
)
def test_a_registration_without_a_certificate_is_refused(text: str, client: httpx.Client, token: Any) -> None:
    body = {"url": "http://platform.example/", "certificates": [text]}
    answer = client.put("/v1/realtime/endpoint", json=body, headers=token(world.PLATFORM))
    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == "body.certificates[0]"


@pytest.mark.parametrize("body", [b"", b"\xff", b"payExInfoStr=[", b'payExInfoStr={"sessionID":"S"}'])
def test_an_upload_is_always_answered_in_customs_words(body: bytes, client: httpx.Client) -> None:
    answer = client.post(UPLOAD_PATH, content=body)
    assert (answer.status_code, answer.json()["code"], answer.json()["total"]) == (200, "20000", 0)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_an_upload_above_the_limit_is_refused(client: httpx.Client) -> None:
    assert client.post(UPLOAD_PATH, content=b"x" * 100_001).status_code == 413


def test_in_production_the_address_must_be_one_customs_calls(
    deps: Deps, registration: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sandan.api import realtime  # noqa: PLC0415
    from sandan.api.errors import ApiError  # noqa: PLC0415
    from sandan.api.realtime_models import EndpointWanted  # noqa: PLC0415
    from sandan.store.users import Seat  # noqa: PLC0415
    from sandan.store.users import User  # noqa: PLC0415

    monkeypatch.setattr(realtime, "deps_of", lambda _: structs.replace(deps, production=True))
    user = User(account="p", name="p", seat=Seat.ENTERPRISE, enterprise=world.PLATFORM)
    with pytest.raises(ApiError) as refused:
        realtime.register(None, EndpointWanted(**registration), user)  # type: ignore[arg-type]
    assert refused.value.status == 422


def _asking(parcel: Parcel) -> dict[str, str]:
    return {"ebp_code": world.PLATFORM, "order_no": parcel.full[0].order_no}
