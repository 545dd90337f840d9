"""One example for each request and for the error shape, as the description shows them; tests send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REQUESTS: Mapping[tuple[str, str], Any] = {
    ("post", "/v1/session"): {"account": "officer", "password": "a long password"},
    ("post", "/v1/tokens"): {"enterprise": "0131960301", "label": "order desk"},
    ("post", "/v1/tokens/revoke"): {"token": "the token as it was shown"},
    ("put", "/v1/users"): {
        "account": "lin",
        "name": "林关员",
        "seat": "officer",
        "password": "a long password",
    },
    ("post", "/v1/check"): {"messages": ["<ceb:CEB621Message …/>"], "at": "2026-11-11"},
    ("post", "/v1/quote"): {
        "lines": [
            {
                "gcode": "1901101000",
                "quantity": "2",
                "price": "238.00",
                "unit": "122",
                "qty1": "1.6",
                "unit1": "035",
            }
        ],
        "freight": "12.00",
        "used": "3200.00",
    },
    ("post", "/v1/cases/{declarant}/{key}/acts"): {
        "verdict": "release",
        "reason": "goods as declared",
        "seen_version": 3,
    },
    ("put", "/v1/subscriptions"): {"channel": "webhook", "target": "https://orders.example/receipts"},
}
"""Body of a request by method and path."""

ERROR: Mapping[str, Any] = {
    "error": {
        "code": "request-invalid",
        "what": {"zh": "请求的字段不符合要求。", "en": "A field of the request is not as it has to be."},
        "where": "body.seen_version",
        "found": "'three'",
        "expected": "Input should be a valid integer",
        "rule": "",
        "source": "",
        "remedy": {
            "zh": "按 where 和 expected 所示改正后再发。",
            "en": "Mend what where and expected name, then send again.",
        },
        "retry": "fix-and-resend",
    }
}
"""What is refused, whatever the status."""

ACKNOWLEDGEMENT: Mapping[str, Any] = {
    "receipt_id": 4711,
    "outcome": "registered",
    "message_type": "CEB621Message",
    "guid": "0B7C3F0E-6D0E-4C57-8D0A-3A9C2E2D7F11",
    "repeat": False,
    "documents": [{"kind": "list", "owner": "0131960301", "key": "QD20261121001", "version": 1, "state": "received"}],
    "faults": [],
    "advice": [],
}
"""What a message that was taken is answered with."""
