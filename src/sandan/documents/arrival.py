"""What a document is to the ones already stored under its key: new, the same again, a permitted change, or refused.

Objections are those of the published specification (202205), table 7-2; their codes and texts stand in the catalogue.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from sandan.documents.facts import AppStatus
from sandan.documents.facts import AppType
from sandan.documents.facts import Document
from sandan.documents.facts import Kind
from sandan.documents.facts import OfficerAct
from sandan.documents.versions import content_hash
from sandan.terms.ids import RuleId


class DocumentState(StrEnum):
    """What has become of one version of a document."""

    RECEIVED = "received"
    """Stored, not answered yet; for a list: its case is undecided."""
    DRAFT = "draft"
    """Saved only (暂存)."""
    ACCEPTED = "accepted"
    """Answered with 120; for a list: its case was accepted."""
    REFUSED = "refused"
    """Answered with 100 or a negative code."""
    DELETED = "deleted"
    """Taken back by its sender (删除)."""
    REPLACED = "replaced"
    """A newer version took its place: a list before it was decided, a payment (变更), a draft that was deleted."""


class CaseStage(StrEnum):
    """How far the case that uses a document has come."""

    NONE = "none"
    """No list has named the document, or the one that did was refused."""
    OPEN = "open"
    """A list names it and is still undecided (电子口岸申报中)."""
    DECLARED = "declared"
    """Customs has accepted the list."""


class Stored(Struct, frozen=True, kw_only=True):
    """The version that stands under a key: the newest one not refused, or else the newest."""

    version: int
    state: DocumentState
    #: Its appTime, fourteen digits, Beijing time
    app_time: str
    content_hash: bytes


class Verdict(StrEnum):
    """What is to be done with an arrival."""

    NEW = "new"
    """A new version, to be judged."""
    REPEAT = "repeat"
    """The same content again: the first answer is given again."""
    REFUSED = "refused"
    """Not taken into account; kept, and answered with a code."""


class Objection(StrEnum):
    """Why an arrival is not taken into account; together with the kind it names a rule of the catalogue."""

    EXISTS = "EXISTS"
    """An addition under a number that stands with other content (已存在相同编号)."""
    ABSENT = "ABSENT"
    """A change or deletion of what does not exist (未找到操作的单证)."""
    DECLARED = "DECLARED"
    """A change of what customs has already accepted a list for (已向海关申报，状态不符)."""
    STALE = "STALE"
    """An ``appTime`` not newer than the stored one (接收报文为旧报文数据，不做处理)."""

    def rule(self, kind: Kind) -> RuleId:
        """The rule, such as ``CEB-EXISTS-ORDER``; its code and text are those of table 7-2."""
        return RuleId(f"CEB-{self.value}-{kind.name}")


class Admission(Struct, frozen=True, kw_only=True):
    """The verdict, and for a refusal why."""

    verdict: Verdict
    objection: Objection | None = None


_NEW = Admission(verdict=Verdict.NEW)
_REPEAT = Admission(verdict=Verdict.REPEAT)
_GONE = frozenset({DocumentState.DELETED, DocumentState.REPLACED})
_WITHDRAWN = frozenset({DocumentState.REFUSED, DocumentState.DELETED, DocumentState.REPLACED})


def admit(new: Document, stored: Stored | None, stage: CaseStage) -> Admission:
    """Judges an arrival by what stands under its key (specification 202205, appType and table 7-2).

    The same content is a repeat while what stands is undecided or accepted. After a refusal a newer ``appTime`` opens
    a new version. Other content needs ``appType`` 2 or 3, a newer ``appTime``, and a case customs has not accepted.
    A draft gives way to anything newer; what was deleted can only be added again; a deletion that is only saved
    (``appStatus`` 1) deletes a draft and nothing else.

    Args:
        new: What arrived.
        stored: What stands under its key; None if nothing was ever stored.
        stage: How far the case that uses the document has come.
    """
    if isinstance(new, OfficerAct):
        return _NEW if stored is None else _REPEAT
    if stored is None or (stored.state in _GONE and _app_type(new) != AppType.ADD):
        return _NEW if stored is None and new.head.app_type == AppType.ADD else _gone(new, stored)
    same = content_hash(new) == stored.content_hash
    if stored.state in _WITHDRAWN:
        return _after_refusal(new, stored, same=same)
    if same:
        return _REPEAT
    return _other_content(new, stored, stage)


def _gone(new: Document, stored: Stored | None) -> Admission:
    """A change or deletion of what does not exist, or no longer; the deletion itself may come again."""
    if stored is not None and content_hash(new) == stored.content_hash:
        return _REPEAT
    return _refuse(Objection.ABSENT)


def _after_refusal(new: Document, stored: Stored, *, same: bool) -> Admission:
    if _time(new) > stored.app_time:
        return _refuse(Objection.ABSENT) if _drops_a_draft(new) else _NEW
    if same and _time(new) == stored.app_time:
        return _REPEAT
    return _refuse(Objection.STALE)


def _other_content(new: Document, stored: Stored, stage: CaseStage) -> Admission:
    if _time(new) < stored.app_time:
        return _refuse(Objection.STALE)
    draft = stored.state is DocumentState.DRAFT
    if _app_type(new) == AppType.ADD and not draft:
        return _refuse(Objection.EXISTS)
    if stage is CaseStage.DECLARED:
        return _refuse(Objection.DECLARED)
    if _drops_a_draft(new) and not draft:
        return _refuse(Objection.ABSENT)
    return _NEW if _time(new) > stored.app_time else _refuse(Objection.STALE)


def _drops_a_draft(new: Document) -> bool:
    """A deletion that is itself only saved: nothing declared may be deleted by it."""
    return not isinstance(new, OfficerAct) and (new.head.app_type, new.head.app_status) == (
        AppType.DELETE,
        AppStatus.DRAFT,
    )


def _refuse(objection: Objection) -> Admission:
    return Admission(verdict=Verdict.REFUSED, objection=objection)


def _time(document: Document) -> str:
    return "" if isinstance(document, OfficerAct) else document.head.app_time


def _app_type(document: Document) -> str:
    return "" if isinstance(document, OfficerAct) else document.head.app_type
