"""A signature judged without a tree is judged as in the tree: what the short way accepts, the long way accepts."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from sandan.intake import reading
from sandan.intake.facts import Arrival
from sandan.intake.facts import Outcome
from sandan.intake.reading import Desk
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Parcel
from sandan.sandbox.seed import VALID
from sandan.signing.facts import Policy
from sandan.signing.port import Algorithm
from sandan.signing.verify import verify
from sandan.signing.verify import verify_written
from sandan.wire.read import parse

ALL = frozenset(Algorithm)
PAPERS = ("order", "payment", "waybill", "declaration")


def both_ways(data: bytes, policy: Policy) -> tuple[object, object] | None:
    """The two reports; nothing where the message is not of the ordinary form."""
    parsed = parse(data)
    sealed = parsed.sealed
    if sealed is None or sealed.seal is None:
        return None
    return verify_written(reading._written(sealed, sealed.seal), policy), verify(parsed.root, policy)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_genuine_message_has_the_same_report_both_ways(post: Mapping[str, bytes], desk: Desk, paper: str) -> None:
    reports = both_ways(post[paper], Policy(at=desk.now))
    assert reports is not None
    assert reports[0] == reports[1]
    assert reports[0].ok


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_each_algorithm_is_judged_the_same_both_ways(
    office: Office, test_authority: object, parcel: Parcel, desk: Desk, algorithm: Algorithm
) -> None:
    code = parcel.full[0].ebp_code
    signer = test_authority.issue("短路", code, algorithm, *VALID)
    data = Office(office.enterprises, {code: signer}).message([parcel.full[0]]).data
    reports = both_ways(data, Policy(at=desk.now, algorithms=ALL))
    assert reports is not None
    assert reports[0] == reports[1]
    assert reports[0].ok


def test_no_tree_is_made_of_a_genuine_message(
    post: Mapping[str, bytes], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the long way was taken")

    monkeypatch.setattr(reading, "verify", refused)
    assert reading.read(Arrival(body=post["order"]), desk).outcome is Outcome.REGISTERED


@pytest.mark.parametrize("paper", PAPERS)
def test_a_changed_text_is_refused_with_the_words_of_the_long_way(
    post: Mapping[str, bytes], desk: Desk, paper: str
) -> None:
    data = post[paper].replace("云汀".encode(), "云訂".encode(), 1)
    reports = both_ways(data, Policy(at=desk.now))
    assert reports is not None
    assert not reports[0].ok
    assert reports[0] == reports[1]
    assert reading.read(Arrival(body=data), desk).outcome is Outcome.REFUSED


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_the_short_way_accepts_the_long_way_accepts(
    post: Mapping[str, bytes], desk: Desk, data: st.DataObject
) -> None:
    """One byte of the message or its signature is another, is gone or stands twice."""
    body = post["waybill"]
    at = data.draw(st.integers(0, len(body) - 1))
    put = data.draw(st.sampled_from((b"", body[at : at + 1] * 2, b" ", b"\n", b"A", b"0", b"=", b"&amp;", b"<", b">")))
    reports = both_ways(body[:at] + put + body[at + 1 :], Policy(at=desk.now, algorithms=ALL))
    if reports is not None and reports[0].ok:
        assert reports[0] == reports[1]
