"""What an officer reads of a declaration, tab by tab, put together from rows already authorised."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext
from django_countries import countries

from declarations.actors import names_of
from declarations.formulas import formulas_of
from declarations.labels import told
from declarations.models import Assessment, Charge, Declaration, InformationRequest, Status
from declarations.statement import Statement
from inspection.models import Review
from inspection.rules import AMBER_FROM, RED_FROM
from swindow.components import Risk, RiskScore, Row, Step, StepState
from swindow.dates import day, when
from swindow.events.models import Event
from tariffs.names import regime_name, tax_name

# The seller's past is read from this many declarations, so that a big seller costs no more than a small one.
PAST = 200
_MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Past:
    """How the seller's last declarations ended."""

    lodged: int
    released: int
    refused: int


@dataclass(frozen=True, slots=True)
class Taxed:
    """One charge with its name and how it was worked out."""

    charge: Charge
    name: str
    formula: str


@dataclass(frozen=True, slots=True)
class Tax:
    """The assessment as it stands, with its charges by line."""

    assessment: Assessment
    regime: str
    charges: Sequence[Taxed]


def risk_of(review: Review) -> RiskScore:
    """Return the score and the rules that met, as they were when the review was opened."""
    hits = [finding for finding in review.findings if finding["kind"] == "risk"]
    risks = [Risk(hit["points"], _(hit["sentence"]), _("Rule %(rule)s") % hit) for hit in hits]
    risks.sort(key=lambda risk: -risk.points)
    return RiskScore(review.score, risks, AMBER_FROM, RED_FROM)


def differences_in(review: Review) -> list[dict[str, Any]]:
    """Return the figures that differed when the review was opened."""
    return [finding for finding in review.findings if finding["kind"] == "difference"]


def past_of(declaration: Declaration) -> Past:
    """Return how the seller's declarations before this one ended, at most the last PAST."""
    before = Declaration.objects.filter(declarant=declaration.declarant_id, pk__lt=declaration.pk)
    counts = Counter(before.newest_first().values_list("status", flat=True)[:PAST])
    lodged = sum(counts.values()) - counts[Status.DRAFT]
    return Past(lodged, counts[Status.RELEASED], counts[Status.REJECTED])


def tax_of(declaration: Declaration) -> Tax | None:
    """Return the latest assessment with its charges; None before acceptance."""
    latest = Assessment.objects.filter(declaration=declaration).order_by("-version").first()
    if latest is None:
        return None
    formulas = formulas_of(latest.snapshot["result"])
    charges = [
        Taxed(charge, tax_name(charge.tax_type), formulas.get(_place(charge), ""))
        for charge in latest.charges.select_related("goods_item")
    ]
    return Tax(latest, regime_name(latest.regime), charges)


def questions_about(review: Review) -> list[InformationRequest]:
    """Return what the review's authority asked, the newest first."""
    questions = InformationRequest.objects.filter(
        declaration=review.declaration_id, authority=review.authority
    )
    return list(questions.select_related("answered_by").order_by("-pk"))


def party_rows(declaration: Declaration) -> list[Row]:
    """Return who takes part."""
    declarant = declaration.declarant
    rows = [
        Row(_("Seller"), declarant.name, hint=declarant.registration_number),
        Row(_("Seller's address"), declarant.address),
        Row(_("Seller's country"), countries.name(declarant.country)),
        Row(_("Verified"), day(declarant.verified_at)),
        Row(_("Buyer"), declaration.consignee_name, hint=declaration.get_consignee_type_display()),
        Row(_("Buyer's address"), declaration.consignee_address),
        Row(_("Sender"), declaration.consignor_name),
        Row(_("Sender's address"), declaration.consignor_address),
        Row(_("Order number"), declaration.order_number),
        Row(_("Date of the order"), day(declaration.ordered_on)),
    ]
    if declaration.representative:
        rows.insert(4, Row(_("Agent"), declaration.representative.name))
    if declaration.registration_scheme:
        scheme = declaration.get_registration_scheme_display()
        rows.append(Row(_("Tax registration"), declaration.registration_number, hint=scheme))
    return rows


def transport_rows(statement: Statement) -> list[Row]:
    """Return how the goods travel."""
    consignment = statement.consignment
    return [
        Row(_("How the goods travel"), consignment.get_transport_mode_display()),
        Row(
            _("Transport document"), consignment.document_number, hint=consignment.get_document_kind_display()
        ),
        Row(_("Flight, vessel or vehicle"), consignment.means_of_transport),
        Row(_("Sent from"), countries.name(consignment.ship_from)),
        Row(_("Place of arrival"), consignment.place_of_arrival),
        Row(_("Expected arrival"), day(consignment.arrival_on)),
        Row(_("Arrived"), when(consignment.arrived_at) or _("not yet")),
        Row(_("Packages"), str(consignment.package_count or "")),
        Row(
            _("Gross mass"),
            f"{consignment.gross_mass_kg.normalize():f} kg" if consignment.gross_mass_kg else "",
        ),
    ]


def history_of(declaration: Declaration) -> list[Step]:
    """Return the audit chain as sentences, the newest first."""
    events = Event.objects.filter(subject_kind="declaration", subject_id=declaration.pk)
    chain = list(events.order_by("-seq")[:_MOST_EVENTS])
    names = names_of({event.actor for event in chain})
    return [_step(event, names[event.actor]) for event in chain]


def _place(charge: Charge) -> tuple[int | None, str]:
    return (charge.goods_item.line_no if charge.goods_item else None, charge.tax_type)


def _step(event: Event, name: str) -> Step:
    own = _OFFICERS_WORDS.get(event.kind)
    sentence = told(event.kind, event.payload)
    title = _(own) if own else sentence.title if sentence else event.kind
    state: StepState = sentence.mood if sentence else "done"
    code = str(event.payload.get("reason_code", ""))
    detail = pgettext("between parts", ", ").join(filter(None, (name, code)))
    return Step(title, "done" if state == "now" else state, detail, at=event.occurred_at)


# The seller reads "you" where an officer reads "the seller".
_OFFICERS_WORDS = {
    "declaration.drafted": gettext_noop("The seller began the declaration"),
    "request.answered": gettext_noop("The seller answered"),
}
