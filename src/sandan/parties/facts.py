"""The registry of enterprises: roles, periods, licences, mandates, certificates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from sandan.terms.ids import CustomsCode
from sandan.terms.ids import EnterpriseCode


class Role(StrEnum):
    """What an enterprise is registered to do (194/2018 art. 2 and 31)."""

    SHOP = "shop"
    """CBEC enterprise (跨境电子商务企业), registered overseas, owner of the goods."""
    PLATFORM = "platform"
    """CBEC platform enterprise (跨境电子商务平台企业)."""
    AGENT = "agent"
    """Domestic agent of a CBEC enterprise (境内代理人)."""
    PAYMENT = "payment"
    """Payment enterprise (支付企业)."""
    LOGISTICS = "logistics"
    """Logistics enterprise (物流企业)."""
    BROKER = "broker"
    """Declaring enterprise entrusted by a domestic agent (报关企业)."""
    WAREHOUSE = "warehouse"
    """Warehouse enterprise inside a zone or centre (区内仓储企业)."""
    SITE = "site"
    """Operator of a supervised place (监管作业场所经营人)."""


class LicenceKind(StrEnum):
    """Licences the announcement asks for (art. 2 para. 3 and 4)."""

    EXPRESS = "express"
    """Express Business Licence (快递业务经营许可证)."""
    FINANCIAL = "financial"
    """Financial Licence of a bank (金融许可证)."""
    PAYMENT = "payment"
    """Payment Business Licence of a non-bank (支付业务许可证)."""


class Licence(Struct, frozen=True, kw_only=True):
    """One licence with its validity and scope."""

    kind: LicenceKind
    number: str
    since: date
    #: Last day of validity, inclusive
    until: date
    #: Business scopes named in it, for example ``internet payment``
    scopes: tuple[str, ...] = ()


class OperatorKind(StrEnum):
    """Kind of a logistics enterprise, which decides whether it may serve 9610 import (art. 2 para. 3)."""

    POSTAL = "postal"
    EXPRESS = "express"
    OTHER = "other"


class Registration(Struct, frozen=True, kw_only=True):
    """A role an enterprise holds for a period."""

    role: Role
    since: date
    until: date | None = None


class Enterprise(Struct, frozen=True, kw_only=True):
    """One enterprise of the registry."""

    code: EnterpriseCode
    name: str
    #: 统一社会信用代码; empty for a firm registered overseas
    uscc: str = ""
    #: ISO 3166 alpha-3 of the place of registration
    country: str = "CHN"
    #: District whose customs registered it; empty for an overseas shop
    district: CustomsCode = CustomsCode("")
    #: Registered inside a special customs supervision area or bonded logistics centre
    in_special_zone: bool = False
    #: A bank, for payment enterprises
    is_bank: bool = False
    operator_kind: OperatorKind = OperatorKind.OTHER
    registrations: tuple[Registration, ...] = ()
    licences: tuple[Licence, ...] = ()
    #: A domestic firm that had signed sales contracts before 194/2018 (art. 32, transition to 2019-03-31)
    has_signed_contracts: bool = False
    #: Platform checks the orderer's identity with a competent national body (art. 9)
    authenticates_identity: bool = False
    #: Accepts the legacy rsa-sha1 signature of this sender
    allows_sha1: bool = False
    #: Customs credit level (信用等级), an input
    credit: str = ""
    #: DXP ids this enterprise sends and receives with
    dxp_ids: tuple[str, ...] = ()


class MandateKind(StrEnum):
    """What one enterprise has entrusted to another."""

    DOMESTIC_AGENT = "domestic_agent"
    """Overseas shop to its domestic agent (art. 2, 31)."""
    DECLARE = "declare"
    """Domestic agent to a broker (art. 8)."""
    PAY = "pay"
    """Platform or domestic agent to a payment enterprise (art. 31)."""
    CARRY = "carry"
    """Platform, shop or agent to a logistics enterprise (art. 31)."""
    TRANSMIT = "transmit"
    """Platform, agent or payment enterprise to a postal or express operator that sends for it and answers for it (art. 6)."""


class Mandate(Struct, frozen=True, kw_only=True):
    """One entrustment."""

    kind: MandateKind
    principal: EnterpriseCode
    agent: EnterpriseCode
    since: date
    until: date | None = None
    #: The agent committed in writing to bear legal liability (art. 6 para. 2)
    liability_committed: bool = False


class Certificate(Struct, frozen=True, kw_only=True):
    """A signing certificate and the enterprise it was issued to."""

    #: SHA-256 of the DER, lower-case hex
    fingerprint: str
    enterprise: EnterpriseCode
    #: First and last day of validity as registered
    since: date
    until: date
    revoked_on: date | None = None


class BookItem(Struct, frozen=True, kw_only=True):
    """One item of a bonded account book."""

    item_no: str
    gcode: str
    unit: str
    name: str = ""


class AccountBook(Struct, frozen=True, kw_only=True):
    """A bonded account book (账册) of a warehouse enterprise in a zone or centre."""

    book_no: str
    owner: EnterpriseCode
    district: CustomsCode
    #: Supervision mode of first-line entry, 1210 or 1239 (R2L-3)
    trade_mode: str
    #: Name of the zone or centre, and of the city it lies in
    zone: str
    city: str
    #: Transport modes of exit from this zone; empty for those the law allows to all
    exit_transport: tuple[str, ...] = ()
    items: Mapping[str, BookItem] = {}


class Registry(Struct, frozen=True, kw_only=True):
    """Everything known about the parties, as one consistent snapshot."""

    enterprises: Mapping[EnterpriseCode, Enterprise] = {}
    mandates: tuple[Mandate, ...] = ()
    certificates: Mapping[str, Certificate] = {}
    books: Mapping[str, AccountBook] = {}
