"""The simulated agencies: they follow the papers and the risk lane until real agencies connect."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from declarations.lifecycle import Question, ask
from declarations.models import Assessment, Charge, Declaration, InformationRequest, SupportingDocument
from declarations.statement import Statement, read_statements
from inspection.lifecycle import Decision, decide
from inspection.models import Agency, Authority, Lane, Review
from inspection.rules import chance
from logistics.lifecycle import arrive
from swindow.failpoints import reach

# A certificate older than this at arrival is not accepted.
CERTIFICATE_LIFE = timedelta(days=365)
# Customs refuses instead of asking when a paper differs by more than half.
REFUSE_ABOVE = Decimal("0.5")
_CERTIFICATES = (
    SupportingDocument.Kind.HEALTH_CERTIFICATE,
    SupportingDocument.Kind.PHYTOSANITARY_CERTIFICATE,
)


@dataclass(frozen=True, slots=True)
class Work:
    """What an agency found for a batch: decisions to make and questions to ask."""

    decisions: tuple[Decision, ...] = ()
    questions: tuple[Question, ...] = ()


def thinking_time(agency: Agency, *, subject_id: int, event_kind: str) -> timedelta:
    """Return how long the agency takes for this declaration, repeatable by the seed."""
    share = float(chance(settings.AGENCY_SEED, agency.authority, subject_id, event_kind))
    spread = agency.longest_seconds - agency.shortest_seconds
    return timedelta(seconds=(agency.shortest_seconds + share * spread) * settings.AGENCY_PACE)


def earliest_starts(authority: Authority, declaration_ids: Collection[int]) -> dict[int, datetime]:
    """Return when the agency can begin, where that is not at once: the port waits for the day of arrival."""
    if authority != Authority.PORT:
        return {}
    arrivals = Declaration.objects.filter(pk__in=declaration_ids, consignment__arrival_on__isnull=False)
    return {
        key: datetime.combine(day, time.min, tzinfo=UTC)
        for key, day in arrivals.values_list("pk", "consignment__arrival_on")
        if day
    }


def work(authority: Authority, declaration_ids: Collection[int], *, at: datetime) -> None:
    """Examine what is open and unanswered for nobody else; decide or ask, both set-based."""
    reviews = _workable(authority, declaration_ids)
    if not reviews:
        return
    found = _examined(authority, reviews, at=at)
    reach("after_agency_call")
    ask(list(found.questions), by=f"agency:{authority}", at=at)
    decide(found.decisions, by=f"agency:{authority}", at=at)


def _examined(authority: Authority, reviews: Sequence[Review], *, at: datetime) -> Work:
    """Examine each declaration in the words of the person who made it: that person reads the question."""
    by_language: dict[str, list[Review]] = {}
    for review in reviews:
        by_language.setdefault(getattr(review, "reader_language", settings.LANGUAGE_CODE), []).append(review)
    found = []
    for language, group in by_language.items():
        with translation.override(language):
            found.append(_EXAMINERS[authority](group, at))
    return Work(
        tuple(decision for work in found for decision in work.decisions),
        tuple(question for work in found for question in work.questions),
    )


def _workable(authority: Authority, declaration_ids: Collection[int]) -> list[Review]:
    waiting = InformationRequest.objects.filter(authority=authority, answered_at=None)
    return list(
        Review.objects.open()
        .filter(authority=authority, declaration__in=declaration_ids, officer=None)
        .exclude(declaration__in=waiting.values("declaration"))
        .annotate(reader_language=F("declaration__created_by__preferred_language"))
        .order_by("declaration_id")
    )


def _examine_for_customs(reviews: Sequence[Review], at: datetime) -> Work:
    """Green passes; papers that disagree are asked about once; red waits for an officer."""
    asked = _asked_before(Authority.CUSTOMS, reviews)
    decisions, questions = [], []
    for review in reviews:
        differences = [one for one in review.findings if one["kind"] == "difference"]
        if any(_share(one) > REFUSE_ABOVE for one in differences):
            decisions.append(
                _refusal(review, "C21", _("The papers differ from the declaration by more than half."))
            )
        elif review.lane == Lane.RED:
            continue
        elif differences and review.declaration_id not in asked:
            text = question_about(differences)
            questions.append(Question(review.declaration_id, review.authority, "Q12", text))
        else:
            decisions.append(_approval(review, "C00"))
    return Work(tuple(decisions), tuple(questions))


def _examine_for_tax(reviews: Sequence[Review], at: datetime) -> Work:
    """Charges must add up to the assessed amount."""
    keys = [review.declaration_id for review in reviews]
    payable = dict(
        Assessment.objects.filter(declaration__in=keys)
        .order_by("declaration_id", "version")
        .values_list("declaration_id", "payable_amount")
    )
    sums: dict[int, Decimal] = dict.fromkeys(keys, Decimal(0))
    charges = Charge.objects.filter(assessment__declaration__in=keys).exclude(collector="vendor")
    for key, amount in charges.values_list("assessment__declaration_id", "amount"):
        sums[key] += amount
    return Work(
        tuple(
            _approval(review, "T00")
            if sums[review.declaration_id] == payable[review.declaration_id]
            else _refusal(review, "T11", _("The charges do not add up to the assessed amount."))
            for review in reviews
        )
    )


def _examine_for_quarantine(reviews: Sequence[Review], at: datetime) -> Work:
    """A certificate must be named, issued before arrival, and no older than a year."""
    statements = read_statements([review.declaration_id for review in reviews])
    asked = _asked_before(Authority.QUARANTINE, reviews)
    decisions, questions = [], []
    for review in reviews:
        statement = statements[review.declaration_id]
        certificates = [paper for paper in statement.documents if paper.kind in _CERTIFICATES]
        if any(not paper.number or not paper.issued_on for paper in certificates):
            if review.declaration_id in asked:
                text = _("The certificate has no number or date.")
                decisions.append(_refusal(review, "N13", text))
            else:
                text = _("Which number and date of issue does the certificate bear?")
                questions.append(Question(review.declaration_id, review.authority, "Q41", text))
        elif any(_is_out_of_date(paper, statement, at.date()) for paper in certificates):
            text = _("The certificate was issued after the arrival or more than a year before it.")
            decisions.append(_refusal(review, "N12", text))
        else:
            decisions.append(_approval(review, "N00"))
    return Work(tuple(decisions), tuple(questions))


def _examine_for_port(reviews: Sequence[Review], at: datetime) -> Work:
    """The goods are there: note their arrival and let them go."""
    declarations = Declaration.objects.filter(pk__in=[review.declaration_id for review in reviews])
    arrive(list(declarations.values_list("consignment_id", flat=True)), at=at)
    return Work(tuple(_approval(review, "P00") for review in reviews))


_EXAMINERS = {
    Authority.CUSTOMS: _examine_for_customs,
    Authority.TAX: _examine_for_tax,
    Authority.QUARANTINE: _examine_for_quarantine,
    Authority.PORT: _examine_for_port,
}


def _asked_before(authority: Authority, reviews: Sequence[Review]) -> set[int]:
    keys = [review.declaration_id for review in reviews]
    requests = InformationRequest.objects.filter(authority=authority, declaration__in=keys)
    return set(requests.values_list("declaration_id", flat=True))


def _is_out_of_date(paper: SupportingDocument, statement: Statement, today: date) -> bool:
    arrival = statement.consignment.arrival_on or today
    issued_on = paper.issued_on or date.min
    return not arrival - CERTIFICATE_LIFE <= issued_on <= arrival


def question_about(differences: Sequence[dict[str, str]]) -> str:
    """Return the question that names each figure that differs."""
    kinds = dict(SupportingDocument.Kind.choices)
    sentences = [
        _("%(document)s: the %(field)s is %(stated)s %(unit)s, but you declared %(declared)s %(unit)s.")
        % {
            **one,
            "document": kinds[one["document"]],
            "field": _(one["field"]),
            "stated": _figure(one["stated"], one["unit"]),
            "declared": _figure(one["declared"], one["unit"]),
        }
        for one in differences
    ]
    return " ".join([*sentences, _("Please explain the difference.")])


def _figure(text: str, unit: str) -> str:
    """Return a mass with grams, an amount with cents."""
    return f"{Decimal(text):.{3 if unit == 'kg' else 2}f}"


def _share(difference: dict[str, str]) -> Decimal:
    declared, stated = Decimal(difference["declared"]), Decimal(difference["stated"])
    return abs(stated - declared) / declared if declared else Decimal(1)


def _approval(review: Review, code: str) -> Decision:
    return Decision(review.declaration_id, review.authority, True, code)


def _refusal(review: Review, code: str, reason: str) -> Decision:
    return Decision(review.declaration_id, review.authority, False, code, reason)
