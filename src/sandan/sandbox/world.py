"""The invented world: one zone, its enterprises, their mandates, account book, goods and money.

Every name and number here is made up. The parties are complete in law, so that a parcel built from them clears
unless a fault is put in on purpose.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.parties.facts import AccountBook
from sandan.parties.facts import BookItem
from sandan.parties.facts import Enterprise
from sandan.parties.facts import Licence
from sandan.parties.facts import LicenceKind
from sandan.parties.facts import Mandate
from sandan.parties.facts import MandateKind
from sandan.parties.facts import OperatorKind
from sandan.parties.facts import Registration
from sandan.parties.facts import Registry
from sandan.parties.facts import Role
from sandan.terms.ids import CustomsCode
from sandan.terms.ids import EnterpriseCode
from sandan.terms.ids import HsCode

DISTRICT = CustomsCode("0131")
PORT = CustomsCode("0131")
ZONE = "云汀综合保税区"
CITY = "云汀市"
BOOK = "T0131W000001"
EXIT_TRANSPORT = "S"

SINCE = date(2016, 4, 8)
FOREVER = date(2099, 12, 31)

PLATFORM = EnterpriseCode("0131960101")
SHOP_JP = EnterpriseCode("0131960201")
SHOP_NL = EnterpriseCode("0131960202")
AGENT = EnterpriseCode("0131960301")
BROKER = EnterpriseCode("0131980401")
WALLET = EnterpriseCode("0131960501")
BANK = EnterpriseCode("0131960502")
EXPRESS = EnterpriseCode("0131980601")
WAREHOUSE = EnterpriseCode("0131660701")
SMALL_AGENT = EnterpriseCode("0131960302")
ZONE_SHOP = EnterpriseCode("0131960203")


class Goods(Struct, frozen=True, kw_only=True):
    """Something for sale in the invented world."""

    item_no: str
    gcode: HsCode
    name: str
    model: str
    country: str
    #: Unit it is sold in
    unit: str
    #: First legal unit, and how many of it (10⁻⁵) one sold unit holds
    unit1: str
    qty1_e5: int
    unit2: str = ""
    qty2_e5: int | None = None
    price_fen: int
    weight_kg_e5: int
    #: May be sold by 1210 only
    bonded_only: bool = False


GOODS = (
    Goods(
        item_no="YT-001",
        gcode=HsCode("1901101000"),
        name="婴幼儿配方奶粉",
        model="3段|800克/罐|云牧牌",
        country="309",
        unit="122",
        unit1="035",
        qty1_e5=80_000,
        price_fen=23_800,
        weight_kg_e5=80_000,
    ),
    Goods(
        item_no="YT-002",
        gcode=HsCode("9619001100"),
        name="婴儿纸尿裤",
        model="L码|54片/包|软云牌",
        country="116",
        unit="125",
        unit1="035",
        qty1_e5=180_000,
        price_fen=10_900,
        weight_kg_e5=180_000,
    ),
    Goods(
        item_no="YT-003",
        gcode=HsCode("3304990039"),
        name="保湿面霜",
        model="50毫升/瓶|澄水牌",
        country="116",
        unit="142",
        unit1="035",
        qty1_e5=5_000,
        unit2="011",
        qty2_e5=100_000,
        price_fen=16_000,
        weight_kg_e5=5_000,
    ),
    Goods(
        item_no="YT-004",
        gcode=HsCode("3304990039"),
        name="高端精华液",
        model="30毫升/瓶|极夜牌",
        country="116",
        unit="142",
        unit1="035",
        qty1_e5=3_000,
        unit2="011",
        qty2_e5=100_000,
        price_fen=98_000,
        weight_kg_e5=3_000,
    ),
    Goods(
        item_no="YT-005",
        gcode=HsCode("2204210000"),
        name="干红葡萄酒",
        model="750毫升/瓶|13%vol|老河湾",
        country="309",
        unit="142",
        unit1="095",
        qty1_e5=75_000,
        unit2="035",
        qty2_e5=75_000,
        price_fen=12_800,
        weight_kg_e5=75_000,
    ),
    Goods(
        item_no="YT-006",
        gcode=HsCode("8509809010"),
        name="电动牙刷",
        model="声波式|含2刷头|清泉牌",
        country="309",
        unit="001",
        unit1="001",
        qty1_e5=100_000,
        unit2="035",
        qty2_e5=30_000,
        price_fen=39_900,
        weight_kg_e5=30_000,
    ),
    Goods(
        item_no="YT-007",
        gcode=HsCode("2106909090"),
        name="复合维生素片",
        model="120片/瓶|青禾牌",
        country="309",
        unit="142",
        unit1="035",
        qty1_e5=15_000,
        price_fen=13_500,
        weight_kg_e5=15_000,
    ),
    Goods(
        item_no="YT-008",
        gcode=HsCode("4202220000"),
        name="手提包",
        model="塑料面|中号|弦月牌",
        country="116",
        unit="007",
        unit1="035",
        qty1_e5=60_000,
        unit2="007",
        qty2_e5=100_000,
        price_fen=128_000,
        weight_kg_e5=60_000,
    ),
    Goods(
        item_no="YT-009",
        gcode=HsCode("9102110000"),
        name="石英手表",
        model="电力驱动|机械指示|晨钟牌",
        country="116",
        unit="008",
        unit1="008",
        qty1_e5=100_000,
        price_fen=620_000,
        weight_kg_e5=12_000,
    ),
    Goods(
        item_no="YT-010",
        gcode=HsCode("0306110000"),
        name="冻岩龙虾",
        model="500克/盒|深湾牌",
        country="601",
        unit="140",
        unit1="035",
        qty1_e5=50_000,
        price_fen=32_000,
        weight_kg_e5=50_000,
        bonded_only=True,
    ),
    Goods(
        item_no="YT-011",
        gcode=HsCode("9503006000"),
        name="木制拼图",
        model="100片|木制|小鹿牌",
        country="309",
        unit="006",
        unit1="006",
        qty1_e5=100_000,
        unit2="035",
        qty2_e5=40_000,
        price_fen=15_800,
        weight_kg_e5=40_000,
    ),
)
"""What the invented shops sell; ``YT-009`` alone costs more than the single limit, ``YT-010`` is bonded only,
officers watch ``YT-011``."""


def registry() -> Registry:
    """The invented parties, without certificates (those come with the keys)."""
    enterprises = {enterprise.code: enterprise for enterprise in _enterprises()}
    return Registry(enterprises=enterprises, mandates=_mandates(), books={BOOK: _book()})


def signers() -> tuple[Enterprise, ...]:
    """The enterprises that transmit and sign: all but the overseas shops and the warehouse."""
    return tuple(e for e in _enterprises() if e.code in {PLATFORM, AGENT, SMALL_AGENT, BROKER, WALLET, BANK, EXPRESS})


def openings() -> dict[AccountId, int]:
    """What the accounts hold at the start: guarantees in fen, stock in 10⁻⁵ units."""
    accounts = {
        AccountId(AGENT, AccountKind.GUARANTEE, DISTRICT): 5_000_000_00,
        AccountId(PLATFORM, AccountKind.GUARANTEE, DISTRICT): 5_000_000_00,
        AccountId(EXPRESS, AccountKind.GUARANTEE, DISTRICT): 5_000_000_00,
        AccountId(SMALL_AGENT, AccountKind.GUARANTEE, DISTRICT): 50_00,
    }
    for goods in GOODS:
        accounts[AccountId(BOOK, AccountKind.STOCK, goods.item_no)] = 1_000_000 * 100_000
    return accounts


def _registration(*roles: Role) -> tuple[Registration, ...]:
    return tuple(Registration(role=role, since=SINCE) for role in roles)


def _enterprises() -> tuple[Enterprise, ...]:
    return (*_sellers(), *_declarants(), *_providers())


def _sellers() -> tuple[Enterprise, ...]:
    """Platform and shops."""
    return (
        Enterprise(
            code=PLATFORM,
            name="云汀海淘网络有限公司",
            district=DISTRICT,
            registrations=_registration(Role.PLATFORM),
            dxp_ids=("DXPENT0000900101",),
        ),
        Enterprise(code=SHOP_JP, name="Asagumo Trading K.K.", country="JPN", registrations=_registration(Role.SHOP)),
        Enterprise(code=SHOP_NL, name="Oude Rivier B.V.", country="NLD", registrations=_registration(Role.SHOP)),
        Enterprise(
            code=ZONE_SHOP,
            name="云汀保税区内商贸有限公司",
            district=DISTRICT,
            in_special_zone=True,
            registrations=_registration(Role.SHOP),
        ),
    )


def _declarants() -> tuple[Enterprise, ...]:
    """Domestic agents and the broker."""
    return (
        Enterprise(
            code=AGENT,
            name="云汀跨境供应链有限公司",
            district=DISTRICT,
            registrations=_registration(Role.AGENT),
            dxp_ids=("DXPENT0000900301",),
        ),
        Enterprise(
            code=SMALL_AGENT,
            name="小舟代理有限公司",
            district=DISTRICT,
            registrations=_registration(Role.AGENT),
            dxp_ids=("DXPENT0000900302",),
        ),
        Enterprise(
            code=BROKER,
            name="云汀报关行有限公司",
            district=DISTRICT,
            registrations=_registration(Role.BROKER),
            dxp_ids=("DXPENT0000900401",),
        ),
    )


def _providers() -> tuple[Enterprise, ...]:
    """Payment, logistics and warehouse enterprises."""
    return (
        Enterprise(
            code=WALLET,
            name="轻付支付有限公司",
            district=DISTRICT,
            registrations=_registration(Role.PAYMENT),
            licences=(_licence(LicenceKind.PAYMENT, "Z0000000001", "internet payment"),),
            dxp_ids=("DXPENT0000900501",),
        ),
        Enterprise(
            code=BANK,
            name="云汀商业银行股份有限公司",
            district=DISTRICT,
            is_bank=True,
            registrations=_registration(Role.PAYMENT),
            licences=(_licence(LicenceKind.FINANCIAL, "B0000H000000001"),),
            dxp_ids=("DXPENT0000900502",),
        ),
        Enterprise(
            code=EXPRESS,
            name="飞鸢国际速递有限公司",
            district=DISTRICT,
            operator_kind=OperatorKind.EXPRESS,
            registrations=_registration(Role.LOGISTICS),
            licences=(_licence(LicenceKind.EXPRESS, "国邮00000001"),),
            dxp_ids=("DXPLGS0000900601",),
        ),
        Enterprise(
            code=WAREHOUSE,
            name="云汀保税仓储有限公司",
            district=DISTRICT,
            in_special_zone=True,
            registrations=_registration(Role.WAREHOUSE),
        ),
    )


def _licence(kind: LicenceKind, number: str, *scopes: str) -> Licence:
    return Licence(kind=kind, number=number, since=SINCE, until=FOREVER, scopes=scopes)


def _mandates() -> tuple[Mandate, ...]:
    def mandate(kind: MandateKind, principal: EnterpriseCode, agent: EnterpriseCode) -> Mandate:
        return Mandate(kind=kind, principal=principal, agent=agent, since=SINCE)

    shops = (SHOP_JP, SHOP_NL)
    agents = (AGENT, SMALL_AGENT)
    return (
        *(mandate(MandateKind.DOMESTIC_AGENT, shop, agent) for shop in shops for agent in agents),
        mandate(MandateKind.DECLARE, AGENT, BROKER),
        *(mandate(MandateKind.PAY, PLATFORM, payer) for payer in (WALLET, BANK)),
        *(mandate(MandateKind.PAY, agent, payer) for agent in agents for payer in (WALLET, BANK)),
        mandate(MandateKind.CARRY, PLATFORM, EXPRESS),
        *(mandate(MandateKind.CARRY, agent, EXPRESS) for agent in agents),
    )


def _book() -> AccountBook:
    items = {g.item_no: BookItem(item_no=g.item_no, gcode=g.gcode, unit=g.unit, name=g.name) for g in GOODS}
    return AccountBook(
        book_no=BOOK, owner=WAREHOUSE, district=DISTRICT, trade_mode="1210", zone=ZONE, city=CITY, items=items
    )
