"""Messages a second of one core: verified and decoded here, verified by other libraries, and receipts written.

The same signed messages go to every verifier in the same run. The others are given their keys ready made and need not
decode anything; those that are not installed are named as absent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.x509 import load_der_x509_certificate
from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from sandan.documents.facts import Receipt
from sandan.documents.facts import ReturnStatus
from sandan.intake.facts import Arrival
from sandan.intake.facts import Outcome
from sandan.intake.reading import Desk
from sandan.intake.reading import read
from sandan.intake.reading import verified
from sandan.sandbox import world
from sandan.sandbox.bench_crew import office
from sandan.sandbox.bench_facts import SIZES
from sandan.sandbox.bench_facts import Load
from sandan.sandbox.bench_facts import Wire
from sandan.sandbox.bench_facts import WireCase
from sandan.sandbox.messages import Office
from sandan.sandbox.messages import Paper
from sandan.sandbox.messages import papers_of
from sandan.sandbox.messages import sender_of
from sandan.sandbox.parcels import Maker
from sandan.sandbox.seed import certificates
from sandan.signing.facts import Policy
from sandan.signing.facts import Report
from sandan.signing.port import Algorithm
from sandan.signing.profile import SIGNATURE
from sandan.terms.ids import Guid
from sandan.wire.read import parse
from sandan.wire.write import receipts

ALGORITHMS = (Algorithm.RSA_SHA256, Algorithm.SM2_SM3)
LIBRARIES = ("xmlsec", "signxml")
"""Verifiers of others; neither knows SM2."""

_ROUNDS = 3
_ROUND_S = 0.1
_NUMBERS = (
    "ebp_code",
    "ebc_code",
    "order_no",
    "pay_code",
    "pay_transaction_id",
    "logistics_code",
    "logistics_no",
    "customs_code",
    "agent_code",
    "cop_no",
)
"""What a receipt repeats of the paper it answers."""
_GIVEN = "299120261000000001"
"""A number as the platform gives lists (preNo) and customs gives them (invtNo)."""

Check = Callable[[bytes], object]
"""Verifies a message; raises where it does not hold."""


class Sample(Struct, frozen=True, kw_only=True):
    """One signed message and the certificate it was signed with (DER)."""

    data: bytes
    certificate: bytes


class Library(Struct, frozen=True, kw_only=True):
    """A verifier of others."""

    name: str
    #: Makes a certificate into a check of messages signed with it
    checking: Callable[[bytes], Check]


def measure(keys: Path, tell: Callable[[str], None]) -> Wire:
    """Measures every case; takes some seconds and needs no database.

    Args:
        keys: Where the test keys are kept.
        tell: Told what is being measured.

    Raises:
        RuntimeError: A genuine message was not taken.
    """
    present = libraries()
    cases = []
    for algorithm in ALGORITHMS:
        dispatch = office(keys, algorithm)
        for size in SIZES:
            load = Load(way="wire", algorithm=algorithm, size=size, parcels=size)
            tell(load.name)
            cases.append(_case(load, dispatch, present if algorithm is Algorithm.RSA_SHA256 else ()))
    tell("receipts")
    written = {size: _receipts_per_s(size) for size in SIZES}
    absent = [name for name in LIBRARIES if name not in {library.name for library in present}]
    return Wire(cases=cases, receipts_per_s=written, absent=absent)


def libraries() -> tuple[Library, ...]:
    """The verifiers of others that are installed; they come with the development dependencies."""
    return tuple(library for name in LIBRARIES if (library := _library(name)) is not None)


def samples(dispatch: Office, size: int) -> list[Sample]:
    """Signed messages of all four kinds, with so many documents each."""
    maker = Maker(size, datetime.now(UTC), "WIRE")
    sent = dispatch.messages([maker.ordinary() for _ in range(size)], size)
    return [Sample(data=one.data, certificate=dispatch.signers[one.sender].certificate_der) for one in sent]


def _case(load: Load, dispatch: Office, present: Sequence[Library]) -> WireCase:
    sent = samples(dispatch, load.size)
    now = datetime.now(UTC)
    desk = Desk(registry=replace(world.registry(), certificates=certificates(dispatch)), now=now)
    _prove(sent, desk)
    speeds = per_second(
        {
            "verify": [partial(_verified, one.data, Policy(at=now)) for one in sent],
            "read": [partial(read, Arrival(body=one.data), desk) for one in sent],
            **{
                library.name: [partial(library.checking(one.certificate), one.data) for one in sent]
                for library in present
            },
        }
    )
    return WireCase(
        name=load.name,
        algorithm=load.algorithm.value,
        size=load.size,
        message_bytes=sum(len(one.data) for one in sent) // len(sent),
        verified_per_s=speeds.pop("verify"),
        decoded_per_s=speeds.pop("read"),
        others_per_s=speeds,
    )


def _prove(sent: Sequence[Sample], desk: Desk) -> None:
    """Holds that what is measured is the way of a message that is taken."""
    for one in sent:
        found = read(Arrival(body=one.data), desk)
        if found.outcome is not Outcome.REGISTERED:
            raise RuntimeError(f"a genuine message was not taken: {[fault.code for fault in found.faults]}")


def _verified(data: bytes, policy: Policy) -> Report:
    return verified(parse(data), policy)


def per_second(contenders: Mapping[str, Sequence[Callable[[], object]]]) -> dict[str, float]:
    """Calls a second of CPU time, by contender: the best of some rounds, in which they take turns.

    Args:
        contenders: What each calls in turn.
    """
    best = dict.fromkeys(contenders, 0.0)
    for _ in range(_ROUNDS):
        for name, calls in contenders.items():
            best[name] = max(best[name], _round(calls))
    return best


def _round(calls: Sequence[Callable[[], object]]) -> float:
    count, spent, begun = 0, 0.0, time.thread_time()
    while spent < _ROUND_S:
        for call in calls:
            call()
        count += len(calls)
        spent = time.thread_time() - begun
    return count / spent


def _receipts_per_s(size: int) -> float:
    """Receipts of release a second, so many of a kind in a message."""
    maker, now = Maker(size, datetime.now(UTC), "WIRE"), datetime.now(UTC)
    items = [answer(paper, now) for _ in range(size) for paper in papers_of(maker.ordinary())]
    return per_second({"receipts": [lambda: receipts(items)]})["receipts"] * len(items)


def answer(paper: Paper, now: datetime) -> Receipt:
    """A receipt of release for a paper, with all the numbers it repeats."""
    numbers = {name: getattr(paper, name) for name in _NUMBERS if hasattr(paper, name)}
    return Receipt(
        guid=Guid(str(uuid4()).upper()),
        subject=paper.ref,
        recipient=sender_of(paper),
        status=ReturnStatus.RELEASED,
        info="[Code:2600;Desc:放行]",
        at=now,
        pre_no=_GIVEN,
        invt_no=_GIVEN,
        **numbers,
    )


def _library(name: str) -> Library | None:
    try:
        module: Any = import_module(name)
    except ImportError:
        return None
    return Library(name=name, checking=_CHECKING[name](module))


def _by_xmlsec(xmlsec: Any) -> Callable[[bytes], Check]:  # noqa: ANN401 - a module without types
    def checking(certificate: bytes) -> Check:
        key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertDer)

        def check(data: bytes) -> None:
            context = xmlsec.SignatureContext()
            context.key = key
            context.verify(etree.fromstring(data).find(SIGNATURE))

        return check

    return checking


def _by_signxml(signxml: Any) -> Callable[[bytes], Check]:  # noqa: ANN401 - a module without types
    def checking(certificate: bytes) -> Check:
        known = load_der_x509_certificate(certificate)
        return lambda data: signxml.XMLVerifier().verify(data, x509_cert=known)

    return checking


_CHECKING = {"xmlsec": _by_xmlsec, "signxml": _by_signxml}
