"""Whole ways through the platform: by broker though its server is killed, and by a folder pair in DXP envelopes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

import nats
import nats.errors
import psycopg
import pytest
from psycopg_pool import ConnectionPool

from sandan.clearance.facts import Conditions
from sandan.intake.door import Door
from sandan.intake.folder import Folder
from sandan.intake.folder import FolderSettings
from sandan.sandbox import world
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Maker
from sandan.sandbox.seed import seed
from sandan.wire import dxp
from sandan.wire.dxp import Envelope
from sandan.wire.dxp import TransInfo
from sandan.wire.dxp import unwrap
from sandan.work.deliver import Courier
from sandan.work.worker import Duty
from sandan.work.worker import Worker

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
AGENT_ID = "DXPENT0000900301"

PROGRAM = """
import sys
from pathlib import Path
from sandan.api.serve import Composition, run
from sandan.store.settings import Settings

if __name__ == "__main__":
    settings = Settings(home=Path(sys.argv[1]), database_url=sys.argv[2], port=0, workers=1, broker_url=sys.argv[3])
    run(settings, Composition(ready=lambda address: print(address, flush=True)))
"""


class Clock:
    def now(self) -> datetime:
        return NOW


def messages(office: Office, at: datetime) -> Mapping[str, bytes]:
    """The four signed messages of a parcel, each in the envelope of its sender."""
    papers = Maker(17, at, "CHANNEL").ordinary().full
    sent = [office.message([paper]) for paper in papers]
    return {
        one.kind.value: dxp.wrap(
            one.data,
            TransInfo(
                cop_msg_id=f"{one.kind.value}-1",
                sender_id=office.enterprises[one.sender].dxp_ids[0],
                receiver_ids=(dxp.IMPORT_RECEIVER,),
                created=at,
                message_type={"order": "CEB311", "payment": "CEB411", "waybill": "CEB511", "list": "CEB621"}[
                    one.kind.value
                ]
                + "Message",
            ),
        )
        for one in sent
    }


@pytest.fixture
def site(database_url: str, nats_server: Any, tmp_path: Path, office: Office) -> Iterator[str]:
    """`sandan serve` with a broker, and the agent's receipts delivered by it."""
    with psycopg.connect(database_url) as conn:
        seed(conn, office, datetime.now(UTC))
        conn.execute(
            "INSERT INTO subscriptions (recipient, channel, target) VALUES (%s, 'broker', %s)", [world.AGENT, AGENT_ID]
        )
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    command = [sys.executable, str(program), str(tmp_path), database_url, nats_server.url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert any(line.startswith("http") for line in process.stdout)
    yield database_url
    process.terminate()
    assert process.wait(40) == 0
    process.stdout.close()


def exchange(url: str, bodies: list[bytes]) -> None:
    async def run() -> None:
        client = await nats.connect(url)
        for body in bodies:
            await client.jetstream().publish("sandan.in.test", body)
        await client.close()

    asyncio.run(run())


def receipts_until_released(url: str) -> list[Envelope]:
    async def run() -> list[Envelope]:
        client = await nats.connect(url)
        waiting = await client.jetstream().pull_subscribe(f"sandan.out.{AGENT_ID}", durable="agent")
        found: list[Envelope] = []
        while not any(b"<returnStatus>800<" in one.data for one in found):
            (message,) = await waiting.fetch(1, timeout=60)
            await message.ack()
            envelope = unwrap(message.data)
            assert envelope is not None
            found.append(envelope)
        await client.close()
        return found

    return asyncio.run(run())


def test_a_parcel_clears_by_broker_though_the_server_is_killed(site: str, nats_server: Any, office: Office) -> None:
    """Two messages, the server dies, it comes back, the other two: release arrives, and every receipt once."""
    sent = messages(office, datetime.now(UTC))
    assert site
    exchange(nats_server.url, [sent["order"], sent["payment"]])
    nats_server.kill()
    nats_server.start()
    exchange(nats_server.url, [sent["waybill"], sent["list"], sent["list"]])
    found = receipts_until_released(nats_server.url)
    assert {one.sender_id for one in found} == {dxp.IMPORT_RECEIVER}
    assert {one.receiver_ids for one in found} == {(AGENT_ID,)}
    ids = [one.cop_msg_id for one in found]
    assert len(set(ids)) == len(ids)


class TestFolderPair:
    @pytest.fixture
    def answered(
        self, seeded: ConnectionPool, conn: psycopg.Connection, tmp_path: Path, office: Office
    ) -> list[Envelope]:
        """Four envelopes through the in-folder; what the agent finds in its out-folder."""
        conn.execute(
            "INSERT INTO subscriptions (recipient, channel, target, address) VALUES (%s, 'folder', %s, %s)",
            [world.AGENT, str(tmp_path / "receipts"), AGENT_ID],
        )
        conn.commit()
        pair = Folder(
            FolderSettings(inbound=tmp_path / "in", outbound=tmp_path / "out"), Door(seeded, Clock()), Clock()
        )
        for name, body in messages(office, NOW).items():
            (tmp_path / "in" / f"{name}.tmp").write_bytes(body)
            (tmp_path / "in" / f"{name}.tmp").rename(tmp_path / "in" / f"{name}.xml")
        assert pair.scan() == 4
        conditions = Conditions(wait_missing=timedelta(hours=24), wait_disagreement=timedelta(0))
        Worker(seeded, Clock(), Duty(conditions=conditions)).drain()
        Courier(seeded, Clock()).run_once()
        files = sorted((tmp_path / "receipts").iterdir())
        return [envelope for file in files if (envelope := unwrap(file.read_bytes())) is not None]

    def test_the_receipts_come_in_envelopes_and_end_with_release(self, answered: list[Envelope]) -> None:
        assert [one.message_type for one in answered] == ["CEB622Message"] * len(answered)
        assert b"[Code:2600;Desc:" in answered[-1].data
        assert all(one.receiver_ids == (AGENT_ID,) and not one.faults for one in answered)

    def test_each_has_an_id_of_its_own(self, answered: list[Envelope]) -> None:
        assert len({one.cop_msg_id for one in answered}) == len(answered) == 3
