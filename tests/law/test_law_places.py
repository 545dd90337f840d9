"""Places: pilot zones and bonded import 1210, on the day before and the day of each change."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from sandan import law
from sandan.law import places
from sandan.law.facts import Evidence
from sandan.law.facts import Source
from sandan.law.places import PlaceFact
from sandan.law.supplied import Overlay

TODAY = date(2026, 11, 21)
REFERENCE = Path(__file__).parents[3] / "shared" / "law" / "zones.csv"
BATCHES = {"1": 1, "2": 12, "3": 22, "4": 24, "5": 46, "6": 27, "7": 33, "8": 16}


def told(city: str, kind: str, *, holds: bool = True) -> Overlay:
    """An operator's word about one city since 2020."""
    fact = PlaceFact(
        city=city,
        kind=kind,
        holds=holds,
        since=date(2020, 1, 1),
        until=None,
        source=Source(title="省政府公布的名单"),
        evidence=Evidence.OPERATOR,
    )
    return Overlay(places=(fact,))


def test_178_of_181_zones_are_active() -> None:
    assert len(places.zones()) == 181
    assert sum(zone.active(TODAY) for zone in places.zones()) == 178


def test_zones_came_in_eight_batches() -> None:
    counted = {batch: sum(zone.batch == batch for zone in places.zones()) for batch in BATCHES}
    assert counted == BATCHES


def test_three_zones_were_revoked_when_the_eighth_batch_was_published() -> None:
    revoked = {zone.zh for zone in places.zones() if zone.revoked == date(2025, 4, 25)}
    assert revoked == {"海口市", "三亚市", "阿拉山口市"}


@pytest.mark.parametrize(
    ("city", "eve", "day"),
    [
        ("杭州", date(2015, 3, 11), date(2015, 3, 12)),
        ("天津市", date(2016, 1, 14), date(2016, 1, 15)),
        ("Yiwu", date(2018, 8, 6), date(2018, 8, 7)),
        ("芜湖", date(2019, 12, 23), date(2019, 12, 24)),
        ("雄安新区", date(2020, 5, 5), date(2020, 5, 6)),
        ("廊坊", date(2022, 11, 23), date(2022, 11, 24)),
        ("三明", date(2025, 4, 24), date(2025, 4, 25)),
    ],
)
def test_a_zone_counts_from_its_publication(city: str, eve: date, day: date) -> None:
    """RZ-1: approval came earlier; rights count from publication."""
    assert law.at(eve).pilot_zone(city) is False
    assert law.at(day).pilot_zone(city) is True


def test_a_revoked_zone_ends_on_the_day_of_revocation() -> None:
    assert law.at(date(2025, 4, 24)).pilot_zone("阿拉山口") is True
    assert law.at(date(2025, 4, 25)).pilot_zone("阿拉山口") is False


def test_haikou_passes_from_its_own_zone_to_the_zone_of_the_island() -> None:
    assert law.at(date(2025, 4, 24)).pilot_zone("海口") is True
    assert law.at(date(2025, 4, 25)).pilot_zone("海口") is True


def test_another_city_of_the_island_joins_with_it() -> None:
    assert law.at(date(2025, 4, 24)).pilot_zone("儋州") is False
    assert law.at(date(2025, 4, 25)).pilot_zone("儋州") is True


def test_a_zone_known_from_memory_only_is_unknown() -> None:
    assert law.at(date(2022, 11, 23)).pilot_zone("枣庄") is False
    assert law.at(date(2022, 11, 24)).pilot_zone("枣庄") is None


def test_an_operators_text_settles_what_memory_cannot() -> None:
    assert law.at(TODAY, told("枣庄", "pilot_zone")).pilot_zone("枣庄市") is True


@pytest.mark.parametrize(
    ("city", "day", "answer"),
    [
        ("杭州", date(2016, 5, 10), None),
        ("杭州", date(2016, 5, 11), True),
        ("苏州", date(2017, 12, 31), False),
        ("苏州", date(2018, 1, 1), True),
        ("义乌", date(2018, 12, 31), False),
        ("义乌", date(2019, 1, 1), True),
        ("平潭", date(2019, 1, 1), True),
        ("南通", date(2020, 1, 16), False),
        ("南通", date(2020, 1, 17), True),
        ("三亚", date(2020, 1, 16), False),
        ("三亚", date(2020, 1, 17), True),
        ("洛阳", date(2020, 1, 16), False),
        ("洛阳", date(2020, 1, 17), None),
        ("洛阳", date(2021, 3, 17), None),
        ("洛阳", date(2021, 3, 18), True),
        ("示例市", date(2021, 3, 18), None),
        ("三明", date(2025, 4, 24), None),
        ("三明", date(2025, 4, 25), True),
    ],
)
def test_bonded_import_is_open_where_the_stage_of_the_day_says(city: str, day: date, *, answer: bool | None) -> None:
    assert law.at(day).bonded_place(city) is answer


def test_there_were_37_cities_and_not_37_more() -> None:
    assert sum(place.stage == places.FIRST_PUBLIC_LIST for place in places.bonded_places()) == 37


def test_a_city_known_to_hold_one_of_the_five_classes_is_open() -> None:
    overlay = told("示例市", "comprehensive_bonded_zone")
    assert law.at(date(2021, 3, 17), overlay).bonded_place("示例市") is None
    assert law.at(date(2021, 3, 18), overlay).bonded_place("示例市") is True


def test_an_operator_may_say_that_a_place_is_not_open() -> None:
    assert law.at(TODAY, told("洛阳", "bonded_1210", holds=False)).bonded_place("洛阳") is False


def test_a_domestic_firm_with_contracts_sells_to_the_end_of_march_2019() -> None:
    assert law.at(date(2019, 3, 31)).domestic_shop_may_sell()
    assert not law.at(date(2019, 4, 1)).domestic_shop_may_sell()


@pytest.mark.parametrize("name", ["平潭", "平潭综合实验区", "Pingtan", " pingtan "])
def test_a_place_answers_to_its_names(name: str) -> None:
    assert places.names_match(name, "平潭综合实验区", "Pingtan")


def test_jiangxi_and_fujian_are_not_confused() -> None:
    assert not places.names_match("抚州", "福州市", "Fuzhou")


@pytest.mark.shared
@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference folder is absent")
def test_the_zones_are_those_of_the_reference() -> None:
    with REFERENCE.open(encoding="utf-8") as rows:
        reference = [(row["zone_zh"], row["published_date"], row["revoked_date"]) for row in csv.DictReader(rows)]
    assert [(zone.zh, str(zone.published), str(zone.revoked or "")) for zone in places.zones()] == reference
