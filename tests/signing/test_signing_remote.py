"""The remote signer against a real peer on loopback."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

import httpx
import pytest
from lxml import etree

from sandan.sandbox.remote_signer import Desk
from sandan.sandbox.remote_signer import Trouble
from sandan.sandbox.remote_signer import serving
from sandan.signing import sm2
from sandan.signing.facts import Policy
from sandan.signing.port import Algorithm
from sandan.signing.port import Signer
from sandan.signing.refusals import Refusal
from sandan.signing.refusals import SigningRefusedError
from sandan.signing.remote import Remote
from sandan.signing.remote import RemoteSigner
from sandan.signing.remote import proven
from sandan.signing.sign import sign
from sandan.signing.software import SoftwareSigner
from sandan.signing.verify import verify

TOKEN = "invented-token"
Of = Callable[[Algorithm], SoftwareSigner]


@pytest.fixture
def desk(signer_of: Of) -> Desk:
    return Desk(signer_of(Algorithm.SM2_SM3), TOKEN)


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    with serving(desk) as address:
        yield address


@pytest.fixture
def signer(url: str) -> Iterator[RemoteSigner]:
    with RemoteSigner(Remote(url=url, token=TOKEN, timeout_s=0.5)) as signer:
        yield signer


@pytest.mark.parametrize("algorithm", [Algorithm.SM2_SM3, Algorithm.RSA_SHA256])
def test_a_remote_signer_signs_a_message_that_verifies(
    algorithm: Algorithm, signer_of: Of, message: bytes, policy: Policy
) -> None:
    with serving(Desk(signer_of(algorithm))) as url, RemoteSigner(Remote(url=url)) as signer:
        kept: Signer = signer
        assert verify(etree.fromstring(sign(message, kept)), policy).ok


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble.SLOW, Refusal.TIMEOUT),
        (Trouble.BUSY, Refusal.BUSY),
        (Trouble.FAILED, Refusal.FAILED),
        (Trouble.GARBLED, Refusal.UNREADABLE),
        (Trouble.ANOTHER, Refusal.MISMATCH),
    ],
)
def test_each_trouble_has_its_class(trouble: Trouble, expected: Refusal, signer: RemoteSigner, desk: Desk) -> None:
    desk.trouble = trouble
    with pytest.raises(SigningRefusedError) as refused:
        signer.sign(b"data")
    assert refused.value.refusal is expected


def test_a_wrong_token_is_told_at_once_and_not_repeated(url: str) -> None:
    with pytest.raises(SigningRefusedError) as refused:
        RemoteSigner(Remote(url=url, token="another-token"))
    assert refused.value.refusal is Refusal.FORBIDDEN
    assert "another-token" not in str(refused.value)


def test_a_certificate_that_is_none_is_told_at_once(desk: Desk, url: str) -> None:
    desk.signer = _Blank()
    with pytest.raises(SigningRefusedError) as refused:
        RemoteSigner(Remote(url=url, token=TOKEN))
    assert refused.value.refusal is Refusal.UNREADABLE


def test_a_token_is_not_shown() -> None:
    assert TOKEN not in repr(Remote(url="http://127.0.0.1:9", token=TOKEN))


def test_nobody_at_the_address() -> None:
    with pytest.raises(SigningRefusedError) as refused:
        RemoteSigner(Remote(url="http://127.0.0.1:9"))
    assert refused.value.refusal is Refusal.UNREACHABLE


def test_an_address_that_is_none() -> None:
    with pytest.raises(SigningRefusedError) as refused:
        RemoteSigner(Remote(url="nowhere"))
    assert refused.value.refusal is Refusal.UNREACHABLE


def test_a_der_signature_of_a_machine_is_sent_on_raw(signer_of: Of) -> None:
    signer = signer_of(Algorithm.SM2_SM3)
    der = sm2.der_of(signer.sign(b"data"))
    assert proven(signer.certificate, Algorithm.SM2_SM3, b"data", der) == sm2.raw_of_der(der)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no json", 400),
        (b'{"algorithm": "rsa-sha256", "data": "AAAA"}', 422),
        (b'{"algorithm": "md5", "data": ""}', 400),
    ],
)
def test_the_reference_server_says_what_it_does_not_take(body: bytes, status: int, url: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = httpx.post(f"{url}/sign", content=body, headers=headers, trust_env=False)
    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_reference_server_has_two_paths(method: str, url: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert httpx.request(method, f"{url}/other", headers=headers, trust_env=False).status_code == 404


class _Blank:
    """A signer that knows nothing of itself."""

    algorithm = Algorithm.SM2_SM3
    certificate_der = b"none"
    key_name = ""

    def sign(self, data: bytes) -> bytes:
        return data
