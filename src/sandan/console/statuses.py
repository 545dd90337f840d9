"""The words, signs and colours of a case's status, a paper's state and the other small vocabularies of the pages."""

from __future__ import annotations

from msgspec import Struct

from sandan.console.words import mark


class StatusLook(Struct, frozen=True):
    """How a status of a case is shown: by word, sign and colour, never by colour alone."""

    name: str
    label: str
    sign: str
    #: Colour of charts and badges, dark enough on white for small text
    colour: str
    #: Receipt status that answers it
    code: int


STATUSES = {
    look.name: look
    for look in (
        StatusLook("released", mark("Released"), "✓", "#1f7a37", 800),
        StatusLook("accepted", mark("Accepted"), "↻", "#1f6fb8", 120),
        StatusLook("waiting", mark("Waiting for papers"), "…", "#a35f00", 2),
        StatusLook("review", mark("Manual review"), "?", "#6b4fbb", 300),
        StatusLook("inspection", mark("Inspection"), "◎", "#8a3b8f", 500),
        StatusLook("held", mark("Held"), "‖", "#b04a00", 600),
        StatusLook("refused", mark("Refused"), "✕", "#b4232c", 100),
        StatusLook("draft", mark("Draft"), "·", "#5d6875", 1),
    )
}
"""Statuses in the order they are shown."""

PAPER_STATES = {
    "received": mark("Received"),
    "draft": mark("Draft"),
    "accepted": mark("Stored"),
    "refused": mark("Refused"),
    "deleted": mark("Deleted"),
    "replaced": mark("Replaced"),
}

OUTCOMES = {
    "registered": mark("Registered"),
    "refused": mark("Refused at the door"),
    "unreadable": mark("Unreadable"),
}

WEIGHTS = {
    "schema": mark("The format check refuses it"),
    "refused": mark("The door refuses it"),
    "advice": mark("Advice"),
}
"""What a fault of form does to a message."""

SIGNATURES = {
    "valid": mark("Holds"),
    "refused": mark("Refused"),
    "unreadable": mark("Cannot be examined"),
}
"""Verdicts of the signature doctor."""

SEVERITIES = {
    "refuse": mark("Refuses"),
    "wait": mark("Waits"),
    "review": mark("Asks an officer"),
    "note": mark("Note"),
}

SEVERITY_COLOURS = {"refuse": "#b4232c", "wait": "#a35f00", "review": "#6b4fbb", "note": "#5d6875"}

RETRIES = {
    "resend-same": mark("Send the same again"),
    "fix-and-resend": mark("Mend and send again"),
    "query-first": mark("Ask for the state first"),
    "wait": mark("Wait, send nothing"),
    "never": mark("Cannot be cleared this way"),
}

KINDS = {
    "order": mark("Order"),
    "payment": mark("Payment"),
    "waybill": mark("Waybill"),
    "list": mark("Declaration list"),
    "officer_act": mark("Officer's act"),
    "opening": mark("Opening of an account"),
    "tax_bill": mark("Tax bill"),
    "tax_payment": mark("Tax payment"),
}

TAX_STAGES = {
    "returnable": mark("Days of return"),
    "payable": mark("Payable"),
    "overdue": mark("Overdue"),
    "settled": mark("Settled"),
    "undated": mark("No window known"),
}

TAX_BILLS = {
    "created": mark("Created"),
    "aggregated": mark("On a document"),
    "void": mark("Made void"),
    "paid": mark("Paid"),
    "zero": mark("No tax"),
}

TAX_DOCUMENTS = {"open": mark("Open for payment"), "paid": mark("Paid"), "void": mark("Made void")}

ACCOUNT_KINDS = {"quota": mark("Annual quota"), "guarantee": mark("Guarantee"), "stock": mark("Bonded stock")}

MOVEMENTS = {
    "credit": mark("Credit"),
    "debit": mark("Debit"),
    "reserve": mark("Reserve"),
    "settle": mark("Settle"),
    "void": mark("Void"),
    "restore": mark("Restore"),
}

VERDICTS = {
    "release": mark("Release"),
    "refuse": mark("Refuse"),
    "hold": mark("Hold"),
    "inspect": mark("Order inspection"),
    "review": mark("Keep for review"),
}

EVENTS = {
    "declared": mark("List declared"),
    "waiting": mark("Waits for papers"),
    "accepted": mark("Accepted by customs"),
    "refused": mark("Refused"),
    "selected": mark("Selected for an officer"),
    "held": mark("Held"),
    "released": mark("Released"),
}

SEATS = {
    "officer": mark("Customs officer"),
    "enterprise": mark("Enterprise"),
    "operator": mark("Operator"),
    "finance": mark("Revenue desk"),
    "warehouse": mark("Warehouse"),
}

TRADE_MODES = {
    "1210": mark("Bonded import 1210"),
    "1239": mark("Bonded import A 1239"),
    "9610": mark("Direct purchase 9610"),
}

ROUTES = {
    "reduced": mark("Within the limits: tariff 0, VAT and consumption tax reduced"),
    "full": mark("Single item over the limit: taxed in full"),
}

STEPS = {
    "value": mark("Dutiable value"),
    "content": mark("Price per gram, millilitre or sheet"),
    "tariff": mark("Tariff"),
    "consumption_tax_statutory": mark("Consumption tax before the reduced share"),
    "consumption_tax": mark("Consumption tax payable"),
    "vat_statutory": mark("VAT before the reduced share"),
    "vat": mark("VAT payable"),
}
"""Steps of the working of a tax."""
