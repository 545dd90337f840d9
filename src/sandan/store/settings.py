"""What an operator sets, by environment variable (``SANDAN_…``) or by argument."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings
from pydantic_settings import SettingsConfigDict

from sandan.clearance.facts import Conditions


class Settings(BaseSettings):
    """One deployment's settings; each field is read from ``SANDAN_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="SANDAN_", frozen=True)

    #: Folder that holds everything this deployment keeps
    home: Path = Field(default_factory=lambda: Path.home() / ".sandan")
    #: PostgreSQL to use; empty starts one of our own in ``home``
    database_url: str = ""
    #: A real deployment: no clock control, no test keys, no invented data
    production: bool = False
    #: Who is customs: ``local``, we decide; ``remote``, another decides and its receipts are mirrored beside ours
    authority: Literal["local", "remote"] = "local"
    #: How long a list waits for missing documents before it is refused
    wait_missing: timedelta = timedelta(hours=24)
    #: How long a list waits for documents that are there but disagree; zero refuses at once
    wait_disagreement: timedelta = timedelta(0)
    #: Decision workers that ``sandan serve`` starts
    workers: int = Field(default=2, ge=1, le=100)
    #: Address the API and console listen on
    host: str = "127.0.0.1"
    port: int = Field(default=8321, ge=0, le=65535)
    #: Queue rows one worker claims at once
    batch: int = Field(default=2_000, ge=1, le=10_000)
    #: Documents that may wait for a decision before the door answers 429
    queue_limit: int = Field(default=200_000, ge=1)
    #: Largest message taken, in bytes
    message_limit: int = Field(default=4_000_000, ge=1)
    #: Folder whose ``in`` is read and whose ``out`` is written by the folder channel; empty for no such channel
    exchange: Path | None = None
    #: Broker messages are taken from and sent to, ``nats://…`` or ``amqp://…``; empty for none
    broker_url: str = ""

    @property
    def conditions(self) -> Conditions:
        """The part of it a decision depends on."""
        return Conditions(
            wait_missing=self.wait_missing, wait_disagreement=self.wait_disagreement, production=self.production
        )
