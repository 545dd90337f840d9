"""The card: what it signs, what its texts mean, and that its PIN goes nowhere twice."""

from __future__ import annotations

import base64
import doctest
import pickle
import threading
from collections.abc import Callable
from collections.abc import Iterator

import pytest
from lxml import etree
from msgspec import structs
from structlog.testing import capture_logs

from sandan.sandbox import ukey as simulator
from sandan.sandbox.ukey import SoftwareCard
from sandan.sandbox.ukey import Trouble
from sandan.sandbox.ukey import control
from sandan.signing import refusals
from sandan.signing import ukey
from sandan.signing.facts import Policy
from sandan.signing.port import Algorithm
from sandan.signing.port import Signer
from sandan.signing.refusals import MEANINGS
from sandan.signing.refusals import Refusal
from sandan.signing.refusals import SigningRefusedError
from sandan.signing.refusals import card_refusal
from sandan.signing.sign import sign
from sandan.signing.software import SoftwareSigner
from sandan.signing.ukey import Card
from sandan.signing.ukey import Pin
from sandan.signing.ukey import UkeySigner
from sandan.signing.verify import verify

PIN = "97531246"
OTHER_PIN = "86420135"

Of = Callable[[Algorithm], SoftwareSigner]


@pytest.fixture
def card(signer_of: Of) -> SoftwareCard:
    return SoftwareCard(signer_of(Algorithm.SM2_SM3), PIN)


@pytest.fixture
def url(card: SoftwareCard) -> Iterator[str]:
    with control(card) as address:
        yield address


@pytest.fixture
def signer(url: str) -> Iterator[UkeySigner]:
    with UkeySigner(Card(url=url, timeout_s=5), Pin(PIN)) as signer:
        yield signer


@pytest.mark.parametrize("algorithm", [Algorithm.SM2_SM3, Algorithm.RSA_SHA1])
def test_a_card_signs_a_message_that_verifies(
    algorithm: Algorithm, signer_of: Of, message: bytes, policy: Policy
) -> None:
    both = structs.replace(policy, algorithms=frozenset(Algorithm))
    with control(SoftwareCard(signer_of(algorithm), PIN)) as url, UkeySigner(Card(url=url), Pin(PIN)) as signer:
        kept: Signer = signer
        report = verify(etree.fromstring(sign(message, kept)), both)
    assert report.ok
    assert report.algorithm is algorithm


def test_a_card_signs_one_after_another_on_one_connection(signer: UkeySigner, card: SoftwareCard) -> None:
    assert len({signer.sign(f"报文{number}".encode()) for number in range(5)}) == 5
    assert (card.signed, signer.queue().signed, signer.queue().waiting) == (5, 5, 0)


def test_threads_share_a_card_in_turn(signer: UkeySigner, card: SoftwareCard) -> None:
    threads = [threading.Thread(target=signer.sign, args=(b"data",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (card.signed, signer.queue().signed) == (8, 8)


def test_a_wrong_pin_reaches_the_card_once(url: str, card: SoftwareCard) -> None:
    with UkeySigner(Card(url=url), Pin(OTHER_PIN)) as signer:
        assert _refusal(signer) is Refusal.PIN
        assert [_refusal(signer) for _ in range(3)] == [Refusal.HELD] * 3
    assert (card.pins_seen, card.tries_left) == (1, 4)


def test_those_who_wait_when_the_pin_is_refused_do_not_reach_the_card(url: str, card: SoftwareCard) -> None:
    refused: list[Refusal] = []
    with UkeySigner(Card(url=url), Pin(OTHER_PIN)) as signer:
        threads = [threading.Thread(target=lambda: refused.append(_refusal(signer))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(refused) == sorted([Refusal.PIN] + [Refusal.HELD] * 5)
    assert card.pins_seen == 1


def test_a_refused_pin_is_held_for_every_signer_it_was_given_to(url: str, card: SoftwareCard) -> None:
    pin = Pin(OTHER_PIN)
    with UkeySigner(Card(url=url), pin) as first, UkeySigner(Card(url=url), pin) as second:
        assert (_refusal(first), _refusal(second)) == (Refusal.PIN, Refusal.HELD)
    assert card.pins_seen == 1


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(ukey).failed == doctest.testmod(refusals).failed == 0


def test_a_locked_card_says_so(url: str, card: SoftwareCard) -> None:
    card.tries_left = 0
    with UkeySigner(Card(url=url), Pin(PIN)) as signer:
        assert _refusal(signer) is Refusal.LOCKED
        assert _refusal(signer) is Refusal.HELD


def test_a_pin_is_in_nothing_that_is_said(url: str) -> None:
    pin = Pin(OTHER_PIN)
    with capture_logs() as logs, UkeySigner(Card(url=url), pin) as signer:
        with pytest.raises(SigningRefusedError) as refusal:
            signer.sign(b"data")
        said = [
            str(logs),
            repr(signer),
            repr(pin),
            str(pin),
            str(refusal.value),
            repr(refusal.value),
            str(vars(signer)),
        ]
    assert OTHER_PIN not in " ".join(said)


def test_a_pin_the_card_repeats_is_taken_out() -> None:
    assert Pin(PIN).hidden_in(f"密码 {PIN} 错误") == "密码 *** 错误"


def test_a_pin_cannot_be_stored() -> None:
    with pytest.raises(TypeError, match="not stored"):
        pickle.dumps(Pin(PIN))


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble.READER, Refusal.READER),
        (Trouble.ABSENT, Refusal.ABSENT),
        (Trouble.GARBLED, Refusal.UNREADABLE),
        (Trouble.CLOSES, Refusal.UNREACHABLE),
        (Trouble.ANOTHER, Refusal.MISMATCH),
    ],
)
def test_a_trouble_that_is_not_the_pin_passes(
    trouble: Trouble, expected: Refusal, signer: UkeySigner, card: SoftwareCard
) -> None:
    card.trouble = trouble
    assert _refusal(signer) is expected
    card.trouble = Trouble.NONE
    assert len(signer.sign(b"data")) == 64


def test_a_slow_card_ends_in_a_refusal_that_may_be_tried_again(url: str, card: SoftwareCard) -> None:
    with UkeySigner(Card(url=url, timeout_s=0.2), Pin(PIN)) as signer:
        card.trouble = Trouble.SLOW
        assert _refusal(signer) is Refusal.TIMEOUT


def test_a_control_that_does_not_open_is_no_control(url: str, card: SoftwareCard) -> None:
    card.trouble = Trouble.UNOPENED
    with pytest.raises(SigningRefusedError, match="expected 'open'"):
        UkeySigner(Card(url=url), Pin(PIN))


def test_no_control_at_the_address() -> None:
    with pytest.raises(SigningRefusedError) as refusal:
        UkeySigner(Card(url="ws://127.0.0.1:9"), Pin(PIN))
    assert refusal.value.refusal is Refusal.UNREACHABLE


def test_an_address_that_is_none() -> None:
    with pytest.raises(SigningRefusedError) as refusal:
        UkeySigner(Card(url="here"), Pin(PIN))
    assert refusal.value.refusal is Refusal.UNREACHABLE


def test_an_answer_to_another_request_is_not_taken(
    signer: UkeySigner, card: SoftwareCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator, "_reply", lambda *_: '{"_method":"cus-sec_SpcSignDataAsPEM","_id":99,"_args":null}')
    assert _refusal(signer) is Refusal.UNREADABLE
    assert card.signed == 0


@pytest.mark.parametrize(("data", "error"), [("[]", "Data is empty"), ('["***"]', "signer-unreadable")])
def test_an_answer_without_a_certificate(data: str, error: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f'{{"_method":"cus-sec_SpcGetSignCertAsPEM","_id":1,"_args":{{"Result":true,"Data":{data}}}}}'
    monkeypatch.setattr(simulator, "_reply", lambda *_: text)
    with pytest.raises(SigningRefusedError, match=error):
        UkeySigner(Card(url=url), Pin(PIN))


def test_a_certificate_in_pem_is_read_too(signer_of: Of) -> None:
    content = signer_of(Algorithm.SM2_SM3).certificate_der
    text = f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(content).decode()}\n-----END CERTIFICATE-----\n"
    assert ukey._certificate(text) == content
    with pytest.raises(SigningRefusedError):
        ukey._certificate("-----BEGIN CERTIFICATE-----\n***\n-----END CERTIFICATE-----\n")


def test_a_card_signs_text_only(signer: UkeySigner, card: SoftwareCard) -> None:
    with pytest.raises(SigningRefusedError, match="UTF-8"):
        signer.sign(b"\xff\x00")
    assert card.pins_seen == 0


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["[读卡器底层库]复位读卡器失败:错误码=50070", "Err:Custom50070"], Refusal.READER),
        (["[读卡器底层库]打开读卡器失败:错误码=50200", "Err:Custom50200"], Refusal.ABSENT),
        (["Err:Custom51590"], Refusal.ABSENT),
        (["密码错误，卡已锁定"], Refusal.LOCKED),
        (["invalid pin"], Refusal.PIN),
        (["口令不正确"], Refusal.PIN),
        (["Err:Custom99999"], Refusal.CARD),
        ([], Refusal.CARD),
    ],
)
def test_what_a_card_says_is_explained(texts: list[str], expected: Refusal) -> None:
    assert card_refusal(texts) is expected


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_has_words_in_both_languages(refusal: Refusal) -> None:
    meaning = MEANINGS[refusal]
    assert meaning.zh.endswith("。")
    assert meaning.en.endswith(".")
    assert meaning.remedy_zh
    assert meaning.remedy_en in str(SigningRefusedError(refusal))


def _refusal(signer: UkeySigner) -> Refusal:
    with pytest.raises(SigningRefusedError) as problem:
        signer.sign(b"data")
    return problem.value.refusal
