"""The one shape of everything that is refused over HTTP.

``{"error": {"code", "what": {"zh", "en"}, "where", "found", "expected", "rule", "source", "remedy": {"zh", "en"},
"retry"}}``, whatever the status; a refused message also carries its ``acknowledgement``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

import msgspec
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from psycopg import DataError
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sandan.intake.facts import Fault
from sandan.intake.faults import Kind
from sandan.intake.faults import make
from sandan.intake.gather import Closed
from sandan.intake.gather import Full
from sandan.intake.incidents import trace_of
from sandan.law.facts import Retry
from sandan.store.views.scope import BadCursorError

_log = structlog.get_logger(__name__)

KINDS: Mapping[str, Kind] = {
    "not-found": Kind(
        zh="这里没有您要的内容，或您无权看到。",
        en="There is nothing here, or nothing you may see.",
        remedy_zh="核对地址和编号；企业只能看到自己的单证。",
        remedy_en="Check the address and the number; an enterprise sees its own documents only.",
    ),
    "method-not-allowed": Kind(
        zh="这个地址不接受这种请求方法。",
        en="This address does not take this method.",
        remedy_zh="按 /v1/openapi.json 中的方法请求。",
        remedy_en="Use the method that /v1/openapi.json names.",
    ),
    "request-invalid": Kind(
        zh="请求的字段不符合要求。",
        en="A field of the request is not as it has to be.",
        remedy_zh="按 where 和 expected 所示改正后再发。",
        remedy_en="Mend what where and expected name, then send again.",
    ),
    "body-too-large": Kind(
        zh="请求体超过大小上限。",
        en="The body of the request is larger than the limit.",
        remedy_zh="拆成几份报文，每份不超过 100 个单证。",
        remedy_en="Split it into messages of at most 100 documents each.",
    ),
    "not-logged-in": Kind(
        zh="需要登录。",
        en="You have to log in.",
        remedy_zh="带上 Authorization: Bearer 令牌，或先登录取得会话。",
        remedy_en="Send Authorization: Bearer with your token, or log in for a session first.",
    ),
    "login-wrong": Kind(
        zh="账号或密码不对。",
        en="Account or password is wrong.",
        remedy_zh="核对后再试；忘记密码请联系平台运营。",
        remedy_en="Check both and try again; ask the operator if the password is lost.",
    ),
    "not-permitted": Kind(
        zh="您的岗位不能做这件事。",
        en="Your seat may not do this.",
        remedy_zh="换用有权限的账号，或请平台运营授权。",
        remedy_en="Use an account that may, or ask the operator.",
        retry=Retry.NEVER,
    ),
    "csrf": Kind(
        zh="请求没有带上会话的防伪令牌。",
        en="The request lacks the session's anti-forgery token.",
        remedy_zh="把登录时返回的 csrf 放入 X-CSRF-Token 头。",
        remedy_en="Send the csrf value of the login in the header X-CSRF-Token.",
    ),
    "full": Kind(
        zh="平台现在收得太满，这份报文没有收下。",
        en="The platform is full at the moment; nothing was taken.",
        remedy_zh="按 Retry-After 等待后，原样重发同样的字节。",
        remedy_en="Wait as Retry-After says, then send the same bytes again.",
        retry=Retry.SAME,
    ),
    "unavailable": Kind(
        zh="平台的数据库暂时不可用，这份请求没有处理。",
        en="The platform's database is not available; nothing was done.",
        remedy_zh="稍后原样重发。",
        remedy_en="Send the same again a little later.",
        retry=Retry.SAME,
    ),
    "conflict": Kind(
        zh="与现有的状态冲突。",
        en="This conflicts with the state as it stands.",
        remedy_zh="重新读取后再决定。",
        remedy_en="Read it again, then decide.",
        retry=Retry.QUERY,
    ),
    "internal": Kind(
        zh="平台内部出错，运营人员会按编号查看。",
        en="The platform failed inside; the operator will look it up by its number.",
        remedy_zh="先查询状态再决定是否重发，并把 found 中的编号告知运营。",
        remedy_en="Ask for the state before sending anything again, and tell the operator the number under found.",
        retry=Retry.QUERY,
    ),
    "clock-fixed": Kind(
        zh="这里的时钟不能调整。",
        en="The clock here cannot be set.",
        remedy_zh="生产环境按机器时间办理；请在沙箱中调整时钟。",
        remedy_en="Production decides by the machine's time; set the clock of a sandbox instead.",
        retry=Retry.NEVER,
    ),
    "nothing-payable": Kind(
        zh="今天没有可汇总缴纳的税单。",
        en="There is no bill that may be paid today.",
        remedy_zh="税单自放行后第31日起可缴；见税款日历。",
        remedy_en="A bill may be paid from day 31 after release; the calendar names the days.",
        retry=Retry.WAIT,
    ),
    "not-implemented": Kind(
        zh="这项功能还没有建成。",
        en="This is not built yet.",
        remedy_zh="见 README 的未建清单。",
        remedy_en="The README lists what is not built.",
        retry=Retry.NEVER,
    ),
    "refused-by-http": Kind(
        zh="请求没有被接受。",
        en="The request was not accepted.",
        remedy_zh="见 found 中的说明。",
        remedy_en="The reason stands under found.",
    ),
}

_BY_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large", 401: "not-logged-in"}


class ApiError(Exception):
    """Ends a request with one fault in the one shape."""

    def __init__(self, status: int, fault: Fault, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.fault = fault
        self.headers = dict(headers or {})
        super().__init__(fault.code)


def error(status: int, code: str, **values: str) -> ApiError:
    """An error of one of the classes above, with its values (where, found, expected)."""
    return ApiError(status, make(KINDS, code, **values))


def respond(status: int, fault: Fault, headers: Mapping[str, str] | None = None, **more: Any) -> Response:  # noqa: ANN401 - JSON
    """The one shape as a response; `more` stands beside ``error``."""
    body = msgspec.json.encode({"error": fault.shown(), **more})
    return Response(body, status, dict(headers or {}), media_type="application/json")


def install(app: FastAPI) -> None:
    """Makes the app answer everything that goes wrong in the one shape."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)


def answer_to(request: Request, problem: Exception) -> Response:
    """The one shape for a problem, outside the framework's own handling."""
    for kind, handler in HANDLERS.items():
        if isinstance(problem, kind):
            return handler(request, problem)
    return _internal(request, problem)


def _api_error(request: Request, problem: ApiError) -> Response:  # noqa: ARG001 - the framework's signature
    return respond(problem.status, problem.fault, problem.headers)


def _http_error(request: Request, problem: HTTPException) -> Response:
    code = _BY_STATUS.get(problem.status_code, "refused-by-http")
    fault = make(KINDS, code, where=f"{request.method} {request.url.path}", found=str(problem.detail))
    return respond(problem.status_code, fault, problem.headers)


def _invalid(request: Request, problem: RequestValidationError) -> Response:  # noqa: ARG001 - the framework's signature
    faults = [_field_fault(item) for item in problem.errors()]
    return respond(422, faults[0], faults=[fault.shown() for fault in faults])


def _field_fault(item: Mapping[str, Any]) -> Fault:
    where = ".".join(str(part) for part in item.get("loc", ()))
    found = "" if "password" in where else repr(item.get("input"))[:200]
    return make(KINDS, "request-invalid", where=where, found=found, expected=str(item.get("msg", "")))


def _bad_cursor(request: Request, problem: Exception) -> Response:  # noqa: ARG001 - the framework's signature
    fault = make(
        KINDS, "request-invalid", where="query.after", found=str(problem)[:200], expected="a cursor as handed out"
    )
    return respond(422, fault)


def _bad_value(request: Request, problem: DataError) -> Response:  # noqa: ARG001 - the framework's signature
    """A value no store can hold, such as a text with a zero character."""
    return respond(422, make(KINDS, "request-invalid", where=request.url.path, expected="text without zero characters"))


def _full(request: Request, problem: Full) -> Response:  # noqa: ARG001 - the framework's signature
    return respond(429, make(KINDS, "full", found=problem.reason), {"Retry-After": str(problem.retry_after_s)})


def _unavailable(request: Request, problem: Exception) -> Response:
    _log.warning("request not served", path=request.url.path, reason=type(problem).__name__)
    return respond(503, make(KINDS, "unavailable"), {"Retry-After": "5"})


def _internal(request: Request, problem: Exception) -> Response:
    number = uuid.uuid4().hex[:12]
    _log.error("request failed", path=request.url.path, number=number, trace=trace_of(problem))
    return respond(500, make(KINDS, "internal", found=number))


#: From the particular to the general, the first that fits answers
HANDLERS: dict[type[Exception], Callable[[Request, Any], Response]] = {
    ApiError: _api_error,
    HTTPException: _http_error,
    RequestValidationError: _invalid,
    Full: _full,
    BadCursorError: _bad_cursor,
    DataError: _bad_value,
    Closed: _unavailable,
    OperationalError: _unavailable,
    PoolTimeout: _unavailable,
    Exception: _internal,
}
