"""Invented papers, and the published schemas where the reference folder is at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from sandan.documents.facts import DeclarationList
from sandan.documents.facts import Head
from sandan.documents.facts import ListLine
from sandan.documents.facts import Order
from sandan.documents.facts import OrderLine
from sandan.documents.facts import Payment
from sandan.documents.facts import Waybill
from sandan.wire.definitions import definitions
from sandan.wire.facts import Transfer

_SHARED = Path(__file__).parents[3] / "shared" / "wire"
_SCHEMAS = {"import": "海关跨境进口业务节点报文定义202205.xsd", "export": "海关跨境出口业务节点报文定义202205.xsd"}
_SCHEMAS_2018 = {"import": "进口业务节点报文.xsd", "export": "出口业务节点报文.xsd"}


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference folder of the wire; the test is skipped where it is absent."""
    if not _SHARED.exists():
        pytest.skip("the reference folder is absent")
    return _SHARED


@pytest.fixture(scope="session")
def schema_accepts(shared: Path) -> Callable[[bytes], bool]:
    """What the published schema of the message's family says of bytes."""
    return _verdict_of({name: shared / "xsd/gac-202205" / file for name, file in _SCHEMAS.items()})


@pytest.fixture(scope="session")
def schema_of_2018_accepts(shared: Path) -> Callable[[bytes], bool]:
    """What the schema of announcement 2018 No. 113 says of bytes."""
    return _verdict_of({name: shared / "xsd/gac-2018-113" / file for name, file in _SCHEMAS_2018.items()})


def _verdict_of(files: dict[str, Path]) -> Callable[[bytes], bool]:
    loaded = {name: etree.XMLSchema(etree.parse(file)) for name, file in files.items()}

    def verdict(data: bytes) -> bool:
        root = etree.fromstring(data)
        message = definitions().messages.get(etree.QName(root).localname)
        return message is not None and bool(loaded[message.schema].validate(root))

    return verdict


@pytest.fixture
def transfer() -> Transfer:
    return Transfer(cop_code="3301960001", cop_name="传输样本有限公司", dxp_id="DXPENT0000000001")


@pytest.fixture
def head() -> Head:
    return Head(guid="A0000000-0000-4000-8000-000000000001", app_type="1", app_time="20250611101500", app_status="2")


@pytest.fixture
def order(head: Head) -> Order:
    line = OrderLine(
        gnum=1,
        item_name="婴儿奶粉",
        gmodel="900克/罐",
        unit="122",
        qty_e5=200000,
        price_e5=12_850_000,
        total_price_e5=25_700_000,
        currency="142",
        country="304",
    )
    return Order(
        head=head,
        order_type="I",
        order_no="D20250611000001",
        ebp_code="3301960001",
        ebp_name="样本平台有限公司",
        ebc_code="3301960002",
        ebc_name="样本电商 & 儿子有限公司",
        goods_value_e5=25_700_000,
        freight_e5=0,
        discount_e5=1_000_050,
        tax_total_e5=2_338_700,
        actual_paid_e5=27_038_650,
        currency="142",
        buyer_reg_no="u1",
        buyer_name="张样本",
        buyer_telephone="13900000000",
        buyer_id_type="1",
        buyer_id_number="110101199003070038",
        pay_code="3301960003",
        pay_transaction_id="P20250611000001",
        consignee="李样本",
        consignee_telephone="13900000001",
        consignee_address="浙江省杭州市样本路1号",
        lines=(line,),
    )


@pytest.fixture
def payment(head: Head) -> Payment:
    return Payment(
        head=head,
        pay_code="3301960003",
        pay_name="样本支付有限公司",
        pay_transaction_id="P20250611000001",
        order_no="D20250611000001",
        ebp_code="3301960001",
        ebp_name="样本平台有限公司",
        payer_id_type="1",
        payer_id_number="110101199003070038",
        payer_name="张样本",
        amount_paid_e5=27_038_650,
        currency="142",
        pay_time="20250611100900",
    )


@pytest.fixture
def waybill(head: Head) -> Waybill:
    return Waybill(
        head=head,
        logistics_code="3301960004",
        logistics_name="样本速递有限公司",
        logistics_no="L20250611000001",
        order_no="D20250611000001",
        freight_e5=None,
        insured_fee_e5=0,
        currency="142",
        weight_kg_e5=210_000,
        pack_no=1,
        consignee="李样本",
        consignee_address="浙江省杭州市样本路1号",
        consignee_telephone="13900000001",
    )


@pytest.fixture
def declaration(head: Head) -> DeclarationList:
    line = ListLine(
        gnum=1,
        item_record_no="000001",
        gcode="1901101000",
        gname="婴儿奶粉",
        gmodel="900克/罐",
        bar_code="无",
        country="304",
        currency="142",
        qty_e5=200_000,
        unit="122",
        qty1_e5=180_000,
        unit1="035",
        qty2_e5=None,
        price_e5=12_850_000,
        total_price_e5=25_700_000,
    )
    return DeclarationList(
        head=head,
        order_no="D20250611000001",
        ebp_code="3301960001",
        ebp_name="样本平台有限公司",
        ebc_code="3301960002",
        ebc_name="样本电商有限公司",
        logistics_no="L20250611000001",
        logistics_code="3301960004",
        logistics_name="样本速递有限公司",
        cop_no="C20250611000001",
        pre_no="",
        assure_code="3301960001",
        ems_no="T3301W000001",
        invt_no="",
        ie_flag="I",
        decl_time="20250611",
        customs_code="2991",
        port_code="2991",
        buyer_id_type="1",
        buyer_id_number="110101199003070038",
        buyer_name="张样本",
        buyer_telephone="13900000000",
        consignee_address="浙江省杭州市样本路1号",
        agent_code="3301960005",
        agent_name="样本报关有限公司",
        area_code="3301960006",
        trade_mode="1210",
        traf_mode="4",
        country="142",
        freight_e5=0,
        insured_fee_e5=0,
        currency="142",
        pack_no=1,
        gross_weight_kg_e5=210_000,
        net_weight_kg_e5=180_000,
        lines=(line,),
    )
