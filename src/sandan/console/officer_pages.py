"""The officer's desk: what stands before an officer, the oldest first, and the acts on it (关员处置)."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from starlette.responses import Response

from sandan.console.case_pages import ref_of
from sandan.console.visit import BAD_REQUEST
from sandan.console.visit import Visit
from sandan.console.visit import go
from sandan.documents.facts import OfficerAct
from sandan.documents.facts import OfficerVerdict
from sandan.store.views import lists
from sandan.terms.ids import Guid

SHORTEST_REASON = 4
"""Characters of a reason; the declarant reads it, so a dot is none."""

LONGEST_REASON = 500


def work_list(visit: Visit) -> Response:
    """Returns the lists in review, inspection or hold, the oldest first."""
    status = visit.query("status")
    statuses = (status,) if status in lists.BEFORE_OFFICER else lists.BEFORE_OFFICER
    with visit.reading() as conn:
        page = lists.oldest(conn, lists.Filter(statuses), visit.scope, visit.cut)
    return visit.show("work_list.html", page=page, kept={"status": status if len(statuses) == 1 else ""})


def act(visit: Visit) -> Response:
    """Hands an officer's act to the intake: needs a verdict, a confirmation and a reason the declarant can read."""
    _ = visit.gettext
    made = _act(visit)
    if isinstance(made, str):
        return visit.refuse(BAD_REQUEST, _("Nothing was decided"), made)
    acted = visit.deps.submit_act(made, visit.reader)
    if not acted.taken:
        why = acted.reason_zh if visit.language == "zh" else acted.reason_en
        return visit.refuse(BAD_REQUEST, _("Nothing was decided"), why)
    subject = made.subject
    return go(f"/case/{quote(subject.owner)}/{quote(subject.key)}?acted={made.verdict}")


def _act(visit: Visit) -> OfficerAct | str:
    """The act in the form, or the sentence that says what is missing."""
    _ = visit.gettext
    verdict = visit.form.get("verdict", "")
    if verdict not in set(OfficerVerdict):
        return _("Choose one decision: release, refuse, hold or order an inspection.")
    reason = visit.form.get("reason", "").strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        return _("Give a reason of 4 to 500 characters; the declarant will read it.")
    if visit.form.get("confirmed") != "yes":
        return _("Confirm the decision with the tick box.")
    if not visit.form.get("seen_version", "").isdecimal():
        return _("The form does not say which version of the case you saw. Reload the case.")
    return OfficerAct(
        guid=Guid(str(uuid.uuid4()).upper()),
        subject=ref_of(visit),
        officer=visit.reader.account,
        verdict=OfficerVerdict(verdict),
        reason=reason,
        seen_version=int(visit.form["seen_version"]),
    )
