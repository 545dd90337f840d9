"""What the client does when things go wrong, told step by step: no network, no clock."""

from __future__ import annotations

import msgspec
import pytest

from sandan.client import steps
from sandan.client.errors import ConflictError
from sandan.client.errors import FullError
from sandan.client.errors import NotFinalError
from sandan.client.errors import NotPermittedError
from sandan.client.errors import PlatformError
from sandan.client.errors import RequestInvalidError
from sandan.client.errors import UnexpectedAnswerError
from sandan.client.errors import UnreachableError
from sandan.client.facts import Patience
from sandan.client.replies import Reply
from sandan.client.steps import Call
from sandan.client.steps import Done
from sandan.client.steps import Followed
from sandan.client.steps import Pause
from sandan.client.steps import advanced
from sandan.documents.facts import Kind
from sandan.documents.facts import Ref

PATIENCE = Patience(repeats=3, pause_s=1, longest_pause_s=30, look_s=1, longest_look_s=2)
TAKEN = Reply(status=202, body=b'{"receipt_id": 7, "outcome": "registered"}')
LIST = Ref(kind=Kind.LIST, owner="0131960301", key="QD1")


def refused(status: int, code: str = "full", retry_after: str = "") -> Reply:
    return Reply(status=status, body=msgspec.json.encode({"error": {"code": code}}), retry_after=retry_after)


def receipts(*statuses: int, version: int = 1) -> Reply:
    one = {"guid": "G", "subject": LIST, "subject_version": version, "info": "", "at": "2026-11-21T00:00:00Z"}
    rows = [one | {"cursor": f"1-{status}", "status": status} for status in statuses]
    return Reply(status=200, body=msgspec.json.encode({"receipts": rows, "cursor": "1-9"}))


def played(task: steps.Steps, *answers: Reply | UnreachableError) -> tuple[object, list[float], list[Call]]:
    """Gives a task its answers; tells what it returned, how long it paused and what it called."""
    left, pauses, calls = list(answers), [], []
    wanted = advanced(task, None)
    while not isinstance(wanted, Done):
        if isinstance(wanted, Pause):
            pauses.append(wanted.seconds)
            wanted = advanced(task, None)
        else:
            calls.append(wanted)
            wanted = advanced(task, left.pop(0))
    return wanted.value, pauses, calls


class TestSend:
    def test_a_full_platform_is_given_the_time_it_asks_for(self) -> None:
        taken, pauses, calls = played(steps.send(b"<m/>", PATIENCE), refused(429, retry_after="5"), TAKEN)
        assert (taken.receipt_id, pauses) == (7, [5])
        assert [call.body for call in calls] == [b"<m/>", b"<m/>"]

    def test_a_broken_connection_is_tried_again_with_the_same_bytes(self) -> None:
        gone = UnreachableError("gone")
        taken, pauses, calls = played(steps.send(b"<m/>", PATIENCE), gone, gone, TAKEN)
        assert (taken.receipt_id, pauses) == (7, [1, 2])
        assert len({call.body for call in calls}) == 1

    def test_patience_ends(self) -> None:
        with pytest.raises(FullError):
            played(steps.send(b"<m/>", PATIENCE), *[refused(429)] * 4)
        with pytest.raises(UnreachableError):
            played(steps.send(b"<m/>", PATIENCE), *[UnreachableError("gone")] * 4)

    def test_a_platform_that_asks_for_too_long_is_not_waited_for(self) -> None:
        with pytest.raises(FullError) as full:
            played(steps.send(b"<m/>", PATIENCE), refused(429, retry_after="3600"))
        assert full.value.retry_after_s == 3600

    def test_a_database_that_is_away_is_waited_for(self) -> None:
        taken, pauses, _ = played(steps.send(b"<m/>", PATIENCE), refused(503, retry_after="nonsense"), TAKEN)
        assert (taken.receipt_id, pauses) == (7, [1])

    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (400, RequestInvalidError),
            (403, NotPermittedError),
            (409, ConflictError),
            (413, RequestInvalidError),
            (500, PlatformError),
        ],
    )
    def test_every_other_refusal_is_raised_at_once(self, status: int, kind: type[Exception]) -> None:
        with pytest.raises(kind):
            played(steps.send(b"<m/>", PATIENCE), refused(status))

    def test_what_is_not_the_api_says_so(self) -> None:
        with pytest.raises(UnexpectedAnswerError, match="is this the address of a Sandan platform"):
            played(steps.send(b"<m/>", PATIENCE), Reply(status=200, body=b"<html>"))
        with pytest.raises(UnexpectedAnswerError):
            played(steps.send(b"<m/>", PATIENCE), Reply(status=404, body=b"\xff"))


class TestFollow:
    def test_it_reads_on_from_the_last_cursor(self) -> None:
        task = steps.follow(Followed(ref=LIST), PATIENCE)
        course, pauses, calls = played(task, receipts(2), receipts(), receipts(120, 800))
        assert course.statuses == (2, 120, 800)
        assert pauses == [1, 1.5]
        assert [call.query["after"] for call in calls] == ["", "1-9", "1-9"]
        assert calls[0].query["key"] == "QD1"

    def test_nothing_after_the_final_one_is_awaited(self) -> None:
        course, _, _ = played(steps.follow(Followed(ref=LIST), PATIENCE), receipts(2, 100, 120))
        assert course.final.status == 100

    def test_receipts_of_an_older_version_are_passed_over(self) -> None:
        task = steps.follow(Followed(ref=LIST, version=2), PATIENCE)
        course, _, _ = played(task, receipts(2, 100), receipts(2, 800, version=2))
        assert course.statuses == (2, 800)

    def test_time_is_counted_in_pauses(self) -> None:
        """1 s, then 1.5 s, then 2 s: after 4.5 s the four seconds given are over."""
        with pytest.raises(NotFinalError, match="last 2"):
            played(steps.follow(Followed(ref=LIST, within_s=4), PATIENCE), receipts(2), *[receipts()] * 3)

    @pytest.mark.parametrize(
        ("kind", "status", "final"), [("order", 120, True), ("list", 120, False), ("list", -5, True)]
    )
    def test_what_is_final_depends_on_the_paper(self, kind: str, status: int, *, final: bool) -> None:
        page = msgspec.json.decode(receipts(status).body.replace(b'"list"', b'"' + kind.encode() + b'"'))
        one = msgspec.convert(page["receipts"][0], type=steps.Receipt)
        assert one.is_final is final


def test_slashes_and_spaces_in_a_key_stay_in_its_address() -> None:
    call = next(steps.case("0131960301", "0131960101/YT 1", PATIENCE))
    assert isinstance(call, Call)
    assert call.path == "/v1/cases/0131960301/0131960101/YT%201"
