from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pydantic
import pytest

from sandan.store.settings import Settings


def test_defaults_are_a_sandbox_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "DATABASE_URL", "PRODUCTION"):
        monkeypatch.delenv(f"SANDAN_{name}", raising=False)
    settings = Settings()
    assert settings.home == Path.home() / ".sandan"
    assert (settings.production, settings.database_url, settings.port) == (False, "", 8321)


def test_the_environment_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDAN_HOME", "/srv/sandan")
    monkeypatch.setenv("SANDAN_WAIT_MISSING", "PT36H")
    assert Settings().home == Path("/srv/sandan")
    assert Settings().wait_missing == timedelta(hours=36)


@pytest.mark.parametrize(("name", "value"), [("workers", 0), ("workers", 101), ("port", -1), ("batch", 0)])
def test_nonsense_is_refused(name: str, value: int) -> None:
    with pytest.raises(pydantic.ValidationError, match=name):
        Settings(**{name: value})
