"""What goes wrong in an invented day: named faults put into clean parcels, each in its share."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from sandan.sandbox import world
from sandan.sandbox.parcels import BONDED
from sandan.sandbox.parcels import DIRECT
from sandan.sandbox.parcels import Maker
from sandan.sandbox.parcels import Parcel
from sandan.sandbox.parcels import Person
from sandan.sandbox.world import Goods
from sandan.terms.ids import ItemRecordNo
from sandan.terms.ids import PersonId


class Fault(Struct, frozen=True, kw_only=True):
    """A named fault and how often it happens in a day."""

    name: str
    #: Parcels in a thousand
    per_mille: int
    make: Callable[[Maker], Parcel]


def _goods(item_no: str) -> Goods:
    return next(g for g in world.GOODS if g.item_no == item_no)


def _someone(maker: Maker) -> Person:
    return maker.person(maker.random.randrange(1_000_000))


def no_payment(maker: Maker) -> Parcel:
    """The payment enterprise never sends."""
    return replace(maker.ordinary(), payment=None)


def no_waybill(maker: Maker) -> Parcel:
    """The logistics enterprise never sends."""
    return replace(maker.ordinary(), waybill=None)


def no_order(maker: Maker) -> Parcel:
    """The platform never sends."""
    return replace(maker.ordinary(), order=None)


def another_payer(maker: Maker) -> Parcel:
    """Somebody else paid."""
    parcel = maker.ordinary()
    _, payment, _, _ = parcel.full
    payer = _someone(maker)
    return replace(parcel, payment=replace(payment, payer_id_number=payer.id_number, payer_name=payer.name))


def another_buyer(maker: Maker) -> Parcel:
    """The list names another orderer than the order."""
    parcel = maker.ordinary()
    buyer = _someone(maker)
    declaration = replace(parcel.declaration, buyer_id_number=buyer.id_number, buyer_name=buyer.name)
    return replace(parcel, declaration=declaration)


def other_goods(maker: Maker) -> Parcel:
    """A line of the list states another quantity than the order."""
    parcel = maker.ordinary()
    first, *rest = parcel.declaration.lines
    line = replace(first, qty_e5=first.qty_e5 + 100_000, total_price_e5=first.price_e5 * (first.qty_e5 // 100_000 + 1))
    return replace(parcel, declaration=replace(parcel.declaration, lines=(line, *rest)))


def other_amount(maker: Maker) -> Parcel:
    """Less was paid than the order says."""
    parcel = maker.ordinary()
    _, payment, _, _ = parcel.full
    return replace(parcel, payment=replace(payment, amount_paid_e5=payment.amount_paid_e5 - 1_000_000))


def other_pay_company(maker: Maker) -> Parcel:
    """The order names another payment enterprise than the one that sent the payment."""
    parcel = maker.ordinary()
    order, _, _, _ = parcel.full
    return replace(parcel, order=replace(order, pay_code=world.BANK, pay_name="云汀商业银行股份有限公司"))


def other_consignee(maker: Maker) -> Parcel:
    """The waybill goes to somebody else."""
    parcel = maker.ordinary()
    _, _, waybill, _ = parcel.full
    return replace(parcel, waybill=replace(waybill, consignee=_someone(maker).name + "代收"))


def over_single_limit(maker: Maker) -> Parcel:
    """Several items together cost more than the single limit."""
    return maker.parcel(BONDED, ((_goods("YT-008"), 3), (_goods("YT-004"), 2)), _someone(maker))


def dear_single_item(maker: Maker) -> Parcel:
    """One item above the single limit: still CBEC, taxed in full."""
    return maker.parcel(BONDED, ((_goods("YT-009"), 1),), _someone(maker))


def busy_buyer(maker: Maker) -> Parcel:
    """One of a few buyers who together use up their year."""
    return maker.parcel(BONDED, ((_goods("YT-008"), 3),), maker.person(7))


def wrong_id_number(maker: Maker) -> Parcel:
    """The identity number's check digit is wrong in every paper."""
    parcel = maker.ordinary()
    order, payment, _, declaration = parcel.full
    number = order.buyer_id_number
    broken = PersonId(number[:-1] + ("0" if number[-1] != "0" else "1"))
    return replace(
        parcel,
        order=replace(order, buyer_id_number=broken),
        payment=replace(payment, payer_id_number=broken),
        declaration=replace(declaration, buyer_id_number=broken),
    )


def repeated_line(maker: Maker) -> Parcel:
    """Two lines of the list bear the same number."""
    parcel = maker.parcel(DIRECT, ((_goods("YT-001"), 1), (_goods("YT-002"), 1)), _someone(maker))
    first, second = parcel.declaration.lines
    return replace(parcel, declaration=replace(parcel.declaration, lines=(first, replace(second, gnum=first.gnum))))


def bonded_goods_direct(maker: Maker) -> Parcel:
    """Goods that may only be sold from bond come by direct purchase."""
    return maker.parcel(DIRECT, ((_goods("YT-010"), 1),), _someone(maker))


def no_guarantee(maker: Maker) -> Parcel:
    """The collector named has lodged no guarantee."""
    parcel = maker.ordinary()
    return replace(parcel, declaration=replace(parcel.declaration, assure_code=world.BROKER))


def unknown_item(maker: Maker) -> Parcel:
    """The account book has no such item."""
    parcel = maker.parcel(BONDED, ((_goods("YT-001"), 1),), _someone(maker))
    line = replace(parcel.declaration.lines[0], item_record_no=ItemRecordNo("YT-999"))
    return replace(parcel, declaration=replace(parcel.declaration, lines=(line,)))


def watched_goods(maker: Maker) -> Parcel:
    """Goods the officers asked to see."""
    return maker.parcel(DIRECT, ((_goods("YT-011"), 2),), _someone(maker))


FAULTS = (
    Fault(name="no_payment", per_mille=8, make=no_payment),
    Fault(name="no_waybill", per_mille=5, make=no_waybill),
    Fault(name="no_order", per_mille=3, make=no_order),
    Fault(name="another_payer", per_mille=12, make=another_payer),
    Fault(name="another_buyer", per_mille=6, make=another_buyer),
    Fault(name="other_goods", per_mille=8, make=other_goods),
    Fault(name="other_amount", per_mille=6, make=other_amount),
    Fault(name="other_pay_company", per_mille=4, make=other_pay_company),
    Fault(name="other_consignee", per_mille=5, make=other_consignee),
    Fault(name="over_single_limit", per_mille=6, make=over_single_limit),
    Fault(name="dear_single_item", per_mille=4, make=dear_single_item),
    Fault(name="busy_buyer", per_mille=20, make=busy_buyer),
    Fault(name="wrong_id_number", per_mille=4, make=wrong_id_number),
    Fault(name="repeated_line", per_mille=3, make=repeated_line),
    Fault(name="bonded_goods_direct", per_mille=4, make=bonded_goods_direct),
    Fault(name="no_guarantee", per_mille=3, make=no_guarantee),
    Fault(name="unknown_item", per_mille=3, make=unknown_item),
    Fault(name="watched_goods", per_mille=10, make=watched_goods),
)
"""Every fault of a day that lives in the papers; faults of messages are put in when they are sent."""


def day(maker: Maker, count: int) -> list[Parcel]:
    """A day of parcels, each fault in its share and at least once where there is room."""
    parcels = [replace(fault.make(maker), fault=fault.name) for fault in FAULTS if count >= len(FAULTS)]
    names = ["", *(fault.name for fault in FAULTS)]
    weights = [1000 - sum(fault.per_mille for fault in FAULTS), *(fault.per_mille for fault in FAULTS)]
    makers = {fault.name: fault.make for fault in FAULTS}
    drawn = maker.random.choices(names, weights, k=count - len(parcels))
    parcels.extend(replace(makers[name](maker), fault=name) if name else maker.ordinary() for name in drawn)
    maker.random.shuffle(parcels)
    return parcels
