"""Goods, places and account books: whether they may come this way."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from sandan.clearance import check
from sandan.clearance.facts import Status
from sandan.law.facts import Evidence
from sandan.law.facts import Remark
from sandan.law.facts import Restriction
from sandan.law.facts import Severity
from sandan.law.facts import Source
from sandan.law.supplied import Ban
from sandan.law.supplied import LocalList
from sandan.law.supplied import Overlay
from sandan.law.supplied import Period
from sandan.law.supplied import Suspension
from sandan.ledger.facts import AccountId
from sandan.ledger.facts import AccountKind
from sandan.ledger.facts import Balance
from sandan.parties.facts import BookItem
from sandan.sandbox import world
from sandan.terms.ids import HsCode


def _found(scene: Any, papers: Any) -> list[tuple[str, str]]:
    """Rule and severity of every finding about the list by itself."""
    return [(f.rule, f.severity.value) for f in check.examine(papers.declaration, scene.bench())]


def _with_book(scene: Any, **changes: Any) -> None:
    book = replace(scene.registry.books[world.BOOK], **changes)
    scene.registry = replace(scene.registry, books={world.BOOK: book})


def _remark(scene: Any, goods: Any, remark: Remark) -> None:
    listed = {**scene.law.positive_list, goods.gcode[:8]: (scene.entry(goods, remark),)}
    scene.law = replace(scene.law, positive_list=listed)


def test_goods_not_on_the_list_at_hand_are_refused(scene: Any) -> None:
    scene.law = replace(scene.law, positive_list={})
    papers = scene.direct((scene.bag, 1))
    assert _found(scene, papers) == [("RPL-1", "refuse")]


def test_bonded_only_goods_come_by_1210_and_not_by_9610(scene: Any) -> None:
    assert _found(scene, scene.bonded((scene.lobster, 1))) == []
    assert _found(scene, scene.direct((scene.lobster, 1))) == [("RPL-2", "refuse")]


def test_a_name_outside_the_remark_asks_an_officer(scene: Any) -> None:
    remark = Remark(kind=Restriction.NAME_ONLY, text="仅限手提包", names=("手提包",))
    _remark(scene, scene.bag, remark)
    assert _found(scene, scene.direct((scene.bag, 1))) == []
    papers = scene.on_line(scene.direct((scene.bag, 1)), gname="双肩包")
    assert _found(scene, papers) == [("RPL-2", "review")]


def test_an_exclusion_is_noted_and_does_not_stop_the_list(scene: Any) -> None:
    _remark(scene, scene.bag, Remark(kind=Restriction.EXCLUSION, text="濒危物种制品除外"))
    papers = scene.direct((scene.bag, 1))
    assert _found(scene, papers) == [("RPL-2", "note")]
    assert scene.decide(papers).case.status is Status.RELEASED


@pytest.mark.parametrize(("count", "severity"), [(2, "note"), (3, "refuse")])
def test_more_than_a_years_quantity_in_one_list_is_refused(scene: Any, count: int, severity: str) -> None:
    """Two tins of 0.8 kg stay below 2 kg, three pass it; earlier purchases are not counted, which is noted."""
    remark = Remark(kind=Restriction.YEARLY_QUANTITY, text="每人每年2千克", quantity_e5=200_000, unit="035")
    _remark(scene, scene.milk, remark)
    assert _found(scene, scene.direct((scene.milk, count))) == [("RPL-2", severity)]


def test_codes_of_a_pool_are_counted_together(scene: Any) -> None:
    remark = Remark(
        kind=Restriction.YEARLY_QUANTITY, text="合计每人每年2千克", quantity_e5=200_000, unit="035", pool="p"
    )
    _remark(scene, scene.milk, remark)
    _remark(scene, scene.vitamins, remark)
    assert _found(scene, scene.direct((scene.milk, 2), (scene.vitamins, 2))) == [("RPL-2", "note")]
    assert _found(scene, scene.direct((scene.milk, 2), (scene.vitamins, 3))) == [("RPL-2", "refuse")]


def test_prohibited_goods_are_refused(scene: Any) -> None:
    """194/2018 art. 26 para. 3."""
    _suspended(scene, date(2026, 1, 1), kind=Ban.PROHIBITED)
    assert _found(scene, scene.direct()) == [("R194-26.3", "refuse")]


def _suspended(scene: Any, since: date, until: date | None = None, kind: Ban = Ban.EPIDEMIC) -> None:
    source = Source(title="海关总署公告（虚构）")
    period = Period(since=since, until=until, source=source, evidence=Evidence.INVENTED)
    ban = Suspension(code="1901", country="309", kind=kind, reason="疫区暂停", period=period)
    scene.law = replace(scene.law, suspensions=(ban,))


@pytest.mark.parametrize("mode", ["1210", "9610"])
def test_goods_from_an_epidemic_area_are_refused(scene: Any, mode: str) -> None:
    """From the first day of the suspension to its last."""
    _suspended(scene, scene.now.date(), scene.now.date())
    assert _found(scene, scene.papers(mode, ((scene.milk, 1),))) == [("R194-4.2", "refuse")]


def test_a_suspension_that_ended_yesterday_is_over(scene: Any) -> None:
    _suspended(scene, date(2026, 1, 1), date(2026, 11, 20))
    assert _found(scene, scene.direct()) == []


def test_a_suspension_speaks_of_its_country_only(scene: Any) -> None:
    _suspended(scene, date(2026, 1, 1))
    assert _found(scene, scene.on_line(scene.direct(), country="116")) == []


def test_a_closed_place_refuses_1210(scene: Any) -> None:
    scene.law = replace(scene.law, places=(scene.place(holds=False),))
    assert _found(scene, scene.bonded()) == [("R39-1", "refuse")]


def test_a_place_not_known_asks_an_officer(scene: Any) -> None:
    """194/2018 art. 18 with 商财发〔2021〕39号: public lists are partial, unknown is not no."""
    scene.law = replace(scene.law, places=())
    assert _found(scene, scene.bonded()) == [("R39-1", "review")]


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        (datetime(2020, 1, 16, 4, 0, tzinfo=UTC), "R1210-2"),
        (datetime(2020, 1, 17, 4, 0, tzinfo=UTC), "R1210-3"),
        (datetime(2021, 3, 17, 4, 0, tzinfo=UTC), "R1210-3"),
        (datetime(2021, 3, 18, 4, 0, tzinfo=UTC), "R39-1"),
    ],
)
def test_the_rule_about_places_is_that_of_the_day(new_scene: Any, now: datetime, rule: str) -> None:
    scene = new_scene(now)
    scene.law = replace(scene.law, places=(scene.place(holds=False),))
    assert (rule, "refuse") in _found(scene, scene.bonded())


def test_1239_is_for_zones_outside_the_scope_of_1210(scene: Any) -> None:
    """The declarant is reminded of the endnotes of the positive list (194/2018 art. 4 para. 2)."""
    _with_book(scene, trade_mode="1239")
    scene.law = replace(scene.law, places=(scene.place(holds=False),))
    papers = scene.on_list(scene.bonded(), trade_mode="1239")
    assert _found(scene, papers) == [("R194-4.3", "note")]


def test_bonded_import_is_run_in_a_zone_or_centre(scene: Any) -> None:
    _with_book(scene, zone="")
    assert _found(scene, scene.bonded()) == [("R194-18.1", "refuse")]


def test_the_mode_is_that_of_first_line_entry(scene: Any) -> None:
    _with_book(scene, trade_mode="1239")
    assert _found(scene, scene.bonded()) == [("R2L-3", "refuse")]


@pytest.mark.parametrize("vehicle", ["2", "4", "5", "6"])
def test_goods_leave_a_zone_by_no_vehicle_mode(scene: Any, vehicle: str) -> None:
    assert _found(scene, scene.on_list(scene.bonded(), traf_mode=vehicle)) == [("R2L-4", "refuse")]


def test_a_site_may_narrow_its_exit_modes(scene: Any) -> None:
    _with_book(scene, exit_transport=("Y",))
    assert _found(scene, scene.bonded()) == [("R2L-4", "refuse")]


def test_a_zone_may_narrow_the_goods(scene: Any) -> None:
    period = Period(since=date(2026, 1, 1), until=None, source=Source(title="x"), evidence=Evidence.INVENTED)
    line = LocalList(zone=world.CITY, code="1901", kind="negative", period=period)
    scene.law = replace(scene.law, local_lists=(line,))
    assert _found(scene, scene.bonded()) == [("RZ-2", "refuse")]


def test_an_unknown_book_is_refused(scene: Any) -> None:
    assert _found(scene, scene.on_list(scene.bonded(), ems_no="T9999W000001")) == [("STOCK-1", "refuse")]


def test_the_book_belongs_to_the_warehouse_named(scene: Any) -> None:
    _with_book(scene, owner=world.AGENT)
    assert _found(scene, scene.bonded()) == [("STOCK-1", "refuse")]


def test_an_item_the_book_does_not_have_is_refused(scene: Any) -> None:
    assert _found(scene, scene.on_line(scene.bonded(), item_record_no="YT-999")) == [("STOCK-2", "refuse")]


@pytest.mark.parametrize("item", [("1901109000", "122"), ("1901101000", "140")])
def test_an_item_has_the_code_and_unit_of_the_book(scene: Any, item: tuple[str, str]) -> None:
    gcode, unit = item
    _with_book(scene, items={"YT-001": BookItem(item_no="YT-001", gcode=HsCode(gcode), unit=unit)})
    assert _found(scene, scene.bonded()) == [("STOCK-3", "refuse")]


def test_a_code_the_tariff_does_not_know_is_refused_not_guessed(scene: Any) -> None:
    rules = {rule for rule, _ in _found(scene, scene.on_line(scene.direct(), gcode="9999999999"))}
    assert rules == {"CEB-6.3.7", "RPL-1"}


def test_without_an_operators_files_nothing_is_guessed(scene: Any) -> None:
    """No list, no rates, no places at hand: refused with the reason, never released."""
    scene.law = Overlay()
    decision = scene.decide(scene.bonded((scene.bag, 1)))
    assert decision.case.status is Status.REFUSED
    assert any(f.severity is Severity.REFUSE for f in decision.findings)
    assert decision.postings == ()


def test_stock_is_only_drawn_by_bonded_lists(scene: Any) -> None:
    scene.balances[AccountId(world.BOOK, AccountKind.STOCK, "YT-001")] = Balance()
    assert scene.decide(scene.direct()).case.status is Status.RELEASED
