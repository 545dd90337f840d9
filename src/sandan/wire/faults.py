"""The catalogue of what can be wrong with a message (报文差错), each with its remedy in both languages."""

from __future__ import annotations

from lxml import etree
from msgspec import Struct

from sandan.law.facts import Retry
from sandan.wire.editions import SOURCES
from sandan.wire.editions import Edition
from sandan.wire.facts import Fault
from sandan.wire.facts import Weight

_SHOWN = 60
_SPECIFICATION = SOURCES[Edition.CURRENT]
_PERSONAL = frozenset({"buyerIdNumber", "payerIdNumber"})
_PERSONAL_SHOWN = 4


class Kind(Struct, frozen=True, kw_only=True):
    """One kind of fault: what it does and how it is mended."""

    weight: Weight = Weight.SCHEMA
    #: What is allowed where the place itself does not say
    allowed_zh: str = ""
    allowed_en: str = ""
    zh: str
    en: str
    retry: Retry = Retry.FIX


class Place(Struct, frozen=True):
    """Where a fault is."""

    path: str = ""
    line: int = 0
    element: str = ""


KINDS: dict[str, Kind] = {
    "W-EMPTY": Kind(
        allowed_zh="一个 XML 报文",
        allowed_en="one XML message",
        zh="文件没有内容，请检查生成与传输环节后重发。",
        en="There are no bytes. Check how the file was made and carried, then send it again.",
    ),
    "W-SIZE": Kind(
        allowed_zh="不超过接收上限的报文",
        allowed_en="a message below the limit of size",
        zh="报文超过接收上限，请拆分为多个报文。",
        en="The message is larger than we take. Split it into several messages.",
    ),
    "W-NUL": Kind(
        allowed_zh="以 < 开头的 UTF-8 文本",
        allowed_en="UTF-8 text that begins with <",
        zh="报文前有 0x00 字节（部分消息队列会加），请去掉后重发。",
        en="A zero byte stands before the message (some queues put it there). Remove it and send again.",
    ),
    "W-NOT-XML": Kind(
        allowed_zh="格式良好的 XML",
        allowed_en="well-formed XML",
        zh="报文不是格式良好的 XML，请从所示行开始检查标签是否成对、& 和 < 是否转义、文件是否被截断。",
        en="The bytes are not well-formed XML. From the line shown, look for unpaired tags, a bare & or <, or a cut-off end.",
    ),
    "W-ENCODING": Kind(
        allowed_zh="UTF-8",
        allowed_en="UTF-8",
        zh='报文声明了 UTF-8 以外的编码。请以 UTF-8 保存并写 encoding="UTF-8"，只改声明不够。',
        en="The prolog declares another encoding than UTF-8. Save the bytes as UTF-8 and declare it; changing the prolog alone is not enough.",
    ),
    "W-ENCODING-BYTES": Kind(
        allowed_zh="UTF-8 字节",
        allowed_en="UTF-8 bytes",
        zh="声明为 UTF-8，但字节不是 UTF-8（很可能是 GBK）。请以 UTF-8 输出后重发。",
        en="The bytes are not UTF-8 (most likely GBK). Write the message as UTF-8 and send it again.",
    ),
    "W-UTF16": Kind(
        allowed_zh="UTF-8",
        allowed_en="UTF-8",
        zh="报文是 UTF-16 或 UTF-32。请以 UTF-8 保存后重发。",
        en="The message is UTF-16 or UTF-32. Save it as UTF-8 and send it again.",
    ),
    "W-BOM": Kind(
        weight=Weight.ADVICE,
        allowed_zh="以 <?xml 开头",
        allowed_en="<?xml as the first bytes",
        zh="文件以 UTF-8 BOM 开头。本平台接受，部分系统不接受，建议去掉。",
        en="The file begins with a UTF-8 byte order mark. We accept it, others do not: better leave it out.",
    ),
    "W-DOCTYPE": Kind(
        weight=Weight.REFUSED,
        allowed_zh="无 DOCTYPE、无实体定义",
        allowed_en="no DOCTYPE and no entities",
        zh="报文含 DOCTYPE。海关报文不使用 DTD，请删除。",
        en="The message carries a DOCTYPE. CEB messages use no DTD: remove it.",
    ),
    "W-COMMENT": Kind(
        weight=Weight.REFUSED,
        allowed_zh="无注释",
        allowed_en="no comments",
        zh="报文含 XML 注释；各签名实现对注释的处理不一致，请删除注释后重新加签。",
        en="The message contains an XML comment. Signers disagree whether comments are digested: remove it and sign again.",
    ),
    "W-INSTRUCTION": Kind(
        weight=Weight.REFUSED,
        allowed_zh="除 XML 声明外无处理指令",
        allowed_en="no processing instruction besides the XML declaration",
        zh="报文含处理指令，请删除后重新加签。",
        en="The message contains a processing instruction. Remove it and sign again.",
    ),
    "W-DEPTH": Kind(
        weight=Weight.REFUSED,
        allowed_zh="规范规定的层级",
        allowed_en="the depth the specification has",
        zh="元素嵌套过深；业务报文只有数层。请检查生成程序，勿把报文套在自身之内。",
        en="Elements are nested too deeply; a message has a few levels. Look for a program that wraps it in itself.",
    ),
    "W-ROOT": Kind(
        allowed_zh="CEB 命名空间中的 42 种报文之一",
        allowed_en="one of the 42 messages, in the CEB namespace",
        zh="根元素不是已知的 CEB 报文，请检查报文名称与命名空间 http://www.chinaport.gov.cn/ceb。",
        en="The root is no CEB message we know. Check its name and the namespace http://www.chinaport.gov.cn/ceb.",
    ),
    "W-EDITION": Kind(
        zh="所问版本没有这种报文：它是后来增加的，请按 202205 版办理。",
        en="The edition asked for has no such message: it was added later. Go by the 202205 edition.",
    ),
    "W-ATTRIBUTE-MISSING": Kind(
        zh="根元素缺少必填属性，请补上。",
        en="A required attribute is missing. Add it.",
    ),
    "W-ATTRIBUTE": Kind(
        allowed_zh="规范没有此属性",
        allowed_en="the specification has no such attribute here",
        zh="请删除此属性。",
        en="Remove the attribute.",
    ),
    "W-GUID": Kind(
        allowed_zh="36 个字符",
        allowed_en="36 characters",
        zh="guid 长度必须为 36（大写 UUID，含 4 个连字符）。请重新生成，勿截断或补位。",
        en="A guid has 36 characters (an upper-case UUID with its four hyphens). Make a new one; do not cut or pad.",
    ),
    "W-UNKNOWN": Kind(
        zh="规范在此处没有这个元素。请检查拼写与大小写，或删除。",
        en="The specification has no such element here. Check spelling and capitals, or leave it out.",
    ),
    "W-NAMESPACE": Kind(
        allowed_zh="http://www.chinaport.gov.cn/ceb",
        allowed_en="http://www.chinaport.gov.cn/ceb",
        zh="元素名称正确但命名空间不对，请加上与根元素相同的前缀（如 ceb:）。",
        en="The name is right, the namespace is not. Give it the same prefix as the root (for example ceb:).",
    ),
    "W-ORDER": Kind(
        zh="元素顺序与规范不符，请按规范次序输出。",
        en="The element stands in the wrong place. Write the elements in the order of the specification.",
    ),
    "W-MISSING": Kind(zh="缺少必填元素，请补上。", en="A required element is missing. Add it."),
    "W-TOO-MANY": Kind(
        zh="出现次数超过上限，请拆分为多个报文或删除多余项。",
        en="There are more than allowed. Split the message, or remove what is surplus.",
    ),
    "W-TRANSFER-TWICE": Kind(
        allowed_zh="1 个 BaseTransfer",
        allowed_en="one BaseTransfer",
        zh="BaseTransfer 重复（官方出口样例也有此错误），请只保留一个后重新加签。",
        en="BaseTransfer stands twice (the official export samples have this fault too). Keep one and sign again.",
    ),
    "W-TEXT": Kind(
        allowed_zh="仅子元素与空白",
        allowed_en="only elements and white space",
        zh="元素之间有多余文字，请删除。",
        en="There is text between elements. Remove it.",
    ),
    "W-CHILD": Kind(
        allowed_zh="仅文本",
        allowed_en="text only",
        zh="此元素只能含文本，不能有子元素。",
        en="This element holds text only; it may have no elements inside.",
    ),
    "W-LENGTH": Kind(
        zh="长度不符，请按规范的长度填写。",
        en="The length is outside what is allowed. Mend the text.",
    ),
    "W-TIME": Kind(
        zh="时间格式不符，请写数字，不含 T、冒号、时区。",
        en="The time is spelt another way. Write digits only, without T, colons or zone.",
    ),
    "W-EMPTY-NUMBER": Kind(
        zh="数值元素为空。选填的请整个省略，必填的零请写 0。",
        en="A number is empty. Leave an optional element out altogether; write 0 for a zero that is required.",
    ),
    "W-EMPTY-TEXT": Kind(
        zh="元素为空，但规范要求有内容。选填的请整个省略。",
        en="The element is empty where the specification wants text. Leave an optional element out altogether.",
    ),
    "W-NUMBER": Kind(
        zh="不是数值。请只写数字和小数点，不要千分位、货币符号或指数。",
        en="This is no number. Write digits and a point only: no separators, currency signs or exponents.",
    ),
    "W-FRACTION": Kind(
        zh="小数位过多，请四舍五入到规定位数。",
        en="Too many digits behind the point. Round to what is allowed.",
    ),
    "W-DIGITS": Kind(
        zh="数值位数过多，请核对单位与小数点，去掉多余的位。",
        en="The number has too many digits. Check unit and point, and shorten it.",
    ),
    "W-AMOUNT": Kind(
        weight=Weight.REFUSED,
        allowed_zh="绝对值小于 9×10^13",
        allowed_en="less than 9×10^13 either way",
        zh="数值超出可记账范围，请核对单位与小数点。",
        en="The number is larger than can be booked. Check the unit and the point.",
    ),
    "W-FIXED": Kind(zh="此元素只能填固定值，请改为该值。", en="Only one value is allowed here. Write that value."),
    "W-SIGNATURE": Kind(
        zh="ds:Signature 的结构不符合 XML-DSig，请用签名工具重新生成，勿手工修改。",
        en="ds:Signature is not built as XML-DSig asks. Sign again; do not edit it by hand.",
    ),
    "W-DATETIME": Kind(
        zh="信封上的时间要写成 ISO 形式（与业务报文不同），例如 2025-01-01T12:00:00。",
        en="On the envelope, times are ISO (unlike inside the message), such as 2025-01-01T12:00:00.",
    ),
    "W-BASE64": Kind(
        allowed_zh="base64",
        allowed_en="base64",
        zh="Data 不是有效的 base64，请对整个业务报文的 UTF-8 字节编码一次。",
        en="Data is no base64. Encode the UTF-8 bytes of the whole business message, once.",
    ),
    "W-DXP-EMPTY": Kind(
        allowed_zh="业务报文的 base64",
        allowed_en="the business message in base64",
        zh="Data 为空，信封里没有业务报文。",
        en="Data is empty: there is no business message in the envelope.",
    ),
    "W-CLOCK12": Kind(
        weight=Weight.ADVICE,
        allowed_zh="24 小时制",
        allowed_en="a 24-hour clock",
        zh="时间可能使用了 12 小时制（如 PHP 的 Ymdhis）；请改用 24 小时制（YmdHis），否则下午的申报会被当作旧报文。",
        en="The time looks like a 12-hour clock (PHP Ymdhis). Use 24 hours (YmdHis), or afternoon messages count as old ones.",
    ),
    "W-TIME-VALUE": Kind(
        weight=Weight.ADVICE,
        zh="长度合格，但这不是一个存在的时间；海关系统按时间处理，请写数字年月日时分秒。",
        en="The length is right, but no such time exists. Customs reads it as a time: write year to second in digits.",
    ),
    "W-SPEC-REQUIRED": Kind(
        weight=Weight.ADVICE,
        zh="模式允许省略，但规范表格标为必填，建议填写。",
        en="The schema lets it be left out, the specification's table demands it. Better send it.",
    ),
    "W-GUID-CASE": Kind(
        weight=Weight.ADVICE,
        allowed_zh="大写字母",
        allowed_en="capital letters",
        zh="规范要求 guid 使用大写字母。",
        en="The specification asks for a guid in capital letters.",
    ),
    "W-GUID-SAME": Kind(
        weight=Weight.ADVICE,
        allowed_zh="各自唯一的 guid",
        allowed_en="a guid of its own for each",
        zh="报文与单证使用了同一 guid，建议分别生成。",
        en="Message and document carry the same guid. Better give each its own.",
    ),
}


def fault(code: str, place: Place, value: str = "", allowed: tuple[str, str] | None = None) -> Fault:
    """Make a fault of the catalogue.

    Args:
        code: Key of ``KINDS``.
        place: Where it is.
        value: What was found; shortened, and masked where it names a person.
        allowed: What is allowed there in Chinese and English; the catalogue's own words where None.

    Returns:
        The fault with its remedy.
    """
    kind = KINDS[code]
    zh, en = allowed or (kind.allowed_zh, kind.allowed_en)
    return Fault(
        code=code,
        weight=kind.weight,
        path=place.path,
        line=place.line,
        element=place.element,
        value=_shown(place.element, value),
        allowed_zh=zh,
        allowed_en=en,
        remedy_zh=kind.zh,
        remedy_en=kind.en,
        retry=kind.retry,
        source=_source(code, place.path),
    )


def _source(code: str, path: str) -> str:
    """Chapter of the enterprise interface specification that has the form of what stands at a path."""
    if path.startswith("/Dxp"):
        return f"{_SPECIFICATION}第 4–5 章"
    if code == "W-SIGNATURE" or path.endswith("/Signature"):
        return f"{_SPECIFICATION}第 6 章"
    message = path[1:].split("/", 1)[0]
    return f"{_SPECIFICATION}第 3 章" + (f" {message}" if message.startswith("CEB") else "")


def line_of(node: etree._Element) -> int:
    """Line of a node in the bytes as received, 0 where the parser kept none."""
    line = node.sourceline
    return line if isinstance(line, int) else 0


def _shown(element: str, value: str) -> str:
    """A value short enough to show, the number of a person masked but for its end."""
    if element in _PERSONAL:
        return "*" * max(0, len(value) - _PERSONAL_SHOWN) + value[-_PERSONAL_SHOWN:]
    return value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
