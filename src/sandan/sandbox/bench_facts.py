"""What the bench is asked to measure, and what it has measured."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct

from sandan.signing.port import Algorithm

SIZES = (1, 10, 100)
"""Documents a message."""

PAPERS_A_PARCEL = 4
"""Order, payment, waybill and list."""


class Plan(Struct, frozen=True, kw_only=True):
    """How much is measured."""

    #: Parcels of one case at most; all are signed before the clock starts
    parcels: int
    #: Seconds a case sends at most; what was sent by then is decided to the end
    seconds: float
    #: Processes that send and decide
    processes: int


class Load(Struct, frozen=True, kw_only=True):
    """One case: what is sent through which door."""

    #: ``door``: in the deciding processes; ``http``: over loopback to a server of its own
    way: str
    algorithm: Algorithm
    #: Documents a message
    size: int
    parcels: int
    #: Parcels a second that are offered; zero sends as fast as the door takes them
    pace: float = 0.0

    @property
    def name(self) -> str:
        """Name in tables."""
        kind = "sm2" if self.algorithm is Algorithm.SM2_SM3 else "rsa"
        return f"{self.way} {kind} ×{self.size}"


class Times(Struct, kw_only=True):
    """Seconds by stage, each without the stages inside it."""

    cpu: dict[str, float] = {}
    wall: dict[str, float] = {}


class Shift(Struct, frozen=True, kw_only=True):
    """What one process of a case did."""

    #: Monotonic seconds, the same clock in all processes
    begun: float
    ended: float
    parcels: int
    messages: int
    #: CPU seconds of the process
    cpu: float
    times: Times
    #: Moment a batch was judged at, and moment it was durable
    batches: list[tuple[datetime, datetime]]
    #: Moment the last paper of each list was due to be sent, by list key; only where a pace is kept
    due: dict[str, datetime]


class Latency(Struct, frozen=True, kw_only=True):
    """How long senders waited, in milliseconds."""

    p50_ms: float
    p99_ms: float
    count: int


class Proof(Struct, frozen=True, kw_only=True):
    """What the store says afterwards."""

    #: Parcels sent and not released
    lost: int
    #: Rows still queued, or set aside by a fault of ours
    left_over: int
    #: Faults the audit names
    audit_faults: int
    #: Rows the case left in all tables
    rows: int

    @property
    def ok(self) -> bool:
        """Whether nothing was lost and everything agrees."""
        return not (self.lost or self.left_over or self.audit_faults)


class Measured(Struct, frozen=True, kw_only=True):
    """One case, measured."""

    name: str
    way: str
    algorithm: str
    size: int
    parcels: int
    messages: int
    seconds: float
    #: Parcels from signed bytes to durable decision and receipts
    parcels_per_s: float
    #: CPU microseconds a parcel, by stage
    stages_us: dict[str, float]
    #: Seconds on the clock a parcel and process, by stage, as microseconds
    waits_us: dict[str, float]
    #: CPU microseconds a parcel of all processes of PostgreSQL; None where it runs on another machine
    postgres_us: float | None
    #: Cores kept busy by all of it
    cores_busy: float
    #: Cores that other programs of the machine kept busy meanwhile; figures on the clock suffer from them
    others_busy: float
    #: Least CPU microseconds a parcel the floors allow, by stage
    floor_us: dict[str, float]
    proof: Proof
    #: From request to acknowledgement, or from the last paper due to the receipt of release
    latency: Latency | None = None

    @property
    def total_us(self) -> float:
        """CPU microseconds a parcel of everything."""
        return sum(self.stages_us.values()) + (self.postgres_us or 0.0)

    def allowed(self, cores: int) -> float:
        """Parcels a second the CPU allows, were all cores free for it and nothing waited for."""
        return cores * 1e6 / self.total_us if self.total_us else 0.0


class Floors(Struct, frozen=True, kw_only=True):
    """What this machine does at best, one process on one core."""

    #: CPU microseconds of one lxml parse of a message, by documents a message
    parse_us: dict[int, float]
    #: Canonicalisation by lxml and SHA-256 of it
    c14n_us: dict[int, float]
    rsa_verify_us: float
    sm2_verify_us: float
    #: One connection inserting one small message a transaction, fsync on
    commits_per_s: float
    #: One connection copying rows of one kilobyte into an indexed table
    copy_rows_per_s: float
    #: CPU microseconds of PostgreSQL for one of these rows; None where it runs on another machine
    copy_row_us: float | None

    def of(self, load: Load) -> dict[str, float]:
        """Floor of each stage in CPU microseconds a parcel."""
        messages = PAPERS_A_PARCEL / load.size
        key = self.sm2_verify_us if load.algorithm is Algorithm.SM2_SM3 else self.rsa_verify_us
        return {
            "parse": self.parse_us[load.size] * messages,
            "verify": (self.c14n_us[load.size] + key) * messages,
        }


class WireCase(Struct, frozen=True, kw_only=True):
    """One kind of message, verified and decoded on one core."""

    name: str
    algorithm: str
    #: Documents a message
    size: int
    message_bytes: int
    #: Messages a second of CPU, from bytes to a verdict on the signature; parsing an ordinary message decodes it, too
    verified_per_s: float
    #: Messages a second of CPU, from bytes to verified and decoded documents whose signer is known
    decoded_per_s: float
    #: Messages a second of CPU, from bytes to the verdict of another library, by its name; none knows SM2
    others_per_s: dict[str, float]

    @property
    def times_faster(self) -> dict[str, float]:
        """How many times faster the verifier is than each library, bytes to verdict both."""
        return {name: self.verified_per_s / speed for name, speed in self.others_per_s.items()}


class Wire(Struct, frozen=True, kw_only=True):
    """Messages and receipts a second on one core."""

    cases: list[WireCase]
    #: Receipts written a second of CPU, by receipts a message
    receipts_per_s: dict[int, float]
    #: Libraries that are not installed
    absent: list[str]

    @property
    def least_times_faster(self) -> float | None:
        """The closest any library comes; None where none was measured."""
        return min((times for case in self.cases for times in case.times_faster.values()), default=None)

    def json(self) -> bytes:
        """One line."""
        return msgspec.json.encode(self)


class Bench(Struct, frozen=True, kw_only=True):
    """The whole result."""

    cores: int
    processes: int
    floors: Floors
    cases: list[Measured]
    next_bottleneck: str
    ok: bool
    wire: Wire | None = None

    def json(self) -> bytes:
        """One line."""
        return msgspec.json.encode(self)
