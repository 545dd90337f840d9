"""The door's own classes of fault: one sentence, one remedy and one retry class each, in both languages.

Faults of bytes come from `wire`, faults of signatures from `signing`; here stands what only the door can see, and the
one shape all of them are turned into. Status numbers are those of the specification's tables 7-1 and 7-2; the
exchange's positive numbers are negated, because a CEB900 answers with less than zero (section 3.19).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from sandan.intake.facts import Fault
from sandan.intake.facts import Words
from sandan.law.facts import Retry

SPECIFICATION = "海关跨境电商统一版系统企业对接报文规范（202205版）"


class Kind(Struct, frozen=True, kw_only=True):
    """One class of fault."""

    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    retry: Retry = Retry.FIX
    rule: str = ""
    source: str = ""
    status: int = -1


KINDS: Mapping[str, Kind] = {
    "empty-body": Kind(
        zh="收到的内容为空。",
        en="Nothing was sent.",
        remedy_zh="把完整的报文放在请求体中。",
        remedy_en="Put the whole message into the body.",
        status=-1,
    ),
    "too-large": Kind(
        zh="报文超过大小上限。",
        en="The message is larger than the limit.",
        remedy_zh="把单证拆成几份报文，每份不超过 100 个单证。",
        remedy_en="Split it into messages of at most 100 documents each.",
        status=-1,
    ),
    "form-without-data": Kind(
        zh="表单里没有 data 字段。",
        en="The form has no field named data.",
        remedy_zh="把报文做 base64 编码，放入 data 字段。",
        remedy_en="Put the message, base64-encoded, into the field data.",
    ),
    "not-base64": Kind(
        zh="数据不是有效的 base64。",
        en="The data is not valid base64.",
        remedy_zh="对报文字节原样做 base64 编码；表单提交时加号须转义为 %2B。",
        remedy_en="Encode the message bytes as they are in base64; in a form, escape the plus sign as %2B.",
    ),
    "not-json": Kind(
        zh="内容不是有效的 JSON。",
        en="The body is not valid JSON.",
        remedy_zh="按 {message:{messageHead:{…},messageBody:{data:…}}} 的结构发送 UTF-8 JSON。",
        remedy_en="Send UTF-8 JSON of the shape {message:{messageHead:{…},messageBody:{data:…}}}.",
    ),
    "poll-unreadable": Kind(
        zh="查询回执的参数读不出来。",
        en="The parameters of the poll cannot be read.",
        remedy_zh="dxpid 填本企业的 DXP 编号，qryid 填起始时间（北京时间，14 位数字）。",
        remedy_en="Give your DXP id as dxpid and the moment to begin at as qryid: fourteen digits, Beijing time.",
    ),
    "gzeport-unreadable": Kind(
        zh="messageText 不是可读的 GzeportTransfer，或其中没有 Data。",
        en="messageText is no readable GzeportTransfer, or has no Data.",
        remedy_zh="messageText 放 GzeportTransfer 的 XML，其 Data 是报文的 base64。",
        remedy_en="Put the XML of a GzeportTransfer into messageText, with the message in base64 in its Data.",
    ),
    "soap-unreadable": Kind(
        zh="SOAP 调用里没有 receive/content，或它不是文本。",
        en="The SOAP call has no receive/content, or that is no text.",
        remedy_zh="把报文作为文本（转义或 CDATA）放入 content 参数。",
        remedy_en="Put the message into the parameter content as text, escaped or in CDATA.",
    ),
    "dxp-unreadable": Kind(
        zh="DXP 终端节点报文不完整。",
        en="The DXP envelope is not complete.",
        remedy_zh="补齐 CopMsgId、SenderId、ReceiverIds、CreatTime、MsgType 和 base64 的 Data。",
        remedy_en="Give CopMsgId, SenderId, ReceiverIds, CreatTime, MsgType and Data in base64.",
        rule="CEB-DXP",
        source=f"{SPECIFICATION} §4",
        status=-2,
    ),
    "dxp-id-reused": Kind(
        zh="同一发送方用同一个 CopMsgId 发送过内容不同的报文。",
        en="This sender used the same CopMsgId before, for other content.",
        remedy_zh="新的内容使用新的 CopMsgId；重发须与首次逐字节相同。",
        remedy_en="Use a new CopMsgId for new content; a repeat has to be the same bytes.",
        rule="CEB-DXP",
        source=f"{SPECIFICATION} §4",
        retry=Retry.QUERY,
        status=-999,
    ),
    "dxp-type-differs": Kind(
        zh="DXP 的 MsgType 与其中的报文不一致。",
        en="MsgType of the DXP envelope is not the message inside.",
        remedy_zh="把 MsgType 改为业务报文的根元素名。",
        remedy_en="Set MsgType to the name of the root element of the message inside.",
        rule="CEB-DXP",
        source=f"{SPECIFICATION} §4",
        status=-999,
    ),
    "dxp-sender-unregistered": Kind(
        zh="SenderId 不是签名企业登记的 DXP 编号。",
        en="SenderId is not a DXP id registered for the enterprise that signed.",
        remedy_zh="使用本企业登记的 DXP 编号，或请平台运营补登记。",
        remedy_en="Send with the DXP id registered for you, or have the operator register it.",
        rule="CEB-DXP",
        source=f"{SPECIFICATION} §4",
        status=-2002,
    ),
    "subscribe-status": Kind(
        zh="订阅（BaseSubscribe）的 status 不是 ALL、DATA、RET 之一，没有转发。",
        en="The status of a BaseSubscribe is none of ALL, DATA and RET; nothing is forwarded for it.",
        remedy_zh="数据和回执都要填 ALL，只要数据填 DATA，只要回执填 RET。",
        remedy_en="Give ALL for data and receipts, DATA for data only, RET for receipts only.",
        rule="CEB-SUBSCRIBE",
        source=f"{SPECIFICATION} §2.2 BaseSubscribe",
    ),
    "subscribe-mode": Kind(
        zh="订阅（BaseSubscribe）的 dxpMode 不是 DXP，没有转发。",
        en="The dxpMode of a BaseSubscribe is not DXP; nothing is forwarded for it.",
        remedy_zh="dxpMode 填 DXP，dxpAddress 填订阅方的 DXP 编号。",
        remedy_en="Give DXP as dxpMode and the subscriber's DXP id as dxpAddress.",
        rule="CEB-SUBSCRIBE",
        source=f"{SPECIFICATION} §2.2 BaseSubscribe",
    ),
    "subscriber-unregistered": Kind(
        zh="订阅方的 DXP 编号（dxpAddress）没有在本平台登记，或登记已经失效，没有转发。",
        en="No enterprise with a registration in force holds this dxpAddress; nothing is forwarded to it.",
        remedy_zh="核对编号，或请订阅方先办理登记；报文本身照常受理。",
        remedy_en="Check the id, or have the subscriber register first; the message itself goes its way.",
        rule="CEB-SUBSCRIBE",
        source=f"{SPECIFICATION} §2.2 BaseSubscribe",
    ),
    "subscribe-unsigned": Kind(
        zh="没有签名的报文不转发给第三方：其中有消费者的身份信息，只凭签名证明的意愿转发。",
        en="An unsigned message is forwarded to nobody: it holds personal data, which go only where a signature sends them.",
        remedy_zh="签名后再发，订阅即生效。",
        remedy_en="Sign the message, and its subscriptions take effect.",
        rule="CEB-SUBSCRIBE",
        source=f"{SPECIFICATION} §2.2 BaseSubscribe",
    ),
    "not-a-request": Kind(
        zh="这不是企业发往海关的报文，或本平台尚未受理这种报文。",
        en="This is no message an enterprise sends to customs, or this platform does not take it yet.",
        remedy_zh="本平台现受理 CEB311、CEB411、CEB511、CEB621。",
        remedy_en="This platform takes CEB311, CEB411, CEB511 and CEB621 at present.",
        retry=Retry.NEVER,
        status=-1,
    ),
    "unsigned": Kind(
        zh="申报的报文没有签名。",
        en="The message declares, but carries no signature.",
        remedy_zh="用本企业的证书签名后再发；appStatus=2（申报）时必须签名。",
        remedy_en="Sign it with your enterprise's certificate; whatever declares (appStatus 2) has to be signed.",
        rule="R194-8.5",
        source=f"海关总署公告2018年第194号第八条；{SPECIFICATION} §6",
        status=-621026,
    ),
    "draft-unproven": Kind(
        zh="未签名的草稿来自没有登录的发送方。",
        en="An unsigned draft came from a sender who has not logged in.",
        remedy_zh="带上本企业的访问令牌，或对草稿签名。",
        remedy_en="Send your enterprise's access token with it, or sign the draft.",
        rule="CEB-6.2.9",
        source=f"{SPECIFICATION} §2.1 BaseTransfer",
        status=-621026,
    ),
    "sender-not-signer": Kind(
        zh="传输企业（copCode）不是签名证书的企业。",
        en="The transmitting enterprise (copCode) is not the one the certificate was issued to.",
        remedy_zh="copCode 填写证书所属企业的编码，或换用该企业的证书签名。",
        remedy_en="Give copCode the code of the certificate's enterprise, or sign with that enterprise's certificate.",
        rule="CEB-6.2.9",
        source=f"{SPECIFICATION} §2.1 BaseTransfer",
        status=-621015,
    ),
    "agent-not-signer": Kind(
        zh="申报企业（agentCode）不是签名证书的企业。",
        en="The declaring enterprise (agentCode) is not the one the certificate was issued to.",
        remedy_zh="由申报企业自己签名，或改正 agentCode。",
        remedy_en="Let the declaring enterprise sign, or correct agentCode.",
        rule="CEB-6.2.8",
        source=f"{SPECIFICATION} 表7-2 -621015",
        status=-621015,
    ),
    "sender-not-logged-in": Kind(
        zh="传输企业（copCode）不是登录的企业。",
        en="The transmitting enterprise (copCode) is not the one whose token came with the request.",
        remedy_zh="使用该企业自己的访问令牌。",
        remedy_en="Use the access token of that enterprise.",
        rule="CEB-6.2.9",
        source=f"{SPECIFICATION} §2.1 BaseTransfer",
        status=-621015,
    ),
    "sender-unregistered": Kind(
        zh="传输企业（copCode）没有在本平台登记。",
        en="The transmitting enterprise (copCode) is not registered here.",
        remedy_zh="先办理登记，再申报。",
        remedy_en="Register first, then declare.",
        rule="R194-2.1",
        source="海关总署公告2018年第194号第二条",
        status=-10102,
    ),
    "act-unreadable": Kind(
        zh="关员处置的内容读不出来。",
        en="The officer's act cannot be read.",
        remedy_zh="给出清单、处置、理由和所见案件版本。",
        remedy_en="Give the list, the verdict, the reason and the version of the case you saw.",
    ),
    "act-not-own": Kind(
        zh="处置上的关员不是登录的账号。",
        en="The officer named in the act is not the account logged in.",
        remedy_zh="以本人账号处置。",
        remedy_en="Act under your own account.",
        retry=Retry.NEVER,
    ),
    "unexpected": Kind(
        zh="平台没能读完这份报文，字节已保存，运营人员会查看。",
        en="The platform could not finish reading this message; its bytes are kept and the operator will look.",
        remedy_zh="请带上受理编号联系运营；不必重发。",
        remedy_en="Ask the operator, quoting the receipt id; do not send it again.",
        retry=Retry.QUERY,
        status=-999,
    ),
}


def fault(code: str, *, where: str = "", found: str = "", expected: str = "") -> Fault:
    """A fault of one of the door's classes.

    Args:
        code: A key of `KINDS`.
        where: Path and line, or the field of the request.
        found: The value found, already masked where personal.
        expected: What it was held against.
    """
    return make(KINDS, code, where=where, found=found, expected=expected)


def make(kinds: Mapping[str, Kind], code: str, *, where: str = "", found: str = "", expected: str = "") -> Fault:
    """A fault of a class in any table of kinds, with its values."""
    kind = kinds[code]
    return Fault(
        code=code,
        what=Words(zh=kind.zh, en=kind.en),
        where=where,
        found=found,
        expected=expected,
        rule=kind.rule,
        source=kind.source,
        remedy=Words(zh=kind.remedy_zh, en=kind.remedy_en),
        retry=kind.retry,
        status=kind.status,
    )


def told(faults: tuple[Fault, ...], limit: int = 5_000) -> str:
    """The text of a CEB900 (returnInfo, at most 5,000 characters): every fault with place, values and remedy."""
    sentences = [_sentence(number, fault) for number, fault in enumerate(faults, 1)]
    text = "".join(sentences)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _sentence(number: int, fault: Fault) -> str:
    parts = [fault.what.zh]
    if fault.where:
        parts.append(f"位置：{fault.where}。")
    if fault.found:
        parts.append(f"收到：{fault.found}。")
    if fault.expected:
        parts.append(f"应为：{fault.expected}。")
    parts.append(f"处理：{fault.remedy.zh}")
    return f"[Code:{abs(fault.status):04d};Desc:{number}.{''.join(parts)}]"
