"""What each fault of a signature means, how to mend it, and which code other systems know it by.

Codes and texts are those of the specification for enterprises (规范 202205, tables 7-1 and 7-2). The law behind all of
them: who transmits or declares signs, and answers for what is signed (公告2018年第194号, art. 6 and 8).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from sandan.law.facts import Retry
from sandan.signing.facts import FaultClass


class Family(StrEnum):
    """The four answers the tables know for signatures."""

    DATA = "1004"
    """What was signed is not what arrived."""
    VALUE = "1001"
    """The signature itself is not valid."""
    TIME = "1002"
    """The certificate is outside its days."""
    CARD = "card"
    """The certificate is not the sender's."""


class Entry(Struct, frozen=True, kw_only=True):
    """One fault in words."""

    family: Family
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    retry: Retry = Retry.FIX

    @property
    def status(self) -> int:
        """Receipt code where the message is a declaration list (清单), table 7-2."""
        return _STATUSES["CEB621Message"][self.family][0]

    @property
    def gateway_code(self) -> str:
        """Code of the transmission platform, table 7-1."""
        return _GATEWAY[self.family][0]

    @property
    def gateway_text(self) -> str:
        """Text of the transmission platform, table 7-1."""
        return _GATEWAY[self.family][1]


def receipt(fault: FaultClass, message_type: str) -> tuple[int, str]:
    """Receipt code and text for a message refused by ``fault``.

    Args:
        fault: Why it is refused.
        message_type: Such as ``CEB311Message``; of an unknown type the code is 0 and only the text speaks.
    """
    family = CATALOGUE[fault].family
    return _STATUSES.get(message_type, {}).get(family, (0, f"[Code:{_GATEWAY[family][0]};Desc:{_GATEWAY[family][1]}]"))


_GATEWAY: Mapping[Family, tuple[str, str]] = {
    Family.DATA: ("1004", "签名与数据不符"),
    Family.VALUE: ("1001", "数字签名无效"),
    Family.TIME: ("1002", "数字签名过期"),
    Family.CARD: ("1001", "数字签名无效"),
}

_LIST = {
    Family.DATA: (-621028, "加签数据比对失败！"),
    Family.VALUE: (-621029, "验签失败！"),
    Family.TIME: (-621029, "验签失败！"),
    Family.CARD: (-621015, "与卡信息不匹配，没有权限进行操作"),
}
_CANCELLATION = dict.fromkeys(Family, (-623029, "验签失败！")) | {
    Family.CARD: (-623021, "与卡信息不匹配，没有权限进行操作")
}
_RETURN = dict.fromkeys(Family, (-625005, "退货申请单验签失败！")) | {
    Family.CARD: (-625020, "与卡信息不匹配，没有权限进行操作")
}


def _checked(code: int, where: str = "") -> dict[Family, tuple[int, str]]:
    """Messages without a code of their own for signatures answer with their parameter check."""
    return {family: (code, f"参数校验不通过，{where}[{text}]") for family, (_, text) in _GATEWAY.items()}


_STATUSES: Mapping[str, Mapping[Family, tuple[int, str]]] = {
    "CEB311Message": _checked(-301008),
    "CEB411Message": _checked(-401009, "[paymentHead,payment]，"),
    "CEB511Message": _checked(-504011),
    "CEB621Message": _LIST,
    "CEB623Message": _CANCELLATION,
    "CEB625Message": _RETURN,
}

_RESIGN_ZH = "请用申报企业的操作员卡对最终报文重新加签，加签后不再改动任何字符。"
_RESIGN_EN = "Sign the final message again with the operator card of the enterprise, and change nothing after signing."
_FORM_ZH = "请按规范第6节生成签名：封内签、C14N 1.0、一个 URI 为空的 Reference、一份证书。"
_FORM_EN = (
    "Build the signature as section 6 of the specification has it: enveloped, C14N 1.0, one empty URI, one certificate."
)
_CARD_ZH = "请使用报文所报企业名下的卡加签，或更正报文中的企业编码。"
_CARD_EN = "Sign with a card of the enterprise the message names, or correct the enterprise code in the message."
_REGISTER_ZH = "请先在平台登记该证书，再重新发送同一报文。"
_REGISTER_EN = "Register this certificate with the platform, then send the same message again."

CATALOGUE: Mapping[FaultClass, Entry] = {
    FaultClass.MISSING: Entry(
        family=Family.VALUE,
        zh="报文没有签名，而该类报文必须加签。",
        en="The message carries no signature, and this kind must.",
        remedy_zh=_RESIGN_ZH,
        remedy_en=_RESIGN_EN,
    ),
    FaultClass.DTD: Entry(
        family=Family.VALUE,
        zh="报文含有文档类型声明（DTD），不予接收。",
        en="The message has a document type declaration, which is not accepted.",
        remedy_zh="请删除 DOCTYPE 后重新加签。",
        remedy_en="Remove the DOCTYPE, then sign again.",
    ),
    FaultClass.COMMENT: Entry(
        family=Family.VALUE,
        zh="报文含有注释；摘要不包含注释，注释会改变读到的内容而不被察觉。",
        en="The message contains a comment; the digest leaves comments out, so one could change what is read unnoticed.",
        remedy_zh="请删除所有注释后重新加签。",
        remedy_en="Remove all comments, then sign again.",
    ),
    FaultClass.INSTRUCTION: Entry(
        family=Family.VALUE,
        zh="报文含有处理指令，不予接收。",
        en="The message contains a processing instruction, which is not accepted.",
        remedy_zh="请删除处理指令后重新加签。",
        remedy_en="Remove the processing instruction, then sign again.",
    ),
    FaultClass.DUPLICATE: Entry(
        family=Family.VALUE,
        zh="报文含有一个以上的签名，无法确定以哪一个为准。",
        en="The message carries more than one signature, and nothing says which one counts.",
        remedy_zh="请对未加签的报文只加签一次。",
        remedy_en="Sign the unsigned message once.",
    ),
    FaultClass.MISPLACED: Entry(
        family=Family.VALUE,
        zh="签名不是根元素的子元素，签名所指的内容与报文不一致。",
        en="The signature is not a child of the root, so what it speaks of is not the message.",
        remedy_zh="请把签名放在根元素结束标记之前，不要把已签报文嵌入另一份报文。",
        remedy_en="Put the signature before the closing root tag, and do not embed a signed message in another.",
    ),
    FaultClass.STRUCTURE: Entry(
        family=Family.VALUE,
        zh="签名的组成与规范不符。",
        en="The signature is made of other parts than the specification lists.",
        remedy_zh=_FORM_ZH,
        remedy_en=_FORM_EN,
    ),
    FaultClass.CANONICALIZATION: Entry(
        family=Family.VALUE,
        zh="规范化算法不是 C14N 1.0（不含注释）。",
        en="The canonicalization is not C14N 1.0 without comments.",
        remedy_zh=_FORM_ZH,
        remedy_en=_FORM_EN,
    ),
    FaultClass.ALGORITHM: Entry(
        family=Family.VALUE,
        zh="签名算法标识不在规范所列之内。",
        en="The identifier of the signature method is none of the specification's.",
        remedy_zh="请使用 http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3 或 rsa-sha256 的标识并重新加签。",
        remedy_en="Use http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3 or the identifier of rsa-sha256, and sign again.",
    ),
    FaultClass.LEGACY: Entry(
        family=Family.VALUE,
        zh="该企业未获准使用 RSA-SHA1 签名。",
        en="This sender is not allowed to sign with RSA and SHA-1.",
        remedy_zh="请换用国密（SM2）证书，或请平台为旧证书登记许可。",
        remedy_en="Change to an SM2 certificate, or ask the platform to register a permission for the old one.",
    ),
    FaultClass.REFERENCE: Entry(
        family=Family.VALUE,
        zh="签名须恰有一个 URI 为空的 Reference，指向整份报文。",
        en="The signature must have exactly one Reference with an empty URI, which names the whole message.",
        remedy_zh=_FORM_ZH,
        remedy_en=_FORM_EN,
    ),
    FaultClass.TRANSFORM: Entry(
        family=Family.VALUE,
        zh="签名须恰有一个 enveloped-signature 变换。",
        en="The signature must have exactly one transform, enveloped-signature.",
        remedy_zh=_FORM_ZH,
        remedy_en=_FORM_EN,
    ),
    FaultClass.DIGEST_METHOD: Entry(
        family=Family.VALUE,
        zh="摘要算法与签名算法不配套。",
        en="The digest method does not belong to the signature method.",
        remedy_zh="sm2-sm3 配 sm3，rsa-sha256 配 sha256，rsa-sha1 配 sha1；更正后重新加签。",
        remedy_en="Pair sm2-sm3 with sm3, rsa-sha256 with sha256, rsa-sha1 with sha1, then sign again.",
    ),
    FaultClass.BASE64: Entry(
        family=Family.VALUE,
        zh="签名中的某个值不是正确的 base64 编码。",
        en="A value in the signature is not correct base64.",
        remedy_zh="请检查传输中是否截断或改动了该值，然后重新加签。",
        remedy_en="See whether the value was cut or changed on the way, then sign again.",
    ),
    FaultClass.CERTIFICATE: Entry(
        family=Family.VALUE,
        zh="签名中没有证书，或证书无法读取。",
        en="The signature has no certificate, or one that cannot be read.",
        remedy_zh="请在 X509Data 中放入一份完整的签名证书（DER 的 base64）。",
        remedy_en="Put one whole signing certificate into X509Data, base64 of its DER.",
    ),
    FaultClass.KEY: Entry(
        family=Family.VALUE,
        zh="证书的密钥与签名算法不符，或长度不足。",
        en="The certificate's key does not fit the signature method, or is too short for it.",
        remedy_zh="SM2 证书用 sm2-sm3，2048 位 RSA 证书用 rsa-sha256；更正后重新加签。",
        remedy_en="Sign sm2-sm3 with an SM2 certificate and rsa-sha256 with RSA of 2048 bits, then sign again.",
    ),
    FaultClass.DIGEST: Entry(
        family=Family.DATA,
        zh="报文内容与加签时不同：摘要不一致。",
        en="The message is not the one that was signed: the digests differ.",
        remedy_zh=_RESIGN_ZH,
        remedy_en=_RESIGN_EN,
    ),
    FaultClass.SIGNATURE: Entry(
        family=Family.VALUE,
        zh="签名值与证书的公钥不符。",
        en="The signature value is not one of the key in the certificate.",
        remedy_zh="请确认证书与加签的卡是同一张，并对规范化后的 SignedInfo 加签。",
        remedy_en="Make sure the certificate is that of the card that signed, and sign the canonical SignedInfo.",
    ),
    FaultClass.NOT_YET_VALID: Entry(
        family=Family.TIME,
        zh="证书尚未生效。",
        en="The certificate is not valid yet.",
        remedy_zh="请在证书生效之后加签，或校准本机时间。",
        remedy_en="Sign once the certificate is valid, or set the clock right.",
    ),
    FaultClass.EXPIRED: Entry(
        family=Family.TIME,
        zh="证书已过有效期。",
        en="The certificate has expired.",
        remedy_zh="请更换新卡并在平台登记新证书，然后重新加签。",
        remedy_en="Renew the card, register its certificate with the platform, then sign again.",
    ),
    FaultClass.UNREGISTERED: Entry(
        family=Family.CARD,
        zh="证书未在平台登记到任何企业名下。",
        en="The certificate is not registered to any enterprise.",
        remedy_zh=_REGISTER_ZH,
        remedy_en=_REGISTER_EN,
        retry=Retry.SAME,
    ),
    FaultClass.REVOKED: Entry(
        family=Family.CARD,
        zh="证书已被吊销或挂失。",
        en="The certificate was revoked.",
        remedy_zh="请用有效的卡重新加签。",
        remedy_en="Sign again with a card that is valid.",
    ),
    FaultClass.LAPSED: Entry(
        family=Family.CARD,
        zh="证书在平台的登记期不含当日。",
        en="The registration of the certificate does not cover the day.",
        remedy_zh="请在平台续登该证书，再重新发送同一报文。",
        remedy_en="Renew the registration of the certificate, then send the same message again.",
        retry=Retry.SAME,
    ),
    FaultClass.OTHER_ENTERPRISE: Entry(
        family=Family.CARD,
        zh="证书属于另一家企业，与报文所报的企业不一致。",
        en="The certificate belongs to another enterprise than the one the message names.",
        remedy_zh=_CARD_ZH,
        remedy_en=_CARD_EN,
    ),
}
