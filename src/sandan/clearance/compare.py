"""The comparison of order, payment, waybill and list (三单比对), and its board for people.

194/2018 art. 6 and 9; second-line exit section 1; message specification section 6.2 and the receipts seen in traffic
(1320, 1322, 1327, 1332, 13035, 13127, 130126). One table of fields serves both: what is compared is what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from operator import attrgetter
from typing import Any
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from sandan.clearance.facts import Papers
from sandan.clearance.pairs import IDENTITY
from sandan.clearance.pairs import LINE_FIELDS
from sandan.clearance.pairs import LIST
from sandan.clearance.pairs import OPTIONAL
from sandan.clearance.pairs import ORDER
from sandan.clearance.pairs import PAIRS
from sandan.clearance.pairs import PAYMENT
from sandan.clearance.pairs import WAYBILL
from sandan.clearance.pairs import Pair
from sandan.documents.facts import DeclarationList
from sandan.documents.facts import ListLine
from sandan.documents.facts import Order
from sandan.documents.facts import OrderLine
from sandan.documents.facts import Payment
from sandan.documents.facts import Received
from sandan.law.facts import Finding
from sandan.law.facts import Said
from sandan.law.facts import Severity
from sandan.parties.bench import Bench
from sandan.parties.breach import CLEAN
from sandan.parties.breach import Findings
from sandan.parties.breach import breach
from sandan.terms.ids import RuleId
from sandan.terms.money import format_e5

DOCUMENTS = (ORDER, PAYMENT, WAYBILL, LIST)
"""The four papers, in the order the board shows them."""

LINES = RuleId("CEB-6.2.5")
PAID = RuleId("CEB-6.1.2")
GOODS_VALUE = RuleId("CEB-6.1.3")

MISSING_NAMES = {ORDER: "电子订单", PAYMENT: "支付凭证", WAYBILL: "物流运单"}
_COUNT_CODE = "1320"
_UNSAID = ("", None)
_SAME_LINE = attrgetter(*LINE_FIELDS)


class BoardRow(Struct, frozen=True, kw_only=True):
    """One field of the match board."""

    #: Our name of the field; lines as ``lines[2].qty``
    field: str
    #: Value in each document that has the field, as shown; a paper that is missing has none
    values: Mapping[str, str]
    #: Enterprise that sent each of these documents
    senders: Mapping[str, str]
    agrees: bool
    #: Rule a disagreement breaks
    rule: RuleId


def missing(papers: Papers, bench: Bench) -> Findings:
    """Papers that have not come: the list waits for them (194/2018 art. 6; second-line exit section 1)."""
    declaration = cast("DeclarationList", papers.declaration.document)
    sale = f"{declaration.ebp_code}/{declaration.order_no}"
    absent = []
    if papers.order is None:
        absent.append(_absent(ORDER, "order_no", sale, bench))
    if not papers.payments:
        absent.append(_absent(PAYMENT, "order_no", sale, bench))
    if papers.waybill is None:
        carried = f"{declaration.logistics_code}/{declaration.logistics_no}"
        absent.append(_absent(WAYBILL, "logistics_no", carried, bench))
    return tuple(absent) if absent else CLEAN


def disagreements(papers: Papers, bench: Bench) -> Findings:
    """Every field in which papers that are there disagree, with both values and who sent them.

    The payer need not be the orderer where the platform has the orderer's identity authenticated (art. 9).
    """
    found: list[Finding] = []
    authenticated = _authenticated(papers, bench)
    for sides in _settings(papers):
        for pair in _suspects(sides):
            if not _agrees(pair, sides) and not (authenticated and pair.rule == IDENTITY):
                found += _differs(pair, sides, bench)
    found += _paid(papers, bench)
    found += _goods(papers, bench)
    return tuple(found) if found else CLEAN


def board(papers: Papers, bench: Bench | None = None) -> tuple[BoardRow, ...]:
    """Every compared field with its value in each paper, agreeing or not, for people to look at.

    Where several payments count, those after the first have their own rows, named ``payments[2].…``.

    Args:
        papers: The papers that are there.
        bench: Register that says whether the platform has identities authenticated, in which case another payer
            does not count as disagreeing; without it he does.
    """
    first, *others = _settings(papers)
    excused = bench is not None and _authenticated(papers, bench)
    bound = [pair for pair in PAIRS if not (excused and pair.rule == IDENTITY)]
    rows = [_row(field, first, bound) for field in _STANDS]
    for place, sides in enumerate(others, 2):
        of_payment = (_row(field, sides, bound) for field, stands in _STANDS.items() if PAYMENT in stands)
        rows += [replace(row, field=f"payments[{place}].{row.field}") for row in of_payment]
    return (*rows, *_sum_rows(papers), *_line_rows(papers))


def versions(papers: Papers) -> dict[str, int]:
    """Which version of each paper was compared."""
    known = {LIST: papers.declaration.version}
    if papers.order is not None:
        known[ORDER] = papers.order.version
    if papers.payments:
        known[PAYMENT] = papers.payments[-1].version
    if papers.waybill is not None:
        known[WAYBILL] = papers.waybill.version
    return known


def payments_of(papers: Papers) -> tuple[Received, ...]:
    """The payments that count: the one the order names if it pays the order alone, else all of them together."""
    if papers.order is None or len(papers.payments) < 2:  # noqa: PLR2004 - several
        return papers.payments
    order = cast("Order", papers.order.document)
    for received in papers.payments:
        payment = cast("Payment", received.document)
        named = payment.pay_transaction_id == order.pay_transaction_id
        if named and payment.amount_paid_e5 == order.actual_paid_e5:
            return (received,)
    return papers.payments


Sides = Mapping[str, Received]
"""Papers that are there, by document."""


def _settings(papers: Papers) -> list[Sides]:
    """The papers side by side, once for every payment that counts."""
    sides = {LIST: papers.declaration}
    if papers.order is not None:
        sides[ORDER] = papers.order
    if papers.waybill is not None:
        sides[WAYBILL] = papers.waybill
    payments = payments_of(papers)
    return [{**sides, PAYMENT: payment} for payment in payments] if payments else [sides]


def _suspects(sides: Sides) -> Iterator[Pair]:
    """Pairs of the documents that differ in any compared field; those that agree in all are passed over at once."""
    for (left, right), (pairs, values_left, values_right) in _BUNDLES.items():
        a, b = sides.get(left), sides.get(right)
        if a is not None and b is not None and values_left(a.document) != values_right(b.document):
            yield from pairs


def _agrees(pair: Pair, sides: Sides) -> bool:
    left, right = sides.get(pair.left), sides.get(pair.right)
    if left is None or right is None:
        return True
    a, b = getattr(left.document, pair.left_name), getattr(right.document, pair.right_name)
    return a == b or (pair.field in OPTIONAL and (a in _UNSAID or b in _UNSAID))


def _differs(pair: Pair, sides: Sides, bench: Bench) -> Findings:
    found = _said(pair.left, pair.left_name, sides[pair.left])
    against = _said(pair.right, pair.right_name, sides[pair.right])
    return _coded(breach(bench.law, pair.rule, found, against), pair.code)


def _coded(findings: Findings, code: str) -> Findings:
    return tuple(replace(finding, code=code) for finding in findings) if code else findings


def _said(document: str, name: str, received: Received) -> Said:
    value = _shown(name, getattr(received.document, name))
    return Said(document=document, field=name.removesuffix("_e5"), value=value, sender=received.sender)


def _shown(name: str, value: Any) -> str:  # noqa: ANN401 - text or amount
    if value is None:
        return ""
    return format_e5(value) if name.endswith("_e5") else str(value)


def _absent(document: str, field: str, value: str, bench: Bench) -> Finding:
    rule = RuleId("R194-6.1") if bench.law.is_on(RuleId("R194-6.1")) else RuleId("R26-1")
    found = Said(document=document, field=field, value=value)
    detail = f"{MISSING_NAMES[document]}（{value}）"
    return Finding(rule=rule, severity=Severity.WAIT, found=found, detail=detail)


def _authenticated(papers: Papers, bench: Bench) -> bool:
    declaration = cast("DeclarationList", papers.declaration.document)
    platform = bench.register.enterprise(declaration.ebp_code)
    return platform is not None and platform.authenticates_identity


def _paid(papers: Papers, bench: Bench) -> Findings:
    """What was paid is what the order says was paid, all payments together (message specification 6.1)."""
    if papers.order is None or not papers.payments:
        return CLEAN
    wanted = cast("Order", papers.order.document).actual_paid_e5
    payments = payments_of(papers)
    paid = sum(cast("Payment", payment.document).amount_paid_e5 for payment in payments)
    if paid == wanted:
        return CLEAN
    found = Said(document=PAYMENT, field="amount_paid", value=format_e5(paid), sender=payments[-1].sender)
    return breach(bench.law, PAID, found, _said(ORDER, "actual_paid_e5", papers.order))


def _goods(papers: Papers, bench: Bench) -> Findings:
    """Lines of the list correspond one to one to those of the order, and so do their sums."""
    if papers.order is None:
        return CLEAN
    ours = cast("DeclarationList", papers.declaration.document).lines
    theirs = cast("Order", papers.order.document).lines
    found: list[Finding] = []
    if len(ours) != len(theirs):
        counts = (_line_said(LIST, "lines", len(ours), papers), _line_said(ORDER, "lines", len(theirs), papers))
        found += _coded(breach(bench.law, LINES, *counts), _COUNT_CODE)
    by_gnum = {line.gnum: line for line in theirs}
    for line in ours:
        found += _line_differs(line, by_gnum.get(line.gnum), papers, bench)
    found += _sums(papers, bench)
    return tuple(found)


def _sums(papers: Papers, bench: Bench) -> Findings:
    order = cast("Order", cast("Received", papers.order).document)
    lines = cast("DeclarationList", papers.declaration.document).lines
    total = sum(line.total_price_e5 for line in lines)
    if total == order.goods_value_e5:
        return CLEAN
    found = _line_said(LIST, "goods_value", format_e5(total), papers)
    return breach(
        bench.law, GOODS_VALUE, found, _line_said(ORDER, "goods_value", format_e5(order.goods_value_e5), papers)
    )


def _line_differs(line: ListLine, other: OrderLine | None, papers: Papers, bench: Bench) -> Findings:
    if other is None:
        found = _line_said(LIST, f"lines[{line.gnum}].gnum", line.gnum, papers)
        return breach(bench.law, LINES, found, _line_said(ORDER, f"lines[{line.gnum}]", "", papers))
    if _SAME_LINE(line) == _SAME_LINE(other) and other.item_name in {line.item_name, line.gname}:
        return CLEAN
    findings: Findings = CLEAN
    for name, left, right in _line_values(line, other):
        if left != right:
            field = f"lines[{line.gnum}].{name.removesuffix('_e5')}"
            found = _line_said(LIST, field, _shown(name, left), papers)
            findings += breach(bench.law, LINES, found, _line_said(ORDER, field, _shown(name, right), papers))
    return findings


def _line_values(line: ListLine, other: OrderLine) -> Iterator[tuple[str, Any, Any]]:
    """Name and both values of what must agree; the name sold may stand as goods name or as declared name."""
    yield "item_name", _sold_name(line, other), other.item_name
    for name in LINE_FIELDS:
        yield name, getattr(line, name), getattr(other, name)


def _sold_name(line: ListLine, other: OrderLine) -> str:
    return other.item_name if other.item_name in {line.item_name, line.gname} else line.item_name or line.gname


def _line_said(document: str, field: str, value: object, papers: Papers) -> Said:
    received = papers.declaration if document == LIST else cast("Received", papers.order)
    return Said(document=document, field=field, value=str(value), sender=received.sender)


def _row(field: str, sides: Sides, bound: Sequence[Pair]) -> BoardRow:
    """One field; the rule named is the one broken, or the first of the field where nothing is."""
    here = {document: name for document, name in _STANDS[field].items() if document in sides}
    differing = [pair.rule for pair in bound if pair.field == field and not _agrees(pair, sides)]
    first = next(pair.rule for pair in PAIRS if pair.field == field)
    return BoardRow(
        field=field.removesuffix("_e5"),
        values={document: _said(document, name, sides[document]).value for document, name in here.items()},
        senders={document: sides[document].sender for document in here},
        agrees=not differing,
        rule=differing[0] if differing else first,
    )


def _sum_rows(papers: Papers) -> Iterator[BoardRow]:
    values, senders = {}, {LIST: papers.declaration.sender}
    lines = cast("DeclarationList", papers.declaration.document).lines
    values[LIST] = sum(line.total_price_e5 for line in lines)
    if papers.order is not None:
        order = cast("Order", papers.order.document)
        senders[ORDER] = papers.order.sender
        values[ORDER] = order.goods_value_e5
        yield from _paid_row(order, papers)
    yield _amounts("goods_value", values, senders, GOODS_VALUE)


def _paid_row(order: Order, papers: Papers) -> Iterator[BoardRow]:
    values, senders = {ORDER: order.actual_paid_e5}, {ORDER: cast("Received", papers.order).sender}
    payments = payments_of(papers)
    if payments:
        values[PAYMENT] = sum(cast("Payment", payment.document).amount_paid_e5 for payment in payments)
        senders[PAYMENT] = payments[-1].sender
    yield _amounts("actual_paid", values, senders, PAID)


def _amounts(field: str, values: Mapping[str, int], senders: Mapping[str, str], rule: RuleId) -> BoardRow:
    shown = {document: format_e5(value) for document, value in values.items()}
    return BoardRow(field=field, values=shown, senders=senders, agrees=len(set(values.values())) < 2, rule=rule)  # noqa: PLR2004 - all the same


def _line_rows(papers: Papers) -> Iterator[BoardRow]:
    ours = {line.gnum: line for line in cast("DeclarationList", papers.declaration.document).lines}
    order = cast("Order", papers.order.document) if papers.order is not None else None
    theirs = {line.gnum: line for line in order.lines} if order else {}
    for gnum in sorted({*ours, *theirs}):
        yield from _line_fields(gnum, ours.get(gnum), theirs.get(gnum), papers)


def _line_fields(gnum: int, ours: ListLine | None, theirs: OrderLine | None, papers: Papers) -> Iterator[BoardRow]:
    sides = {LIST: ours, ORDER: theirs} if papers.order is not None else {LIST: ours}
    senders = {LIST: papers.declaration.sender} | ({ORDER: papers.order.sender} if papers.order is not None else {})
    for name in ("item_name", *LINE_FIELDS):
        values = {document: _shown(name, getattr(line, name)) for document, line in sides.items() if line is not None}
        if ours is not None and theirs is not None and name == "item_name":
            values[LIST] = _sold_name(ours, theirs)
        yield BoardRow(
            field=f"lines[{gnum}].{name.removesuffix('_e5')}",
            values=values,
            senders=senders,
            agrees=len(values) == len(sides) and len(set(values.values())) == 1,
            rule=LINES,
        )


def _stands() -> dict[str, dict[str, str]]:
    """Field to document to attribute, in the order of the table."""
    stands: dict[str, dict[str, str]] = {}
    for pair in PAIRS:
        stands.setdefault(pair.field, {}).update({pair.left: pair.left_name, pair.right: pair.right_name})
    return {field: {d: names[d] for d in DOCUMENTS if d in names} for field, names in stands.items()}


def _bundles() -> dict[tuple[str, str], tuple[tuple[Pair, ...], attrgetter[Any], attrgetter[Any]]]:
    """The pairs of each two documents with getters for all their values at once."""
    bundled: dict[tuple[str, str], list[Pair]] = {}
    for pair in PAIRS:
        bundled.setdefault((pair.left, pair.right), []).append(pair)
    return {
        documents: (
            tuple(pairs),
            attrgetter(*(pair.left_name for pair in pairs)),
            attrgetter(*(pair.right_name for pair in pairs)),
        )
        for documents, pairs in bundled.items()
    }


_BUNDLES = _bundles()
_STANDS = _stands()
