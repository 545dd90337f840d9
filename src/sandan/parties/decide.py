"""Who may send which paper, and who may declare a list (194/2018 art. 2, 6, 8, 13 and 31)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Order
from sandan.documents.facts import Payment
from sandan.documents.facts import Received
from sandan.documents.facts import Waybill
from sandan.law.facts import Finding
from sandan.law.facts import Severity
from sandan.parties.bench import Bench
from sandan.parties.bench import codes
from sandan.parties.breach import CLEAN
from sandan.parties.breach import Findings
from sandan.parties.breach import by_law
from sandan.parties.breach import by_registry
from sandan.parties.breach import graded
from sandan.parties.facts import MandateKind
from sandan.parties.facts import Role
from sandan.parties.sheet import Sheet
from sandan.parties.standing import Party
from sandan.terms.ids import EnterpriseCode


def may_send(received: Received, bench: Bench) -> Findings:
    """Whether the sender of an order, payment or waybill may send it, and the parties it names are what they must be.

    Args:
        received: The paper and who transmitted it.
        bench: The law of the day with the register.

    Returns:
        Every breach of art. 2, 6 and 31; a list answers nothing here, see :func:`may_declare`.
    """
    document = received.document
    if isinstance(document, Order):
        return _may_send_order(Sheet(document, received, bench))
    if isinstance(document, Payment):
        return _may_send_payment(Sheet(document, received, bench))
    return _may_send_waybill(Sheet(document, received, bench)) if isinstance(document, Waybill) else CLEAN


def may_declare(received: Received, bench: Bench) -> Findings:
    """Whether the declarant of a list may declare it, and every party of the list is what it must be.

    Args:
        received: The list and who transmitted it.
        bench: The law of the day with the register.
    """
    document = received.document
    if not isinstance(document, DeclarationList):
        return CLEAN
    sheet = Sheet(document, received, bench)
    return (
        _platform_and_shop(sheet)
        + stands(sheet, "logistics_code", _carrying(document, bench))
        + (stands(sheet, "area_code", Party.WAREHOUSE) if document.area_code else CLEAN)
        + _declarant(sheet)
        + _carrier(sheet)
        + _collector(sheet)
    )


def may_transmit_for(received: Received, trade_mode: str, bench: Bench) -> Findings:
    """Whether an order or payment of a list in this mode might be transmitted by another (art. 6 para. 2).

    A postal or express operator may transmit for platform, agent or payment enterprise in direct purchase only.

    Args:
        received: The order or payment.
        trade_mode: Supervision mode of the list it belongs to.
        bench: The law of the day with the register.
    """
    document = received.document
    allowed = codes(bench.law, "senders.entrusted_modes")
    if trade_mode in allowed or not isinstance(document, Order | Payment) or _is_own_data(received, bench):
        return CLEAN
    against = by_law("senders.entrusted_modes", ", ".join(sorted(allowed)))
    return Sheet(document, received, bench).breach("R194-6.2", "sender", received.sender, against)


def stands(sheet: Sheet[Any], field: str, party: Party) -> Findings:
    """What the enterprise a field names fails to be for the part it plays.

    Args:
        sheet: The paper that names it.
        field: Attribute of the paper that holds the enterprise code.
        party: The part.
    """
    code: EnterpriseCode = getattr(sheet.paper, field)
    missing = sheet.bench.register.unmet(code, party, sheet.bench.law)
    if not missing:
        return CLEAN
    enterprise = sheet.bench.register.enterprise(code)
    findings: list[Finding] = []
    for requirement in missing:
        held = requirement.shows(enterprise) if enterprise is not None else ""
        findings += sheet.breach(requirement.rule, field, code, by_registry(requirement.field, held))
    return tuple(findings)


def _platform_and_shop(sheet: Sheet[Order] | Sheet[DeclarationList]) -> Findings:
    """The platform is one, the shop is one and has a registered domestic agent (art. 2 para. 1, art. 31)."""
    found = stands(sheet, "ebp_code", Party.PLATFORM) + stands(sheet, "ebc_code", Party.SHOP)
    shop = sheet.paper.ebc_code
    if sheet.bench.register.agents(shop, sheet.bench.law):
        return found
    return found + sheet.breach("R194-2.2", "ebc_code", shop, by_registry("domestic_agent", ""))


def _may_send_order(sheet: Sheet[Order]) -> Findings:
    """Transaction data come from the platform or the domestic agent, or from an entrusted operator (art. 6)."""
    order, bench = sheet.paper, sheet.bench
    principals = (order.ebp_code, *bench.register.agents(order.ebc_code, bench.law))
    return _platform_and_shop(sheet) + _sender(sheet, principals, "ebp_code")


def _may_send_payment(sheet: Sheet[Payment]) -> Findings:
    """Payment data come from the payment enterprise, or from an entrusted operator (art. 6, art. 31 item 4)."""
    payment = sheet.paper
    principals = (payment.pay_code,)
    return stands(sheet, "pay_code", Party.PAYMENT) + _sender(sheet, principals, "pay_code") + _payer_mandate(sheet)


def _may_send_waybill(sheet: Sheet[Waybill]) -> Findings:
    """Logistics data come from the logistics enterprise itself (art. 6, art. 31 item 5)."""
    waybill = sheet.paper
    found = stands(sheet, "logistics_code", Party.LOGISTICS)
    if sheet.received.sender == waybill.logistics_code:
        return found
    return found + _not_own(sheet, "R194-6.1", "logistics_code")


def _sender(sheet: Sheet[Order] | Sheet[Payment], principals: tuple[EnterpriseCode, ...], field: str) -> Findings:
    sender = sheet.received.sender
    if sender in principals or _is_entrusted(sender, principals, sheet.bench):
        return CLEAN
    rule = "R194-6.2" if _transmits(sender, principals, sheet.bench) else "R194-6.1"
    return _not_own(sheet, rule, field)


def _transmits(sender: EnterpriseCode, principals: Iterable[EnterpriseCode], bench: Bench) -> bool:
    return bench.register.entrusted(MandateKind.TRANSMIT, principals, sender, bench.day)


def _is_entrusted(sender: EnterpriseCode, principals: tuple[EnterpriseCode, ...], bench: Bench) -> bool:
    """A postal or express operator with an entrustment and a written commitment to bear liability (art. 6 para. 2)."""
    register, law = bench.register, bench.law
    mandates = register.mandates(MandateKind.TRANSMIT, sender, bench.day)
    committed = any(mandate.principal in principals and mandate.liability_committed for mandate in mandates)
    return committed and not register.unmet(sender, Party.DIRECT_LOGISTICS, law)


def _is_own_data(received: Received, bench: Bench) -> bool:
    document = received.document
    if isinstance(document, Order):
        return received.sender == document.ebp_code or received.sender in bench.register.agents(
            document.ebc_code, bench.law
        )
    return isinstance(document, Payment) and received.sender == document.pay_code


def _payer_mandate(sheet: Sheet[Payment]) -> Findings:
    """Entrusted by the platform or a domestic agent (art. 31 item 4)."""
    payment, register, day = sheet.paper, sheet.bench.register, sheet.bench.day
    for mandate in register.mandates(MandateKind.PAY, payment.pay_code, day):
        if mandate.principal == payment.ebp_code or register.holds(mandate.principal, Role.AGENT, day):
            return CLEAN
    return sheet.breach("R194-31.4", "pay_code", payment.pay_code, by_registry("mandate", payment.ebp_code))


def _carrying(declaration: DeclarationList, bench: Bench) -> Party:
    return Party.DIRECT_LOGISTICS if declaration.trade_mode in bench.direct_modes else Party.LOGISTICS


def _carrier(sheet: Sheet[DeclarationList]) -> Findings:
    """Entrusted by platform, shop or agent (art. 31 item 5)."""
    declaration, bench = sheet.paper, sheet.bench
    principals = (declaration.ebp_code, declaration.ebc_code, *bench.register.agents(declaration.ebc_code, bench.law))
    if bench.register.entrusted(MandateKind.CARRY, principals, declaration.logistics_code, bench.day):
        return CLEAN
    against = by_registry("mandate", ", ".join(principals))
    return sheet.breach("R194-31.5", "logistics_code", declaration.logistics_code, against)


def _declarant(sheet: Sheet[DeclarationList]) -> Findings:
    """The domestic agent declares, or a declaring enterprise it entrusts (art. 8 para. 1)."""
    declaration, bench = sheet.paper, sheet.bench
    agents = bench.register.agents(declaration.ebc_code, bench.law)
    declarant = declaration.agent_code
    if declarant in agents:
        return CLEAN
    if bench.register.entrusted(MandateKind.DECLARE, agents, declarant, bench.day):
        return stands(sheet, "agent_code", Party.BROKER)
    return sheet.breach("R194-8.1", "agent_code", declarant, by_registry("domestic_agent", ", ".join(agents)))


def _collector(sheet: Sheet[DeclarationList]) -> Findings:
    """One registered platform, logistics or declaring enterprise collects the tax (art. 13)."""
    declaration, bench = sheet.paper, sheet.bench
    code = declaration.assure_code
    roles = codes(bench.law, "collector.roles")
    if code == declaration.agent_code or any(bench.register.holds(code, Role(role), bench.day) for role in roles):
        return CLEAN
    return sheet.breach("R194-13.1", "assure_code", code, by_law("collector.roles", ", ".join(sorted(roles))))


def _not_own(sheet: Sheet[Any], rule: str, field: str) -> Findings:
    """The sender is not the one whose data these are, nor entrusted by it: refused, while a missing paper only waits."""
    found = sheet.breach(rule, "sender", sheet.received.sender, sheet.said(field, getattr(sheet.paper, field)))
    return graded(Severity.REFUSE, found)
