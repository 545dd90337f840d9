"""Why another's signer did not sign (代签失败): one class a reason, with words, remedy and whether to try again.

Card texts are those public clients of the port's control report; the text of a wrong PIN is not public, so what cannot
be told from it counts as one (`CARD`), and the PIN is not sent again.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from sandan.law.facts import Retry


class Refusal(StrEnum):
    """Reason; the value is stable and shown to users."""

    UNREACHABLE = "signer-unreachable"
    """Nobody listens at the address."""
    TIMEOUT = "signer-timeout"
    """No answer in time."""
    BUSY = "signer-busy"
    """It asks to come back later."""
    FORBIDDEN = "signer-forbidden"
    """It does not know the caller."""
    DECLINED = "signer-declined"
    """It will not sign this."""
    FAILED = "signer-failed"
    """It failed inside."""
    UNREADABLE = "signer-unreadable"
    """Its answer is not of the protocol."""
    MISMATCH = "signer-mismatch"
    """The signature it gave is not its certificate's."""
    TEXT = "signer-text"
    """A card signs text, and this is none."""
    PIN = "card-pin"
    """The card refused the PIN."""
    LOCKED = "card-locked"
    """The card is locked after wrong PINs."""
    HELD = "card-pin-held"
    """The PIN was refused before and is not sent again."""
    READER = "card-reader"
    """The reader could not be reset."""
    ABSENT = "card-absent"
    """No card, or another one, in the reader."""
    CARD = "card-refused"
    """The card refused for a reason that could be its PIN."""


class Meaning(Struct, frozen=True, kw_only=True):
    """A reason in words."""

    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    retry: Retry


MEANINGS: Mapping[Refusal, Meaning] = {
    Refusal.UNREACHABLE: Meaning(
        zh="连不上签名设备或签名服务。",
        en="The signer cannot be reached.",
        remedy_zh="确认地址和端口；使用卡时确认电子口岸控件已启动。",
        remedy_en="Check address and port; for a card, that the port's control is running.",
        retry=Retry.SAME,
    ),
    Refusal.TIMEOUT: Meaning(
        zh="签名设备在时限内没有应答。",
        en="The signer did not answer in time.",
        remedy_zh="查看设备是否卡住，再重试；签名没有副作用，可以重做。",
        remedy_en="See whether the device hangs, then try again; signing twice does no harm.",
        retry=Retry.SAME,
    ),
    Refusal.BUSY: Meaning(
        zh="签名服务正忙，要求稍后再来。",
        en="The signer is busy and asks to come back.",
        remedy_zh="稍等后重试。",
        remedy_en="Wait a little, then try again.",
        retry=Retry.SAME,
    ),
    Refusal.FORBIDDEN: Meaning(
        zh="签名服务不认识调用者。",
        en="The signer does not know the caller.",
        remedy_zh="更换有效的访问令牌。",
        remedy_en="Give it a valid token.",
        retry=Retry.FIX,
    ),
    Refusal.DECLINED: Meaning(
        zh="签名服务拒绝签这份内容。",
        en="The signer will not sign this.",
        remedy_zh="按其说明改正请求。",
        remedy_en="Mend the request as it says.",
        retry=Retry.FIX,
    ),
    Refusal.FAILED: Meaning(
        zh="签名服务内部出错。",
        en="The signer failed inside.",
        remedy_zh="请签名服务的运营方查看，再重试。",
        remedy_en="Have its operator look, then try again.",
        retry=Retry.SAME,
    ),
    Refusal.UNREADABLE: Meaning(
        zh="签名设备的应答不符合协议。",
        en="The signer's answer is not of the protocol.",
        remedy_zh="确认地址确实是签名设备，版本相符。",
        remedy_en="Check that the address is a signer's and the versions agree.",
        retry=Retry.FIX,
    ),
    Refusal.MISMATCH: Meaning(
        zh="返回的签名不属于它的证书。",
        en="The signature returned is not its certificate's.",
        remedy_zh="确认卡或密钥与证书是一对；签名中途是否换了卡。",
        remedy_en="Check that key and certificate are a pair, and that no other card was put in meanwhile.",
        retry=Retry.FIX,
    ),
    Refusal.TEXT: Meaning(
        zh="卡只能签 UTF-8 文本，这份内容不是。",
        en="A card signs UTF-8 text only, and this is none.",
        remedy_zh="改用其他签名方式，或签 XML、JSON 文本。",
        remedy_en="Use another signer, or sign XML or JSON text.",
        retry=Retry.FIX,
    ),
    Refusal.PIN: Meaning(
        zh="卡不接受这个密码；没有再次尝试。",
        en="The card refused the PIN; it was not tried again.",
        remedy_zh="请持卡人核对密码后重新启动；连续输错会锁卡。",
        remedy_en="Have the holder check the PIN and start anew; wrong PINs in a row lock the card.",
        retry=Retry.NEVER,
    ),
    Refusal.LOCKED: Meaning(
        zh="卡已被锁。",
        en="The card is locked.",
        remedy_zh="到制卡点解锁。",
        remedy_en="Have it unlocked where it was issued.",
        retry=Retry.NEVER,
    ),
    Refusal.HELD: Meaning(
        zh="这个密码此前被卡拒绝，没有再送给卡。",
        en="The card refused this PIN before, so it was not sent again.",
        remedy_zh="核对密码，重新启动签名程序。",
        remedy_en="Check the PIN and start the signer anew.",
        retry=Retry.NEVER,
    ),
    Refusal.READER: Meaning(
        zh="读卡器复位失败，与密码无关。",
        en="The reader could not be reset; the PIN has nothing to do with it.",
        remedy_zh="重新插卡，重启电子口岸控件，再重试。",
        remedy_en="Put the card in again, restart the port's control, then try again.",
        retry=Retry.SAME,
    ),
    Refusal.ABSENT: Meaning(
        zh="读卡器里没有卡，或不是绑定的卡。",
        en="There is no card in the reader, or not the one bound.",
        remedy_zh="插入本企业的操作员卡。",
        remedy_en="Put in the enterprise's operator card.",
        retry=Retry.SAME,
    ),
    Refusal.CARD: Meaning(
        zh="卡拒绝了请求，原因可能是密码，因此没有再次尝试。",
        en="The card refused, perhaps because of the PIN, so it was not tried again.",
        remedy_zh="查看卡返回的原文；确认密码后重新启动。",
        remedy_en="Read what the card said; check the PIN, then start anew.",
        retry=Retry.NEVER,
    ),
}


class SigningRefusedError(Exception):
    """Another's signer did not sign; carries the reason and what the signer itself said, never a PIN.

    Args:
        refusal: The reason.
        said: The signer's own words, or what happened on the way.
    """

    def __init__(self, refusal: Refusal, said: str = "") -> None:
        super().__init__(refusal, said)
        self.refusal = refusal
        self.said = said

    @property
    def meaning(self) -> Meaning:
        """The reason in words."""
        return MEANINGS[self.refusal]

    def __str__(self) -> str:
        said = f" ({self.said})" if self.said else ""
        return f"{self.refusal}: {self.meaning.en}{said} {self.meaning.remedy_en}"


def card_refusal(texts: list[str]) -> Refusal:
    """Reason behind the ``Error`` texts of the port's control (电子口岸控件).

    >>> card_refusal(["[读卡器底层库]复位读卡器失败:错误码=50070", "Err:Custom50070"])
    <Refusal.READER: 'card-reader'>
    """
    text = " ".join(texts)
    return next((refusal for mark, refusal in _CARD_MARKS if mark.lower() in text.lower()), Refusal.CARD)


_CARD_MARKS = (
    ("Custom50070", Refusal.READER),
    ("Custom50200", Refusal.ABSENT),
    ("Custom51590", Refusal.ABSENT),
    ("锁", Refusal.LOCKED),
    ("密码", Refusal.PIN),
    ("口令", Refusal.PIN),
    ("PIN", Refusal.PIN),
)
"""Marks in the texts, in the order they decide; none of them means that the PIN may be the reason."""
