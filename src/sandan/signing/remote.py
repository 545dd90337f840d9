"""A signer elsewhere (远程签名): a signing machine or another firm's signer, asked over HTTP.

``GET /certificate`` answers ``{"algorithm", "certificate"}`` (base64 DER); ``POST /sign`` takes
``{"algorithm", "data"}`` (base64) and answers ``{"signature"}`` (base64). A bearer token names the caller. Whatever
product stands behind, a few lines in front of it speak this; `sandan.sandbox.remote_signer` is one that does.
"""

from __future__ import annotations

import base64
from typing import Self
from typing import TypeVar

import httpx
import msgspec
from msgspec import Struct

from sandan.signing import certificates
from sandan.signing import sm2
from sandan.signing.facts import key_name
from sandan.signing.port import Algorithm
from sandan.signing.refusals import Refusal
from sandan.signing.refusals import SigningRefusedError

T = TypeVar("T")

_BY_STATUS = {401: Refusal.FORBIDDEN, 403: Refusal.FORBIDDEN, 429: Refusal.BUSY, 503: Refusal.BUSY}
_SERVER_FAULTS = 500
_OK = 200
_SAID_LIMIT = 200


class Remote(Struct, frozen=True, kw_only=True):
    """Where a remote signer is and how to speak to it."""

    #: Address without the path, such as ``https://signer.example:8443``
    url: str
    #: Bearer token; empty where the signer asks for none
    token: str = ""
    #: Longest wait for one answer, in seconds
    timeout_s: float = 10.0

    def __repr__(self) -> str:
        return f"Remote({self.url})"


class CertificateAnswer(Struct, frozen=True):
    """Whose key the signer holds."""

    algorithm: Algorithm
    certificate: bytes


class SignRequest(Struct, frozen=True):
    """What is to be signed."""

    algorithm: Algorithm
    data: bytes


class SignAnswer(Struct, frozen=True):
    """The signature; SM2 raw or DER."""

    signature: bytes


class RemoteSigner:
    """A signer whose key lies elsewhere; what it answers is verified before it is used.

    Args:
        remote: Where it is.

    Raises:
        SigningRefusedError: It cannot be reached, or does not say whose key it holds.
    """

    def __init__(self, remote: Remote) -> None:
        headers = {"Authorization": f"Bearer {remote.token}"} if remote.token else {}
        # Keys are asked directly: a proxy of the environment would see what is signed.
        self._http = httpx.Client(base_url=remote.url, headers=headers, timeout=remote.timeout_s, trust_env=False)
        try:
            answer = self._ask("GET", "/certificate", None, CertificateAnswer)
            self.certificate = certificate_of(answer.certificate)
        except SigningRefusedError:
            self._http.close()
            raise
        self.algorithm = answer.algorithm
        self.certificate_der = answer.certificate
        self.key_name = key_name(self.certificate.facts.serial)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._http.close()

    def sign(self, data: bytes) -> bytes:
        """Signature over ``data``; SM2 as 64 bytes r‖s.

        Raises:
            SigningRefusedError: It did not sign, or what it answered is not its certificate's signature.
        """
        body = msgspec.json.encode(SignRequest(self.algorithm, data))
        answer = self._ask("POST", "/sign", body, SignAnswer)
        return proven(self.certificate, self.algorithm, data, answer.signature)

    def _ask(self, method: str, path: str, body: bytes | None, kind: type[T]) -> T:
        try:
            response = self._http.request(method, path, content=body, headers={"Content-Type": "application/json"})
        except httpx.TimeoutException:
            raise SigningRefusedError(Refusal.TIMEOUT, f"{method} {path}") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SigningRefusedError(Refusal.UNREACHABLE, str(error)) from None
        if response.status_code != _OK:
            raise SigningRefusedError(_refusal(response.status_code), _said(response))
        try:
            return msgspec.json.decode(response.content, type=kind)
        except (msgspec.DecodeError, RecursionError) as error:
            raise SigningRefusedError(Refusal.UNREADABLE, str(error)) from None


def certificate_of(content: bytes) -> certificates.Certificate:
    """The certificate another's signer named.

    Raises:
        SigningRefusedError: It cannot be read.
    """
    try:
        return certificates.read(content)
    except certificates.UnreadableError as error:
        raise SigningRefusedError(Refusal.UNREADABLE, str(error)) from None


def proven(certificate: certificates.Certificate, algorithm: Algorithm, data: bytes, signature: bytes) -> bytes:
    """The signature in the form the port wants, if it is the certificate's.

    A wrong one is found here and not by customs.

    Raises:
        SigningRefusedError: It is another key's.
    """
    if not certificate.key.verifies(signature, data, algorithm):
        raise SigningRefusedError(Refusal.MISMATCH, f"KeyName {key_name(certificate.facts.serial)}")
    if algorithm is Algorithm.SM2_SM3 and len(signature) != sm2.RAW_LENGTH:
        return sm2.raw_of_der(signature)
    return signature


def decoded(text: str) -> bytes:
    """Bytes of base64 text that another's signer sent, white space apart.

    Raises:
        SigningRefusedError: It is no base64.
    """
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise SigningRefusedError(Refusal.UNREADABLE, str(error)) from None


def _refusal(status: int) -> Refusal:
    return _BY_STATUS.get(status) or (Refusal.FAILED if status >= _SERVER_FAULTS else Refusal.DECLINED)


def _said(response: httpx.Response) -> str:
    return f"HTTP {response.status_code}: {response.text[:_SAID_LIMIT]}"
