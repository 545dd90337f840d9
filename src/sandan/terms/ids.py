"""Typed identifiers that cannot be confused with each other.

All are the strings of the wire, unchanged; ``NewType`` keeps mypy from accepting one for another.
"""

from __future__ import annotations

from typing import NewType

EnterpriseCode = NewType("EnterpriseCode", str)
"""Customs registration number of an enterprise (海关注册登记编号): 10 characters, or its 18-character 统一社会信用代码."""

PersonId = NewType("PersonId", str)
"""Resident identity number (居民身份证号码) of a consumer; personal data, never logged, masked by role."""

OrderNo = NewType("OrderNo", str)
"""Order number (订单编号), unique within one platform."""

PayTransactionId = NewType("PayTransactionId", str)
"""Payment transaction number (支付交易编号), unique within one payment enterprise."""

LogisticsNo = NewType("LogisticsNo", str)
"""Waybill number (物流运单编号), unique within one logistics enterprise for six months."""

CopNo = NewType("CopNo", str)
"""The declaring enterprise's own number of a list (企业内部编号)."""

PreNo = NewType("PreNo", str)
"""Pre-entry number (预录入编号), assigned by the platform: letter, day, nine digits."""

InvtNo = NewType("InvtNo", str)
"""Declaration list number (清单编号), assigned at acceptance: district, year, ``I``, nine digits."""

BookNo = NewType("BookNo", str)
"""Bonded account book (账册编号)."""

ItemRecordNo = NewType("ItemRecordNo", str)
"""Item number in a bonded account book (账册备案料号)."""

HsCode = NewType("HsCode", str)
"""Commodity code (商品编码) of ten digits; its first eight name the tariff line."""

CustomsCode = NewType("CustomsCode", str)
"""Customs district (关区代码) of four digits."""

Guid = NewType("Guid", str)
"""36 characters naming one record of one message (系统唯一序号)."""

RuleId = NewType("RuleId", str)
"""Id of one atomic rule of the law, such as ``R194-9.1`` or ``RTAX-2``."""
