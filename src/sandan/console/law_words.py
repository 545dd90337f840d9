"""The words of the law pages: states, evidence, actors, units and kinds of file."""

from __future__ import annotations

from sandan.console.words import mark

RULE_STATES = {
    "in-force": mark("In force"),
    "not-yet": mark("Not yet in force"),
    "ended": mark("No longer in force"),
    "off": mark("Off"),
    "unverified": mark("Unverified, off"),
    "none": mark("No value"),
}
"""State of a rule or a parameter on a day."""

EVIDENCE = {
    "stated": mark("Stands in a source text at hand"),
    "found": mark("Found in a public page"),
    "memory": mark("Unverified: from memory, no source found"),
    "interpretation": mark("Interpretation, changeable"),
    "operator": mark("Supplied by the operator"),
    "invented": mark("Invented for a demonstration"),
}
"""How well a statement is supported."""

ACTORS = {
    "agent": mark("domestic agent"),
    "broker": mark("customs broker"),
    "collector": mark("collector of the tax"),
    "consumer": mark("consumer"),
    "customs": mark("customs"),
    "declarant": mark("declarant"),
    "logistics": mark("logistics enterprise"),
    "payment": mark("payment enterprise"),
    "platform": mark("e-commerce platform"),
    "shop": mark("e-commerce enterprise"),
    "site": mark("supervised site"),
    "tax": mark("tax authority"),
    "warehouse": mark("warehouse"),
    "zone": mark("zone authority"),
}
"""Whom a rule speaks to."""

FILE_KINDS = {
    "positive_list": mark("Positive list"),
    "tariff": mark("Tariff and units"),
    "places": mark("Places"),
    "suspensions": mark("Suspensions and prohibitions"),
    "local_lists": mark("Local lists"),
    "parameters": mark("Parameters"),
    "rules": mark("Rules on and off"),
}
"""Kinds of an operator's file."""

CHANGE_KINDS = FILE_KINDS | {
    "parameter": mark("Parameter"),
    "rule": mark("Rule"),
    "zone": mark("Pilot zone"),
    "switches": mark("Rules on and off"),
}
"""Kinds of a change of law."""

CHANGE_WORDS = RULE_STATES | {
    "zone": mark("pilot zone"),
    "no zone": mark("no pilot zone"),
    "stands": mark("stands"),
}
"""What stood before and stands after a change, where it is no value."""

STAGES = {
    "transitional": mark("Transitional measures: ten, later fifteen cities"),
    "37-cities": mark("Thirty-seven cities"),
    "86-cities-and-hainan": mark("Eighty-six cities and Hainan"),
    "five-classes": mark("Five classes of places"),
}
"""Stages of the places of bonded import."""

PLACE_KINDS = {
    "bonded_1210": mark("Bonded import 1210"),
    "pilot_zone": mark("Comprehensive pilot zone"),
    "pilot_ftz": mark("Pilot free trade zone"),
    "comprehensive_bonded_zone": mark("Comprehensive bonded zone"),
    "import_promotion_zone": mark("Import promotion zone"),
    "bonded_logistics_centre_b": mark("Bonded logistics centre (B)"),
}
"""What a city can hold."""
