"""Receipts (回执) with the texts clients know: status 2, then 120 and 800, or 100 with code and reason.

Texts and codes are those of the published specification, section 3 and tables 7-1 and 7-2, and those seen in traffic;
the rules of the catalogue ride beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from sandan.clearance.facts import Case
from sandan.documents.facts import AppType
from sandan.documents.facts import Kind
from sandan.documents.facts import Receipt
from sandan.documents.facts import Received
from sandan.documents.facts import ReturnStatus
from sandan.law import Law
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.terms.days import SHANGHAI
from sandan.terms.ids import Guid

TEXT_LIMIT = 1000
"""Characters the wire allows in ``returnInfo`` (specification, tables of the receipts)."""

PASSED = "[Code:1800;Desc:逻辑校验通过]"
RELEASED = "[Code:2600;Desc:放行]"
REVIEW = "[Code:1200;Desc:待人工审核]"
INSPECTION = "[Code:2400;Desc:查验]"
HELD = "[Code:2500;Desc:挂起]"
BY_HAND = "1300"
"""Refusal by hand (人工退单), the code for a breach that has none of its own."""

NAMES = {Kind.ORDER: "订单", Kind.PAYMENT: "支付单", Kind.WAYBILL: "运单", Kind.LIST: "清单"}
"""What receipts call each document."""

ACTIONS = {AppType.ADD: "新增", AppType.CHANGE: "变更", AppType.DELETE: "删除"}
"""What receipts call what the sender asked for (报送类型)."""

PORT_CODES = {Kind.ORDER: "-301008", Kind.PAYMENT: "-401009", Kind.WAYBILL: "-504011", Kind.LIST: "-621001"}
"""Table 7-2: parameter check failed, the code of each document for a breach that has none of that document."""

FAMILIES = {Kind.ORDER: ("-301",), Kind.PAYMENT: ("-401",), Kind.WAYBILL: ("-504", "-505"), Kind.LIST: ("-621",)}
"""How the codes of table 7-2 begin for each document; -505015 to -505017 speak of waybills and their states alike."""

TEXTS = {
    "-301002": "订单商品信息内有重复商品序号",
    "-301008": "参数校验不通过，{sentence}",
    "-401009": "参数校验不通过，[paymentHead,payment]，{sentence}",
    "-504011": "参数校验不通过，{sentence}",
    "-621001": "清单报文校验失败，[{sentence}]",
    "-621003": "清单申报失败，[{sentence}]",
    "-621004": "清单[{against}]已经申报过，请勿重复申报",
    "-621005": "清单[{key}]的购买金额超过单笔限额[[{against}]]",
    "-621011": "不存在已申报的清单[{key}]，无法进行改单操作",
    "-621012": "清单[{key}]的申报状态不符合改单申报的条件",
    "-621015": "[{found}]与卡信息[{against}]不匹配，没有权限进行操作",
    "-621016": "[{found}]没有权限进行操作",
    "-621027": "请确认表体gnum无重复！",
    "130126": "清单上的订购人电话号码与订单上的订购人电话号码不一致",
    "1313": "订购人购买超过年度限额,超过个人年度购买额度;totalPrice：{found} > limitPrice: {against};",
    "1320": "清单表体商品项与订单表体商品项的项数不一致",
}
"""Texts that go with a code, with the blanks the specification writes as ``[*]``; other codes take the rule's text."""

PERSONAL = frozenset(
    {
        "buyer_id_number",
        "payer_id_number",
        "buyer_name",
        "payer_name",
        "buyer_telephone",
        "consignee",
        "consignee_telephone",
        "consignee_address",
        "telephone",
    }
)
"""Fields that name a person; a receipt shows them masked, because the other side's value was another party's to know."""

_FORMAL = ("CEB-", "PAPER-")
"""Rules about the form of a message; a breach of another rule without code is refused by hand."""

_GRAVITY = {Severity.REFUSE: 0, Severity.WAIT: 1, Severity.REVIEW: 2, Severity.NOTE: 3}
_MILLISECOND = timedelta(milliseconds=1)


class Line(Struct, frozen=True):
    """Status and text of one receipt still to be written."""

    status: int
    info: str
    findings: Sequence[Finding] = ()


def write(received: Received, lines: Sequence[Line], now: datetime, case: Case | None = None) -> tuple[Receipt, ...]:
    """Receipts for one document, in order, each a millisecond after the one before.

    Args:
        received: The document answered; its transmitter gets the receipts.
        lines: Status and text of each.
        now: Moment of the first.
        case: The case of a list, whose numbers the receipts bear.
    """
    subject = received.ref
    keys = _KEYS[subject.kind](received.document, case)
    start = now.replace(microsecond=now.microsecond // 1000 * 1000)
    salt = f"{subject.kind.value}\0{subject.owner}\0{subject.key}\0{received.version}\0{case.version if case else 0}\0"
    return tuple(
        Receipt(
            guid=_guid(f"{salt}{start.timestamp()}\0{place}"),
            subject=subject,
            recipient=received.sender,
            status=line.status,
            info=line.info,
            at=start + place * _MILLISECOND,
            rules=tuple(dict.fromkeys(finding.rule for finding in line.findings)),
            letter=None,
            **keys,
        )
        for place, line in enumerate(lines)
    )


def saved(received: Received) -> Line:
    """A draft was saved, or a saved one deleted (暂存), 1."""
    head = _head(received)
    done = "删除" if head.app_type == AppType.DELETE else "暂存"
    return Line(ReturnStatus.SAVED, f"{NAMES[received.ref.kind]}{done}成功[{head.guid}]")


def declaring(received: Received, awaited: str = "") -> Line:
    """The document has arrived and is being declared, 2.

    Args:
        received: The document.
        awaited: What a list waits for, in words; empty where it waits for nothing.
    """
    head = _head(received)
    text = f"{NAMES[received.ref.kind]}{ACTIONS.get(head.app_type, '')}申报成功[{head.guid}]"
    if received.ref.kind is Kind.LIST:
        paper: Any = received.document
        text += f"[电商企业编码：{paper.ebc_code}订单编号：{paper.order_no}]"
    return Line(ReturnStatus.DECLARING, f"{text},{awaited}"[:TEXT_LIMIT] if awaited else text)


def awaited(findings: Sequence[Finding], until: datetime, law: Law) -> str:
    """What a list waits for and until when, in words for its receipt.

    Args:
        findings: Findings that make it wait.
        until: End of the wait.
        law: The law whose catalogue gives the sentences.
    """
    reasons = [finding.detail or law.rule(finding.rule).zh.rstrip("。") for finding in findings]
    end = until.astimezone(SHANGHAI)
    return f"等待：{'、'.join(dict.fromkeys(reasons))}；至{end:%Y-%m-%d %H:%M:%S}"


def refusals(received: Received, findings: Sequence[Finding], law: Law) -> tuple[Line, ...]:
    """How a document is refused: a negative code at once, or status 2 and then 100.

    Args:
        received: The document.
        findings: All findings; the gravest of them is named first.
        law: The law whose catalogue gives codes and texts.
    """
    ranked = rank(findings)
    code = code_of(ranked[0], received.ref.kind, law)
    line = Line(
        int(code) if code.startswith("-") else ReturnStatus.REFUSED, refusal_text(received, ranked, law), ranked
    )
    return (line,) if line.status < 0 else (declaring(received), line)


def rank(findings: Sequence[Finding]) -> list[Finding]:
    """Findings with the gravest first, otherwise in the order of the checks."""
    return sorted(findings, key=lambda finding: _GRAVITY[finding.severity])


def refusal_text(received: Received, ranked: Sequence[Finding], law: Law) -> str:
    """Code and text of the gravest finding, then the others, as far as the wire has room.

    Notes are left out: they are no reason.
    """
    reasons = [finding for finding in ranked if finding.severity is not Severity.NOTE] or list(ranked)
    parts = [_full(reasons[0], received, law)]
    for count, finding in enumerate(reasons[1:], 1):
        more = _brief(finding, received, law)
        if len(";".join([*parts, more])) > TEXT_LIMIT - len("…等99项"):
            parts[-1] += f"…等{len(reasons) - count}项"
            break
        parts.append(more)
    return ";".join(parts)[:TEXT_LIMIT]


def code_of(finding: Finding, kind: Kind, law: Law) -> str:
    """Receipt code of a finding: its own or its rule's where that belongs to this document, else the general one.

    Args:
        finding: What was found.
        kind: The document answered.
        law: The law whose catalogue gives the codes.
    """
    code = finding.code or law.rule(finding.rule).receipt_code
    if not code:
        return PORT_CODES[kind] if finding.rule.startswith(_FORMAL) else BY_HAND
    return code if not code.startswith("-") or code.startswith(FAMILIES[kind]) else PORT_CODES[kind]


def words(finding: Finding, received: Received, law: Law) -> str:
    """Text of a finding on the wire: the one that goes with its code, its blanks filled."""
    kind = received.ref.kind
    rule, code = law.rule(finding.rule), code_of(finding, kind, law)
    sentence = rule.zh.rstrip("。")
    if code in TEXTS:
        against = _shown(finding.against) if finding.against else ""
        return TEXTS[code].format(sentence=sentence, key=received.ref.key, found=_shown(finding.found), against=against)
    return rule.receipt_text if code == rule.receipt_code and rule.receipt_text else sentence


def sides(finding: Finding) -> str:
    """Both values and where they stand, as ``[list.buyer_name:…,order.buyer_name:…]``."""
    said = [finding.found] if finding.against is None else [finding.found, finding.against]
    return "[" + ",".join(f"{one.document}.{one.field}:{_shown(one)}" for one in said) + "]"


def mask(field: str, value: str) -> str:
    """A value as others may see it: what names a person keeps its ends only."""
    if field.rsplit(".", 1)[-1] not in PERSONAL or not value:
        return value
    keep = 4 if len(value) > 10 else 1  # noqa: PLR2004 - short names keep one character, long numbers four
    return f"{value[:keep]}{'*' * max(len(value) - 2 * keep, 1)}{value[-keep:] if len(value) > 2 * keep else ''}"


def _shown(said: Said) -> str:
    return mask(said.field, said.value)


def _full(finding: Finding, received: Received, law: Law) -> str:
    code = code_of(finding, received.ref.kind, law)
    text = words(finding, received, law)
    detail = f",{finding.detail}" if finding.detail and code not in TEXTS else ""
    if code.startswith("-"):
        differing = f",{finding.detail}" if finding.detail and finding.detail not in f"{text}{detail}" else ""
        return f"{text}{detail}{differing},{sides(finding)}"
    prefix = "人工退单，" if code == BY_HAND and not text.startswith("人工退单") else ""
    return f"[Code:{code};Desc:{prefix}{text}{detail}],{sides(finding)}"


def _brief(finding: Finding, received: Received, law: Law) -> str:
    return f"[{code_of(finding, received.ref.kind, law)}]{words(finding, received, law)}{sides(finding)}"


def _head(received: Received) -> Any:  # noqa: ANN401 - every paper has one
    paper: Any = received.document
    return paper.head


def _guid(text: str) -> Guid:
    digits = blake2b(text.encode(), digest_size=16).hexdigest().upper()
    return Guid(f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}")


def _order_keys(paper: Any, _case: Case | None) -> dict[str, str]:  # noqa: ANN401 - chosen by kind
    return {"ebp_code": paper.ebp_code, "ebc_code": paper.ebc_code, "order_no": paper.order_no}


def _payment_keys(paper: Any, _case: Case | None) -> dict[str, str]:  # noqa: ANN401 - chosen by kind
    return {
        "pay_code": paper.pay_code,
        "pay_transaction_id": paper.pay_transaction_id,
        "ebp_code": paper.ebp_code,
        "order_no": paper.order_no,
    }


def _waybill_keys(paper: Any, _case: Case | None) -> dict[str, str]:  # noqa: ANN401 - chosen by kind
    return {"logistics_code": paper.logistics_code, "logistics_no": paper.logistics_no, "order_no": paper.order_no}


def _list_keys(paper: Any, case: Case | None) -> dict[str, str]:  # noqa: ANN401 - chosen by kind
    return {
        "customs_code": paper.customs_code,
        "ebp_code": paper.ebp_code,
        "ebc_code": paper.ebc_code,
        "agent_code": paper.agent_code,
        "order_no": paper.order_no,
        "cop_no": paper.cop_no,
        "pre_no": case.pre_no if case else paper.pre_no,
        "invt_no": case.invt_no if case else "",
    }


_KEYS: dict[Kind, Callable[[Any, Case | None], dict[str, str]]] = {
    Kind.ORDER: _order_keys,
    Kind.PAYMENT: _payment_keys,
    Kind.WAYBILL: _waybill_keys,
    Kind.LIST: _list_keys,
}
"""Business keys each kind of receipt bears (specification section 3)."""
