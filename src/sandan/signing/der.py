"""The few ASN.1 shapes of certificates and keys we read or write ourselves (X.509, PKCS#8, SEC 1).

The certificate reader of the crypto library refuses SM2 keys and the odd texts Chinaport puts into names,
hence these shapes; its encoder and decoder do the work.
"""

from __future__ import annotations

from typing import Annotated

from cryptography import x509
from cryptography.hazmat import asn1

EC_PUBLIC_KEY = x509.ObjectIdentifier("1.2.840.10045.2.1")
SM2_CURVE = x509.ObjectIdentifier("1.2.156.10197.1.301")
SM2_WITH_SM3 = x509.ObjectIdentifier("1.2.156.10197.1.501")


@asn1.sequence
class AlgorithmIdentifier:
    """An algorithm and its curve, if any."""

    algorithm: x509.ObjectIdentifier
    parameters: asn1.Null | x509.ObjectIdentifier | None


@asn1.sequence
class PublicKeyInfo:
    """SubjectPublicKeyInfo."""

    algorithm: AlgorithmIdentifier
    key: asn1.BitString


@asn1.sequence
class Attribute:
    """One attribute of a name; its text is decoded leniently elsewhere."""

    type: x509.ObjectIdentifier
    value: asn1.TLV


@asn1.sequence
class Validity:
    """First and last moment of validity."""

    not_before: asn1.UTCTime | asn1.GeneralizedTime
    not_after: asn1.UTCTime | asn1.GeneralizedTime


@asn1.sequence
class Extension:
    """One extension."""

    oid: x509.ObjectIdentifier
    critical: Annotated[bool, asn1.Default(False)]  # noqa: FBT003  # the value of an ASN.1 DEFAULT
    value: bytes


@asn1.sequence
class Body:
    """TBSCertificate: what the authority signs."""

    version: Annotated[int, asn1.Explicit(0), asn1.Default(0)]
    serial: int
    signature: AlgorithmIdentifier
    issuer: list[asn1.SetOf[Attribute]]
    validity: Validity
    subject: list[asn1.SetOf[Attribute]]
    public_key: PublicKeyInfo
    issuer_id: Annotated[asn1.BitString | None, asn1.Implicit(1)]
    subject_id: Annotated[asn1.BitString | None, asn1.Implicit(2)]
    extensions: Annotated[list[Extension] | None, asn1.Explicit(3)]


@asn1.sequence
class Certificate:
    """A certificate."""

    body: Body
    algorithm: AlgorithmIdentifier
    signature: asn1.BitString


@asn1.sequence
class EcPrivateKey:
    """ECPrivateKey of SEC 1."""

    version: int
    key: bytes
    curve: Annotated[x509.ObjectIdentifier | None, asn1.Explicit(0)]
    public: Annotated[asn1.BitString | None, asn1.Explicit(1)]


@asn1.sequence
class PrivateKeyInfo:
    """PrivateKeyInfo of PKCS#8, without attributes."""

    version: int
    algorithm: AlgorithmIdentifier
    key: bytes
