"""A message of an invented platform, keys of every kind for it, and the moment it is judged at."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC
from datetime import date
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from sandan.sandbox.authority import Authority
from sandan.signing import sign as signing
from sandan.signing.facts import Policy
from sandan.signing.facts import Report
from sandan.signing.port import Algorithm
from sandan.signing.software import SoftwareSigner
from sandan.signing.verify import verify

PLATFORM = "3301960A01"
SHARED = Path(__file__).parents[3] / "shared" / "wire" / "samples" / "signed"
MESSAGE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ceb:CEB311Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" guid="6B0C7C1E-9F3A-4C55-8E21-000000000001" version="1.0">'
    "<ceb:Order><ceb:OrderHead><ceb:orderNo>DD-0001</ceb:orderNo><ceb:goodsValue>100.5</ceb:goodsValue>"
    "<ceb:note/><ceb:buyerName>测试甲 &amp; 乙</ceb:buyerName></ceb:OrderHead></ceb:Order>"
    "<ceb:BaseTransfer><ceb:copCode>3301960A01</ceb:copCode></ceb:BaseTransfer></ceb:CEB311Message>"
).encode()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def signer_of(authority: Authority) -> Callable[[Algorithm], SoftwareSigner]:
    """The platform's key for an algorithm, valid through 2026."""
    days = (date(2026, 1, 1), date(2026, 12, 31))
    return cache(lambda algorithm: authority.issue("云集测试平台", PLATFORM, algorithm, *days))


@pytest.fixture
def message() -> bytes:
    return MESSAGE


@pytest.fixture
def policy() -> Policy:
    return Policy(at=datetime(2026, 6, 1, tzinfo=UTC))


@pytest.fixture
def signed(signer_of: Callable[[Algorithm], SoftwareSigner]) -> bytes:
    """The message, signed with SM2."""
    return signing.sign(MESSAGE, signer_of(Algorithm.SM2_SM3))


@pytest.fixture
def check(policy: Policy) -> Callable[[bytes], Report]:
    """Verification of bytes as they arrive."""
    return lambda data: verify(etree.fromstring(data), policy)


@pytest.fixture
def resign(signer_of: Callable[[Algorithm], SoftwareSigner]) -> Callable[[bytes], bytes]:
    """Signs SignedInfo anew as it now stands: a forger's tool with an honest key, to reach the checks behind."""

    def again(data: bytes) -> bytes:
        root = etree.fromstring(data)
        info = root.find(".//{*}SignedInfo")
        assert info is not None
        top = etree.Element(info.tag, dict(info.attrib), nsmap=info.nsmap)
        top.text = info.text
        top.extend(etree.fromstring(etree.tostring(info, with_tail=False)))
        content = etree.tostring(top, method="c14n")
        value = base64.b64encode(signer_of(Algorithm.SM2_SM3).sign(content)).decode()
        element = root.find(".//{*}SignatureValue")
        assert element is not None
        element.text = value
        return etree.tostring(root)

    return again


@pytest.fixture
def shared() -> Path:
    """The folder of reference vectors."""
    if not SHARED.is_dir():
        pytest.skip("the reference folder is absent")
    return SHARED
