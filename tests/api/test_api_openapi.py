"""The description of the API is complete, and what it promises is what is answered: no server error, no other shape."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import httpx
import jsonschema_rs
import pytest
import schemathesis
from fastapi.openapi.utils import get_openapi
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import seed
from hypothesis import settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance
from schemathesis.specs.openapi.checks import response_schema_conformance
from schemathesis.specs.openapi.checks import status_code_conformance

from sandan.api import examples
from sandan.api import openapi
from sandan.api.app import create_app
from sandan.api.deps import Deps
from sandan.sandbox import world
from sandan.sandbox.parcels import Parcel
from sandan.work.worker import Duty
from sandan.work.worker import Worker

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
TRIES = 10
"""Requests of each operation and reader."""


@pytest.fixture
def described(client: httpx.Client) -> dict[str, Any]:
    description: dict[str, Any] = client.get("/v1/openapi.json").json()
    return description


def operations(described: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_every_operation_has_words_and_an_answer_with_its_shape(described: dict[str, Any]) -> None:
    for method, path, operation in operations(described):
        assert operation["summary"], (method, path)
        good = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
        assert good, (method, path)
        for status, answer in good.items():
            shapes = [content["schema"] for content in answer.get("content", {}).values()]
            assert status == "204" or all(shapes), (method, path)
            assert status == "204" or shapes, (method, path)


def test_every_operation_refuses_in_the_one_shape(described: dict[str, Any]) -> None:
    for method, path, operation in operations(described):
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")):
                content = answer["content"]["application/json"]
                assert content["schema"] == {"$ref": "#/components/schemas/ErrorShown"}, (method, path, status)
                assert content["example"] == examples.ERROR


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    def references(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert set(references(described)) <= known


def test_no_shape_takes_the_name_of_another(deps: Deps) -> None:
    _, structs = openapi._struct_schemas()
    app = create_app(deps)
    models = get_openapi(title="", version="", routes=app.routes)["components"]["schemas"]
    assert set(structs) & set(models) == set()


def test_every_request_of_json_of_ours_has_its_example(described: dict[str, Any]) -> None:
    for (method, path), example in examples.REQUESTS.items():
        assert described["paths"][path][method]["requestBody"]["content"]["application/json"]["example"] == example


@pytest.mark.parametrize(("method", "path"), list(examples.REQUESTS))
def test_an_example_is_taken_as_it_stands(
    method: str, path: str, client: httpx.Client, as_seat: Callable[[str], dict[str, str]]
) -> None:
    seat = {"/v1/subscriptions": "enterprise", "/v1/check": "enterprise"}.get(path, "operator")
    header = as_seat("officer" if "acts" in path else seat)
    address = path.replace("{declarant}", world.AGENT).replace("{key}", "none")
    answer = client.request(method, address, json=examples.REQUESTS[method, path], headers=header)
    wrong = answer.json().get("faults", []) if answer.status_code == 422 else []
    assert [fault["where"] for fault in wrong if fault["code"] == "request-invalid"] == []


@pytest.fixture
def busy(client: httpx.Client, deps: Deps, post: Mapping[str, bytes]) -> None:
    """The parcel has been released, a message was refused and a list waits."""
    for body in (*post.values(), post["order"][:-20]):
        client.post("/v1/messages", content=body)
    Worker(deps.pool, deps.clock, Duty(conditions=deps.conditions)).drain()


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("reader", ["agent", "officer", "operator", "nobody"])
def test_what_is_answered_is_what_is_promised(
    reader: str,
    client: httpx.Client,
    token: Callable[[str], dict[str, str]],
    as_seat: Callable[[str], dict[str, str]],
) -> None:
    """Generated requests, the same in every run, to every operation as each kind of reader."""
    header = {"agent": lambda: token(world.AGENT), "nobody": dict}.get(reader, lambda: as_seat(reader))()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the generator says of its own use of other libraries
        api = schemathesis.openapi.from_url(f"{client.base_url}/v1/openapi.json")
        for found in api.get_all_operations():
            operation = found.ok()
            if (operation.method, operation.path) not in {("delete", "/v1/session"), ("put", "/v1/users")}:
                _ask(operation.as_strategy(), header, dict(client.cookies))


def _ask(cases: Any, header: dict[str, str], cookies: dict[str, str]) -> None:
    @seed(20261111)
    @settings(
        max_examples=TRIES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def ask(case: Any) -> None:
        case.call_and_validate(headers=header, cookies=cookies, checks=CHECKS)

    ask()


@pytest.mark.usefixtures("busy")
class TestRealAnswers:
    """Addresses that generated requests seldom hit, with what really stands there."""

    def test_the_case(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], described: dict[str, Any], parcel: Parcel
    ) -> None:
        path = f"/v1/cases/{world.AGENT}/{parcel.declaration.cop_no}"
        self._holds(client.get(path, headers=token(world.AGENT)), described, "CaseTold")

    def test_cases_and_those_a_number_names(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], described: dict[str, Any], parcel: Parcel
    ) -> None:
        header = token(world.AGENT)
        self._holds(client.get("/v1/cases", headers=header), described, "Cases")
        named = client.get("/v1/cases", params={"q": parcel.declaration.cop_no}, headers=header)
        self._holds(named, described, "CasesNamed")
        self._holds(
            client.get("/v1/search", params={"q": parcel.declaration.cop_no}, headers=header), described, "Hits"
        )

    def test_a_message(
        self, client: httpx.Client, token: Callable[[str], dict[str, str]], described: dict[str, Any]
    ) -> None:
        self._holds(client.get("/v1/messages/1", headers=token(world.PLATFORM)), described, "MessageTold")

    def test_trying_inspecting_and_examining(
        self,
        client: httpx.Client,
        token: Callable[[str], dict[str, str]],
        described: dict[str, Any],
        post: Mapping[str, bytes],
    ) -> None:
        header = token(world.AGENT)
        tried = client.post("/v1/check", json={"messages": [m.decode() for m in post.values()]}, headers=header)
        self._holds(tried, described, "CheckTold")
        for data in (*post.values(), post["order"].replace(b"><ceb:", b">\n<ceb:"), b"nothing"):
            self._holds(client.post("/v1/inspect", content=data, headers=header), described, "InspectionTold")
            self._holds(client.post("/v1/doctor", content=data, headers=header), described, "Diagnosis")

    def test_a_quote_and_the_proof(
        self, client: httpx.Client, as_seat: Callable[[str], dict[str, str]], described: dict[str, Any]
    ) -> None:
        quoted = client.post("/v1/quote", json=examples.REQUESTS["post", "/v1/quote"])
        self._holds(quoted, described, "QuoteTold")
        self._holds(client.post("/v1/verify", headers=as_seat("operator")), described, "AuditTold")

    def _holds(self, answer: httpx.Response, described: dict[str, Any], shape: str) -> None:
        """The answer has the shape, and no field the description does not tell."""
        assert answer.status_code == 200, answer.text
        schema = {"$ref": f"#/components/schemas/{shape}", "components": described["components"]}
        problems = list(jsonschema_rs.validator_for(schema).iter_errors(answer.json()))
        assert [(list(problem.instance_path), problem.message) for problem in problems] == []
        told = described["components"]["schemas"][shape]["properties"]
        assert set(answer.json()) <= set(told)
