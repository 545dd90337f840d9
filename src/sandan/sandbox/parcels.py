"""Invented parcels: four papers that agree.

A parcel made here clears under the invented world's law files; `faults` puts in what goes wrong. Everything random comes from the given generator, so the
same seed plays the same day.
"""

from __future__ import annotations

import random
from datetime import datetime

from msgspec import Struct
from stdnum.cn import ric

from sandan.documents.facts import AppStatus
from sandan.documents.facts import AppType
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Head
from sandan.documents.facts import ListLine
from sandan.documents.facts import Order
from sandan.documents.facts import OrderLine
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.sandbox import world
from sandan.sandbox.world import Goods
from sandan.terms.days import wire_time
from sandan.terms.ids import BookNo
from sandan.terms.ids import CopNo
from sandan.terms.ids import EnterpriseCode
from sandan.terms.ids import Guid
from sandan.terms.ids import InvtNo
from sandan.terms.ids import ItemRecordNo
from sandan.terms.ids import LogisticsNo
from sandan.terms.ids import OrderNo
from sandan.terms.ids import PayTransactionId
from sandan.terms.ids import PersonId
from sandan.terms.ids import PreNo

SURNAMES = "云禾舟川岚溪榆朔黎澄"
GIVEN_NAMES = ("一苇", "望舒", "听澜", "怀瑾", "知秋", "若谷", "长庚", "清和")
BONDED = "1210"
DIRECT = "9610"
BONDED_SHARE = 0.7
CHEAP_FEN = 50_000


class Person(Struct, frozen=True, kw_only=True):
    """An invented consumer."""

    name: str
    id_number: PersonId
    telephone: str
    address: str


class Parcel(Struct, frozen=True, kw_only=True):
    """The four papers of one parcel; a paper that never comes is None."""

    order: Order | None
    payment: Payment | None
    waybill: Waybill | None
    declaration: DeclarationList
    #: Name of the fault put in, empty for a clean parcel
    fault: str = ""

    @property
    def full(self) -> tuple[Order, Payment, Waybill, DeclarationList]:
        """The four papers of a parcel that has them all."""
        if self.order is None or self.payment is None or self.waybill is None:
            raise ValueError("a paper of this parcel never comes")
        return self.order, self.payment, self.waybill, self.declaration


class Maker:
    """Makes parcels of one invented day."""

    def __init__(self, seed: int, now: datetime, run: str = "") -> None:
        """Starts a day.

        Args:
            seed: Same seed, same parcels.
            now: When the papers say they were reported.
            run: Put into every number, so that two runs on one store do not meet.
        """
        self.random = random.Random(seed)  # noqa: S311 - invented data, no secret
        self.time = wire_time(now)
        self.run = run or f"{self.random.randrange(16**6):06X}"
        self.count = 0

    def guid(self) -> Guid:
        """A new 36-character id in upper case."""
        digits = f"{self.random.getrandbits(128):032X}"
        return Guid("-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])))

    def head(self) -> Head:
        """The head of a document that is newly declared."""
        return Head(guid=self.guid(), app_type=AppType.ADD, app_time=self.time, app_status=AppStatus.DECLARE)

    def person(self, number: int) -> Person:
        """The consumer with this number; born so long ago that nobody bears the number."""
        body = (
            f"110101190{number // 336 % 10}{number // 28 % 12 + 1:02d}{number % 28 + 1:02d}{number // 3360 % 1000:03d}"
        )
        return Person(
            name=SURNAMES[number % 10] + GIVEN_NAMES[number // 10 % 8],
            id_number=PersonId(body + ric.calc_check_digit(body + "0")),
            telephone=f"1990000{number % 10000:04d}",
            address=f"云汀市新港区虚构路{number % 900 + 1}号",
        )

    def parcel(self, mode: str, goods: tuple[tuple[Goods, int], ...], buyer: Person, freight_fen: int = 0) -> Parcel:
        """A clean parcel: goods with their counts, bought and paid by one person."""
        self.count += 1
        number = f"{self.run}{self.count:08d}"
        value_e5 = sum(g.price_fen * count for g, count in goods) * 1000
        order = self._order(number, goods, buyer, value_e5=value_e5, freight_e5=freight_fen * 1000)
        return Parcel(
            order=order,
            payment=self._payment(order),
            waybill=self._waybill(number, order, goods),
            declaration=self._declaration(number, order, goods, mode),
        )

    def ordinary(self) -> Parcel:
        """A clean parcel of ordinary goods, seven in ten of them bonded."""
        mode = BONDED if self.random.random() < BONDED_SHARE else DIRECT
        picks = self.random.sample(world.GOODS[:8], k=self.random.choice((1, 1, 2, 3)))
        goods = tuple((g, self.random.choice((1, 1, 1, 2)) if g.price_fen < CHEAP_FEN else 1) for g in picks)
        return self.parcel(
            mode, goods, self.person(self.random.randrange(1_000_000)), self.random.choice((0, 0, 1_200))
        )

    def _order(
        self, number: str, goods: tuple[tuple[Goods, int], ...], buyer: Person, *, value_e5: int, freight_e5: int
    ) -> Order:
        return Order(
            head=self.head(),
            order_type="I",
            order_no=OrderNo(f"YT{number}"),
            ebp_code=world.PLATFORM,
            ebp_name="云汀海淘网络有限公司",
            ebc_code=world.SHOP_JP,
            ebc_name="Asagumo Trading K.K.",
            goods_value_e5=value_e5,
            freight_e5=freight_e5,
            discount_e5=0,
            tax_total_e5=0,
            actual_paid_e5=value_e5 + freight_e5,
            currency="142",
            buyer_reg_no=f"U{buyer.telephone}",
            buyer_name=buyer.name,
            buyer_telephone=buyer.telephone,
            buyer_id_type="1",
            buyer_id_number=buyer.id_number,
            pay_code=world.WALLET,
            pay_name="轻付支付有限公司",
            pay_transaction_id=PayTransactionId(f"QF{number}"),
            consignee=buyer.name,
            consignee_telephone=buyer.telephone,
            consignee_address=buyer.address,
            lines=tuple(_order_line(gnum, g, count) for gnum, (g, count) in enumerate(goods, 1)),
        )

    def _payment(self, order: Order) -> Payment:
        return Payment(
            head=self.head(),
            pay_code=order.pay_code,
            pay_name=order.pay_name,
            pay_transaction_id=order.pay_transaction_id,
            order_no=order.order_no,
            ebp_code=order.ebp_code,
            ebp_name=order.ebp_name,
            payer_id_type="1",
            payer_id_number=order.buyer_id_number,
            payer_name=order.buyer_name,
            telephone=order.buyer_telephone,
            amount_paid_e5=order.actual_paid_e5,
            currency="142",
            pay_time=self.time,
        )

    def _waybill(self, number: str, order: Order, goods: tuple[tuple[Goods, int], ...]) -> Waybill:
        return Waybill(
            head=self.head(),
            logistics_code=world.EXPRESS,
            logistics_name="飞鸢国际速递有限公司",
            logistics_no=LogisticsNo(f"FY{number}"),
            order_no=order.order_no,
            freight_e5=order.freight_e5,
            insured_fee_e5=0,
            currency="142",
            weight_kg_e5=_net_weight_kg_e5(goods) + 20_000,
            pack_no=1,
            consignee=order.consignee,
            consignee_address=order.consignee_address,
            consignee_telephone=order.consignee_telephone,
        )

    def _declaration(
        self, number: str, order: Order, goods: tuple[tuple[Goods, int], ...], mode: str
    ) -> DeclarationList:
        bonded = mode == BONDED
        return DeclarationList(
            head=self.head(),
            order_no=order.order_no,
            ebp_code=order.ebp_code,
            ebp_name=order.ebp_name,
            ebc_code=order.ebc_code,
            ebc_name=order.ebc_name,
            logistics_no=LogisticsNo(f"FY{number}"),
            logistics_code=world.EXPRESS,
            logistics_name="飞鸢国际速递有限公司",
            cop_no=CopNo(f"QD{number}"),
            pre_no=PreNo(""),
            assure_code=world.PLATFORM,
            ems_no=BookNo(world.BOOK if bonded else ""),
            invt_no=InvtNo(""),
            ie_flag="I",
            decl_time=self.time[:8],
            customs_code=world.DISTRICT,
            port_code=world.PORT,
            buyer_id_type="1",
            buyer_id_number=order.buyer_id_number,
            buyer_name=order.buyer_name,
            buyer_telephone=order.buyer_telephone,
            consignee_address=order.consignee_address,
            agent_code=world.AGENT,
            agent_name="云汀跨境供应链有限公司",
            area_code=world.WAREHOUSE if bonded else EnterpriseCode(""),
            area_name="云汀保税仓储有限公司" if bonded else "",
            trade_mode=mode,
            traf_mode=world.EXIT_TRANSPORT if bonded else "5",
            traf_no="" if bonded else "NH8001",
            voyage_no="" if bonded else "8001",
            bill_no="" if bonded else "98100000001",
            country="142" if bonded else "116",
            freight_e5=order.freight_e5,
            insured_fee_e5=0,
            currency="142",
            wrap_type="2",
            pack_no=1,
            gross_weight_kg_e5=_net_weight_kg_e5(goods) + 20_000,
            net_weight_kg_e5=_net_weight_kg_e5(goods),
            lines=tuple(_list_line(gnum, g, count, bonded=bonded) for gnum, (g, count) in enumerate(goods, 1)),
        )


def _net_weight_kg_e5(goods: tuple[tuple[Goods, int], ...]) -> int:
    return sum(g.weight_kg_e5 * count for g, count in goods)


def _order_line(gnum: int, goods: Goods, count: int) -> OrderLine:
    return OrderLine(
        gnum=gnum,
        item_no=goods.item_no,
        item_name=goods.name,
        gmodel=goods.model,
        unit=goods.unit,
        qty_e5=count * 100_000,
        price_e5=goods.price_fen * 1000,
        total_price_e5=goods.price_fen * count * 1000,
        currency="142",
        country=goods.country,
    )


def _list_line(gnum: int, goods: Goods, count: int, *, bonded: bool) -> ListLine:
    return ListLine(
        gnum=gnum,
        item_record_no=ItemRecordNo(goods.item_no if bonded else ""),
        item_no=goods.item_no,
        item_name=goods.name,
        gcode=goods.gcode,
        gname=goods.name,
        gmodel=goods.model,
        bar_code="无",
        country=goods.country,
        currency="142",
        qty_e5=count * 100_000,
        unit=goods.unit,
        qty1_e5=goods.qty1_e5 * count,
        unit1=goods.unit1,
        qty2_e5=None if goods.qty2_e5 is None else goods.qty2_e5 * count,
        unit2=goods.unit2,
        price_e5=goods.price_fen * 1000,
        total_price_e5=goods.price_fen * count * 1000,
    )
