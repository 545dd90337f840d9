"""Lists, pages of lists, files of lists, and the search by any number."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from psycopg_pool import ConnectionPool

from sandan.console import visit
from sandan.sandbox.parcels import Parcel
from sandan.store.users import User

Visitor = Callable[..., httpx.Client]
CASE = "/case/0131960301/QDSHOW00000005"


def test_any_number_of_a_parcel_leads_to_its_case(
    visitor: Visitor, officer: User, parcels: dict[str, Parcel], played: ConnectionPool[Any]
) -> None:
    parcel = parcels["another_buyer"]
    order, payment, waybill, declaration = parcel.full
    with played.connection() as conn:
        (pre_no,) = conn.execute("SELECT pre_no FROM cases WHERE list_key = %s", [declaration.cop_no]).fetchone() or (
            "",
        )
    client = visitor(officer)
    for number in (order.order_no, payment.pay_transaction_id, waybill.logistics_no, declaration.cop_no, pre_no):
        answer = client.get("/search", params={"q": f" {number} "})
        assert answer.headers["location"].startswith(CASE), number


def test_guids_of_records_and_messages_lead_to_them(
    visitor: Visitor, officer: User, parcels: dict[str, Parcel], played: ConnectionPool[Any]
) -> None:
    client = visitor(officer)
    _, payment, _, _ = parcels["another_buyer"].full
    page = client.get("/search", params={"q": payment.head.guid.lower()}).text
    assert "/paper/payment/0131960101/0131960501/QFSHOW00000005" in page
    with played.connection() as conn:
        (guid,) = conn.execute("SELECT message_guid FROM inbox WHERE id = 1").fetchone() or ("",)
    assert 'href="/messages/1"' in client.get("/search", params={"q": guid}).text


def test_an_account_book_is_found(visitor: Visitor, officer: User) -> None:
    assert "/account/stock/T0131W000001/YT-001" in visitor(officer).get("/search", params={"q": "T0131W000001"}).text


def test_a_whole_message_is_no_number(visitor: Visitor, officer: User) -> None:
    answer = visitor(officer).get("/search", params={"q": "x" * 101})
    assert answer.status_code == 400
    assert "Paste one number" in answer.text


def test_a_list_names_the_rule_it_is_narrowed_by(visitor: Visitor, officer: User) -> None:
    page = visitor(officer).get("/cases", params={"reason": "R194-9.1"}).text
    assert "QDSHOW00000004" in page
    assert "QDSHOW00000005" not in page
    assert "海关总署公告2018年第194号" in page


@pytest.mark.parametrize("path", ["/cases", "/messages", "/accounts?kind=stock"])
def test_pages_follow_one_another_without_gap_or_repeat(
    visitor: Visitor, officer: User, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    client = visitor(officer)
    whole = links(client.get(path).text)
    monkeypatch.setattr(visit, "ROWS_A_PAGE", 7)
    walked: list[str] = []
    page = client.get(path).text
    while True:
        walked += links(page)
        if 'rel="next"' not in page:
            break
        following = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
        page = client.get(path.split("?", maxsplit=1)[0] + following).text
    assert walked[: len(whole)] == whole
    assert len(walked) == len(set(walked))


def test_a_file_of_a_list_opens_in_a_spreadsheet(visitor: Visitor, officer: User) -> None:
    answer = visitor(officer).get("/cases", params={"format": "csv", "status": "released"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["status"] for row in rows} == {"released"}
    assert {"648.00"} <= {row["value_yuan"] for row in rows}


def test_the_waiting_list_says_what_for(visitor: Visitor, officer: User) -> None:
    page = visitor(officer).get("/waiting", params={"for": "waybill"}).text
    assert "QDSHOW00000002" in page
    assert "QDSHOW00000001" not in page


def links(page: str) -> list[str]:
    """Numbers in the first column of a list."""
    rows = page.rsplit("<tbody>", maxsplit=1)[-1].split("</tbody>", maxsplit=1)[0].split("<tr>")[1:]
    return [row.split('href="')[1].split('"')[0] for row in rows]
