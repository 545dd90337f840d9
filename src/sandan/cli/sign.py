"""``sandan sign``: signs a message with a key file, a card or a remote signer."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct
from rich.console import Console

from sandan.signing.port import Algorithm
from sandan.signing.port import Signer
from sandan.signing.refusals import SigningRefusedError
from sandan.signing.remote import Remote
from sandan.signing.remote import RemoteSigner
from sandan.signing.sign import NotSignableError
from sandan.signing.sign import sign as sign_message
from sandan.signing.software import KeyFileError
from sandan.signing.software import from_pem
from sandan.signing.software import from_pkcs12
from sandan.signing.ukey import Card
from sandan.signing.ukey import Pin
from sandan.signing.ukey import UkeySigner

app = typer.Typer()
PIN_VARIABLE = "SANDAN_PIN"
"""Environment variable of the PIN; without it the terminal is asked."""
TOKEN_VARIABLE = "SANDAN_SIGNER_TOKEN"  # noqa: S105 - a name, no secret
"""Environment variable of a remote signer's token."""


class Chosen(Struct, frozen=True, kw_only=True):
    """Which key signs; exactly one is given."""

    key: Path | None
    certificate: Path | None
    p12: Path | None
    ukey: str
    remote: str
    algorithm: Algorithm | None

    @property
    def count(self) -> int:
        """How many ways were chosen."""
        return sum(bool(way) for way in (self.key, self.p12, self.ukey, self.remote))


@app.command()
def sign(
    file: Annotated[Path, typer.Argument(help="The unsigned message.", exists=True, dir_okay=False)],
    key: Annotated[
        Path | None, typer.Option(help="PEM file with the private key.", exists=True, dir_okay=False)
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(help="PEM or DER certificate, where the key file holds none.", exists=True, dir_okay=False),
    ] = None,
    p12: Annotated[
        Path | None, typer.Option(help="PKCS#12 file; its PIN is asked for.", exists=True, dir_okay=False)
    ] = None,
    ukey: Annotated[bool, typer.Option("--ukey", help="Sign with the card in this machine's reader.")] = False,
    card: Annotated[str, typer.Option(help="Address of the card's control.")] = Card().url,
    remote: Annotated[str, typer.Option(help="Address of a remote signer.")] = "",
    algorithm: Annotated[Algorithm | None, typer.Option(help="Algorithm of a key file; found out if absent.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the signed message goes; standard output if absent.")] = None,
) -> None:
    """Sign FILE by --key, --p12, --ukey or --remote. A PIN comes by prompt or SANDAN_PIN, never as an argument.

    Exit 0 when signed, 1 when refused.
    """
    chosen = Chosen(
        key=key, certificate=certificate, p12=p12, ukey=card if ukey else "", remote=remote, algorithm=algorithm
    )
    if chosen.count != 1:
        raise typer.BadParameter("give exactly one of --key, --p12, --ukey and --remote")
    try:
        with _signer(chosen) as signer:
            signed = sign_message(file.read_bytes(), signer)
    except (KeyFileError, NotSignableError, SigningRefusedError) as refusal:
        Console(stderr=True).print(f"not signed: {refusal}", style="red", markup=False)
        raise typer.Exit(1) from None
    _write(signed, out)


def _signer(chosen: Chosen) -> AbstractContextManager[Signer]:
    if chosen.remote:
        return RemoteSigner(Remote(url=chosen.remote, token=os.environ.get(TOKEN_VARIABLE, "")))
    if chosen.ukey:
        return UkeySigner(Card(url=chosen.ukey), Pin(_pin()))
    if chosen.p12:
        algorithm = chosen.algorithm or Algorithm.RSA_SHA256
        return nullcontext(from_pkcs12(chosen.p12.read_bytes(), _pin().encode(), algorithm))
    return nullcontext(_from_pem(chosen))


def _from_pem(chosen: Chosen) -> Signer:
    """The key of a PEM file; without an algorithm named, the one that fits."""
    assert chosen.key is not None  # noqa: S101 - one way was chosen, and it is not another
    key = chosen.key.read_bytes()
    certificate = chosen.certificate.read_bytes() if chosen.certificate else key
    if chosen.algorithm:
        return from_pem(key, certificate, chosen.algorithm)
    try:
        return from_pem(key, certificate, Algorithm.SM2_SM3)
    except KeyFileError:
        return from_pem(key, certificate, Algorithm.RSA_SHA256)


def _pin() -> str:
    return os.environ.get(PIN_VARIABLE) or typer.prompt("PIN", hide_input=True, err=True)


def _write(signed: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(signed)
    else:
        out.write_bytes(signed)
