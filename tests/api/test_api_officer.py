"""Officers decide by document: through the same door, with a reason, on the version they saw."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from sandan.api.deps import Deps
from sandan.sandbox import faults
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.work.worker import Duty
from sandan.work.worker import Worker


def drain(deps: Deps) -> None:
    Worker(deps.pool, deps.clock, Duty(conditions=deps.conditions)).drain()


@pytest.fixture
def watched(client: httpx.Client, deps: Deps, office: Office) -> str:
    """Path of a case that an inspection was ordered for."""
    parcel = faults.watched_goods(Maker(11, deps.clock.now(), "WATCH"))
    for message in office.messages([parcel]):
        assert client.post("/v1/messages", content=message.data).status_code == 202
    drain(deps)
    ref = parcel.declaration.ref
    return f"/v1/cases/{ref.owner}/{ref.key}"


def release(version: int) -> dict[str, object]:
    return {"verdict": "release", "reason": "查验无异常", "seen_version": version}


@pytest.mark.usefixtures("watched")
def test_the_work_list_names_the_case(client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
    as_seat("officer")
    assert [case["status"] for case in client.get("/v1/work-list").json()["cases"]] == ["inspection"]


def test_release_with_a_reason(
    client: httpx.Client, as_seat: Callable[[str], dict[str, str]], deps: Deps, watched: str
) -> None:
    header = as_seat("officer")
    version = client.get(watched).json()["version"]
    answer = client.post(f"{watched}/acts", json=release(version), headers=header)
    assert answer.status_code == 202, answer.text
    drain(deps)
    case = client.get(watched).json()
    assert case["status"] == "released"
    assert 800 in {receipt["status"] for receipt in case["receipts"]}


def test_refuse_tells_the_declarant_why(
    client: httpx.Client,
    as_seat: Callable[[str], dict[str, str]],
    token: Callable[[str], dict[str, str]],
    deps: Deps,
    watched: str,
) -> None:
    header = as_seat("officer")
    version = client.get(watched).json()["version"]
    body = {"verdict": "refuse", "reason": "实物与申报不符", "seen_version": version}
    assert client.post(f"{watched}/acts", json=body, headers=header).status_code == 202
    drain(deps)
    receipts = client.get("/v1/receipts", headers=token(watched.split("/")[3])).json()["receipts"]
    refused = next(receipt for receipt in receipts if receipt["status"] == 100)
    assert "实物与申报不符" in refused["info"]


def test_an_old_version_is_a_conflict(
    client: httpx.Client, as_seat: Callable[[str], dict[str, str]], watched: str
) -> None:
    header = as_seat("officer")
    version = client.get(watched).json()["version"]
    answer = client.post(f"{watched}/acts", json=release(version + 1), headers=header)
    error = answer.json()["error"]
    assert (answer.status_code, error["found"], error["expected"]) == (409, str(version + 1), str(version))


@pytest.mark.parametrize(
    "body", [{}, {"verdict": "release"}, release(1) | {"reason": ""}, release(1) | {"verdict": "pardon"}]
)
def test_no_act_without_verdict_reason_and_version(
    client: httpx.Client, as_seat: Callable[[str], dict[str, str]], watched: str, body: bytes
) -> None:
    header = as_seat("officer")
    assert client.post(f"{watched}/acts", json=body, headers=header).status_code == 422


def test_no_act_on_a_case_that_is_not_there(client: httpx.Client, as_seat: Callable[[str], dict[str, str]]) -> None:
    header = as_seat("officer")
    assert client.post("/v1/cases/X/Y/acts", json=release(1), headers=header).status_code == 404


@pytest.mark.parametrize("seat", ["enterprise", "operator", "finance", "warehouse"])
def test_only_officers_decide(
    client: httpx.Client, as_seat: Callable[[str], dict[str, str]], watched: str, seat: str
) -> None:
    header = as_seat(seat)
    answer = client.post(f"{watched}/acts", json=release(1), headers=header)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")
    assert client.get("/v1/work-list").status_code == 403


def test_without_the_forms_token_nothing_is_done(
    client: httpx.Client, as_seat: Callable[[str], dict[str, str]], watched: str
) -> None:
    as_seat("officer")
    answer = client.post(f"{watched}/acts", json=release(1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf")


def test_an_enterprises_token_decides_nothing(
    client: httpx.Client, token: Callable[[str], dict[str, str]], watched: str
) -> None:
    assert client.post(f"{watched}/acts", json=release(1), headers=token(world.AGENT)).status_code == 403
