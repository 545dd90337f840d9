"""Mistakes and remarks of the signature doctor in words, zh and en."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from sandan.signing.forms import Mistake


class Words(Struct, frozen=True):
    """A sentence in both languages."""

    zh: str
    en: str


class Remark(StrEnum):
    """What is worth knowing though it refuses nothing by itself; the value is stable."""

    DER_VALUE = "der-for-raw"
    PREFIX = "prefix-not-ds"
    XSI_MISSING = "xsi-missing"
    MORE_NAMESPACES = "more-namespaces"
    SPACE_AROUND = "space-around-signature"
    KEY_NAME = "key-name-differs"
    UNOFFICIAL_URI = "unofficial-identifier"
    DIGEST_LENGTH = "digest-of-other-length"
    NO_MOMENT = "moment-not-given"


MISTAKES: Mapping[Mistake, Words] = {
    Mistake.REFORMATTED: Words(
        "加签后改动了元素之间的空白（重新排版）。请对最终文本加签，此后不再格式化。",
        "White space between elements was changed after signing (reformatted). Sign the final text and never format it again.",
    ),
    Mistake.SPACE_AROUND: Words(
        "签名前后多出的空白未计入摘要。请把签名紧接在根元素结束标记之前插入，不加任何空白。",
        "White space around the signature was not digested. Insert the signature right before the closing root tag, with none.",
    ),
    Mistake.XSI_MISSING: Words(
        "加签时根元素声明了 xmlns:xsi，收到的报文没有。请在根元素上保留 xmlns:ceb 与 xmlns:xsi 两项声明。",
        "xmlns:xsi was declared on the root when it was signed and is missing now. Keep xmlns:ceb and xmlns:xsi on the root.",
    ),
    Mistake.XSI_ADDED: Words(
        "加签后根元素上添加了 xmlns:xsi。请在加签之前声明。",
        "xmlns:xsi was added to the root after signing. Declare it before signing.",
    ),
    Mistake.PREFIX: Words(
        "加签后改变了元素的命名空间前缀。请以 ceb: 前缀生成报文后再加签。",
        "The prefix of the elements was changed after signing. Write the message with the prefix ceb: and then sign.",
    ),
    Mistake.COMMENTS: Words(
        "摘要计入了注释，而规范化算法不含注释。请删除注释。",
        "Comments were digested, while the canonicalization leaves them out. Remove the comments.",
    ),
    Mistake.RAW: Words(
        "摘要是对文件原文而不是对规范化（C14N）结果计算的。请先规范化再计算摘要。",
        "The text of the file was digested instead of its canonical form (C14N). Canonicalize first, then digest.",
    ),
    Mistake.ENCODING: Words(
        "摘要是对 GBK 编码的字节计算的。请使用 UTF-8。",
        "The digest was taken over GBK bytes. Use UTF-8.",
    ),
    Mistake.LINE_ENDS: Words(
        "摘要是对带回车换行（CRLF）的文本计算的。规范化结果只含换行（LF）。",
        "The digest was taken over CRLF line ends. The canonical form has LF only.",
    ),
    Mistake.HASH: Words(
        "摘要值出自另一种摘要算法，与所标算法不符。请使用与标识一致的算法。",
        "The digest value comes from another hash than its identifier names. Use the one that is named.",
    ),
    Mistake.INFO_REFORMATTED: Words(
        "SignedInfo 在加签后被重新排版。请保持加签时的文本。",
        "SignedInfo was reformatted after signing. Keep its text as it was signed.",
    ),
    Mistake.INFO_SCOPE: Words(
        "加签的 SignedInfo 带有与报文不同的命名空间声明。根元素应恰好声明 xmlns:ceb 与 xmlns:xsi。",
        "SignedInfo was signed with other namespaces than the message has. The root must declare exactly xmlns:ceb and xmlns:xsi.",
    ),
    Mistake.INFO_PREFIX: Words(
        "加签时签名使用的前缀与收到的不同。请始终使用前缀 ds:。",
        "The signature had another prefix when it was signed. Always use the prefix ds:.",
    ),
    Mistake.DIGEST_SIGNED: Words(
        "被加签的是摘要值，而不是规范化的 SignedInfo。",
        "The digest value was signed instead of the canonical SignedInfo.",
    ),
    Mistake.MESSAGE_SIGNED: Words(
        "被加签的是整份报文，而不是规范化的 SignedInfo。",
        "The whole message was signed instead of the canonical SignedInfo.",
    ),
    Mistake.NO_IDENTITY: Words(
        "SM2 签名未计入签名者标识（Z 值）。请使用标识 1234567812345678。",
        "The SM2 signature leaves out the signer's identity (Z). Use the identity 1234567812345678.",
    ),
}

REMARKS: Mapping[Remark, Words] = {
    Remark.DER_VALUE: Words(
        "SM2 签名值为 DER 编码；我们接受，但有的验签设备只认 64 字节的 r‖s。",
        "The SM2 value is DER; we take it, but some verifiers take only the 64 bytes r‖s.",
    ),
    Remark.PREFIX: Words(
        "签名未使用前缀 ds:；按文本截取的验签程序找不到它。",
        "The signature does not use the prefix ds:, so verifiers that cut the text will not find it.",
    ),
    Remark.XSI_MISSING: Words(
        "根元素未声明 xmlns:xsi；加签设备会把它写入 SignedInfo，结果可能不一致。",
        "The root does not declare xmlns:xsi; signing devices write it into SignedInfo, so results may differ.",
    ),
    Remark.MORE_NAMESPACES: Words(
        "根元素声明了 ceb、xsi 之外的命名空间；加签设备写出的 SignedInfo 不含它们。",
        "The root declares namespaces besides ceb and xsi, which signing devices leave out of SignedInfo.",
    ),
    Remark.SPACE_AROUND: Words(
        "签名与根元素结束标记之间有空白；按文本截取的验签程序会得到不同的摘要。",
        "There is white space between the signature and the closing root tag; verifiers that cut the text digest otherwise.",
    ),
    Remark.KEY_NAME: Words(
        "KeyName 不是证书序列号的任何一种写法。",
        "KeyName is none of the spellings of the certificate's serial number.",
    ),
    Remark.UNOFFICIAL_URI: Words(
        "算法标识不是规范所列的写法；按其含义进行了诊断。",
        "The identifier of the method is not the specification's; it was read by its meaning for this diagnosis.",
    ),
    Remark.DIGEST_LENGTH: Words(
        "摘要值的长度属于另一种摘要算法（20 字节为 SHA-1，32 字节为 SM3 或 SHA-256）。",
        "The digest has the length of another hash (20 bytes: SHA-1; 32 bytes: SM3 or SHA-256).",
    ),
    Remark.NO_MOMENT: Words(
        "未给出时点，未判断证书是否在有效期内。",
        "No moment was given, so the certificate's dates were not judged.",
    ),
}
