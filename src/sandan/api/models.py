"""Bodies of requests and answers as the API's description shows them; strict: no number is taken for a text."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field

from sandan.documents.facts import OfficerVerdict
from sandan.store.users import Seat


class Strict(BaseModel):
    """No coercion, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class WordsShown(Strict):
    """One sentence in both languages."""

    zh: str
    en: str


class FaultShown(Strict):
    """One thing that is wrong, where, both values, the rule and how to mend it."""

    code: str = Field(description="Stable name of the class of fault")
    what: WordsShown
    where: str = Field(description="Path and line inside the message, or field of the request")
    found: str
    expected: str
    rule: str = Field(description="Rule of the catalogue, such as R194-9.1")
    source: str = Field(description="Title and article of the text")
    remedy: WordsShown
    retry: str = Field(description="resend-same, fix-and-resend, query-first, wait or never")


class ErrorShown(Strict):
    """Whatever is refused, whatever the status."""

    error: FaultShown
    faults: list[FaultShown] | None = Field(default=None, description="All faults, where there are several")
    acknowledgement: AcknowledgementShown | None = Field(default=None, description="What was kept of a refused message")


class DocumentShown(Strict):
    """One document of a message."""

    kind: str
    owner: str
    key: str
    version: int
    state: str


class AcknowledgementShown(Strict):
    """The immediate answer: the bytes are durable."""

    receipt_id: int = Field(description="Number of the bytes in the inbox")
    outcome: str = Field(description="registered, refused or unreadable")
    message_type: str
    guid: str
    repeat: bool = Field(description="The first answer given again")
    documents: list[DocumentShown]
    faults: list[FaultShown]
    advice: list[FaultShown] = Field(description="Taken all the same, but probably not what you meant")


class Health(Strict):
    """The platform answers."""

    ok: bool
    version: str
    now: datetime
    queued: int = Field(description="Documents that wait to be decided")


class RefShown(Strict):
    """Business key of a document."""

    kind: str
    owner: str
    key: str


class MeaningShown(Strict):
    """What a receipt says in plain words, from the catalogue of codes."""

    code: str = Field(description="Code it was found under; a status where it bears no code")
    known: bool = Field(description="False where the catalogue does not hold the code; the text then stands as it came")
    what: WordsShown
    cause: WordsShown
    remedy: WordsShown
    owner: str = Field(description="Who acts: shop, platform, payment, logistics, declarant, customs, port … or nobody")
    retry: str = Field(description="resend-same, fix-and-resend, query-first, wait or never")


class ReceiptShown(Strict):
    """One receipt (回执)."""

    cursor: str
    guid: str
    subject: RefShown
    subject_version: int
    status: int = Field(description="2, 100, 120, 300, 500, 800 … or a negative code")
    info: str = Field(description="Text as clients know it, such as [Code:2600;Desc:放行]")
    at: datetime
    rules: list[str] = Field(description="Rules of the catalogue that caused it")
    order_no: str
    logistics_no: str
    cop_no: str
    pre_no: str
    invt_no: str
    meaning: MeaningShown


class ReceiptsShown(Strict):
    """A pull of receipts."""

    receipts: list[ReceiptShown]
    cursor: str = Field(description="Send it as after with the next pull")


class Login(Strict):
    """Account and password."""

    account: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=1, max_length=200)


class UserShown(Strict):
    """A local account."""

    account: str
    name: str
    seat: str
    enterprise: str
    active: bool


class LoggedIn(UserShown):
    """Who is logged in."""

    csrf: str = Field(description="Send it in X-CSRF-Token with every request that changes something")


class NewUser(Strict):
    """An account to create or replace."""

    account: str = Field(min_length=1, max_length=100)
    name: str = Field(max_length=100)
    seat: Seat = Field(strict=False)
    enterprise: str = Field(default="", max_length=18)
    password: str = Field(min_length=10, max_length=200)
    active: bool = True


class NewToken(Strict):
    """For whom a token is."""

    enterprise: str = Field(min_length=1, max_length=18)
    label: str = Field(max_length=100)


class Token(Strict):
    """A token in the clear."""

    token: str = Field(min_length=1, max_length=200)
    enterprise: str = ""
    label: str = ""


class Deciding(Strict):
    """What an officer decides about a case (关员处置)."""

    verdict: OfficerVerdict = Field(strict=False)
    reason: str = Field(min_length=1, max_length=500, description="Shown to the declarant")
    seen_version: int = Field(ge=1, description="Version of the case you saw; an older one is refused")


class SubscriptionWanted(Strict):
    """Where receipts are to be pushed."""

    channel: str = Field(pattern="^(webhook|folder|broker)$", description="Folders are set up by the operator")
    target: str = Field(min_length=1, max_length=500, description="URL of the webhook, or DXP id at the broker")
    secret: str = Field(default="", max_length=200, description="Key of the signature header; made if left out")


class SubscriptionShown(Strict):
    """A subscription and how far it has got."""

    recipient: str
    channel: str
    target: str
    attempts: int
    next_at: datetime | None
    last_error: str


class ForwardShown(Strict):
    """What another enterprise lets one have: a message, or a receipt of its documents (BaseSubscribe)."""

    cursor: str
    sender: str = Field(description="Enterprise that asked for it to be forwarded")
    at: datetime
    message_type: str
    message: str = Field(description="The CEB message in base64, without envelope")


class ForwardsShown(Strict):
    """A page of what was forwarded, oldest first."""

    forwards: list[ForwardShown]
    cursor: str = Field(description="Give it as after to read on")


class SubscriptionMade(Strict):
    """A subscription with its secret, shown once."""

    recipient: str
    channel: str
    target: str
    secret: str = Field(description="Key of the signature header of every delivery")


class CheckWanted(Strict):
    """Messages to be tried without sending them (预校验)."""

    messages: list[str] = Field(min_length=1, max_length=100, description="CEB messages as XML text or base64")
    at: date | None = Field(default=None, strict=False, description="Legal day to judge as at; today if left out")


class QuoteLine(Strict):
    """One kind of goods of a quote."""

    gcode: str = Field(pattern=r"^\d{10}$", description="Commodity code (商品编码)")
    quantity: Decimal = Field(gt=0, strict=False, max_digits=14, decimal_places=5)
    price: Decimal = Field(ge=0, strict=False, max_digits=14, decimal_places=5, description="Unit price, yuan")
    unit: str = Field(default="", max_length=3, description="Unit it is sold in (计量单位)")
    qty1: Decimal | None = Field(default=None, gt=0, strict=False, max_digits=14, decimal_places=5)
    unit1: str = Field(default="", max_length=3, description="First legal unit (法定计量单位)")
    qty2: Decimal | None = Field(default=None, gt=0, strict=False, max_digits=14, decimal_places=5)
    unit2: str = Field(default="", max_length=3, description="Second legal unit")
    model: str = Field(default="", max_length=510, description="Specification (规格型号)")


class QuoteWanted(Strict):
    """Goods whose tax is asked for."""

    lines: list[QuoteLine] = Field(min_length=1, max_length=99)
    freight: Decimal = Field(default=Decimal(0), ge=0, strict=False, max_digits=14, decimal_places=5)
    insurance: Decimal = Field(default=Decimal(0), ge=0, strict=False, max_digits=14, decimal_places=5)
    at: date | None = Field(default=None, strict=False)
    used: Decimal = Field(default=Decimal(0), ge=0, strict=False, description="Yuan of this year's quota already used")
