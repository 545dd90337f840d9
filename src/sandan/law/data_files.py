"""Reading the data that ships with this room: small YAML files and CSV tables with a header of remarks."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml


def folder(name: str) -> Traversable:
    """A folder of this room's data."""
    return files("sandan.law").joinpath("data", name)


def documents(name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """File name and content of every YAML file of a folder, in order of name."""
    for item in sorted(folder(name).iterdir(), key=lambda entry: entry.name):
        if item.name.endswith(".yaml"):
            yield item.name, yaml.load(item.read_bytes(), Loader=yaml.CSafeLoader)


def table(folder_name: str, name: str) -> list[dict[str, str]]:
    """Rows of a CSV table, gzipped or not, without its header of remarks."""
    data = folder(folder_name).joinpath(name).read_bytes()
    text = gzip.decompress(data) if name.endswith(".gz") else data
    lines = [line for line in text.decode("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def day(text: str) -> date | None:
    """A day of a table; None where the field is empty."""
    return date.fromisoformat(text) if text else None
