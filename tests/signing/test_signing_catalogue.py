"""Every fault has words and an official code; every mistake and remark has words."""

from __future__ import annotations

import pytest

from sandan.signing.catalogue import CATALOGUE
from sandan.signing.catalogue import receipt
from sandan.signing.facts import FaultClass
from sandan.signing.forms import Mistake
from sandan.signing.remarks import MISTAKES
from sandan.signing.remarks import REMARKS
from sandan.signing.remarks import Remark

MESSAGES = ("CEB311Message", "CEB411Message", "CEB511Message", "CEB621Message", "CEB623Message", "CEB625Message")


@pytest.mark.parametrize("fault", list(FaultClass))
def test_a_fault_says_what_and_how_to_mend(fault: FaultClass) -> None:
    entry = CATALOGUE[fault]
    assert all((entry.zh, entry.en, entry.remedy_zh, entry.remedy_en))
    assert entry.gateway_code in {"1001", "1002", "1004"}


@pytest.mark.parametrize("message_type", MESSAGES)
@pytest.mark.parametrize("fault", list(FaultClass))
def test_a_fault_has_a_negative_code_in_every_message(fault: FaultClass, message_type: str) -> None:
    code, text = receipt(fault, message_type)
    assert code < 0
    assert text


@pytest.mark.parametrize(
    ("fault", "code", "text"),
    [
        (FaultClass.DIGEST, -621028, "加签数据比对失败！"),
        (FaultClass.SIGNATURE, -621029, "验签失败！"),
        (FaultClass.EXPIRED, -621029, "验签失败！"),
        (FaultClass.OTHER_ENTERPRISE, -621015, "与卡信息不匹配，没有权限进行操作"),
    ],
)
def test_a_list_is_answered_with_its_own_codes(fault: FaultClass, code: int, text: str) -> None:
    assert receipt(fault, "CEB621Message") == (code, text)
    assert CATALOGUE[fault].status == code


def test_a_message_without_codes_of_its_own_names_the_gateway_code() -> None:
    assert receipt(FaultClass.EXPIRED, "CEB711Message") == (0, "[Code:1002;Desc:数字签名过期]")


def test_every_mistake_and_remark_has_words() -> None:
    assert set(MISTAKES) == set(Mistake)
    assert set(REMARKS) == set(Remark)
