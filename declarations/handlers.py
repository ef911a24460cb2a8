"""What declarations do when something was announced; handlers may run twice."""

from collections import defaultdict
from collections.abc import Sequence

import httpx
from django.utils import timezone

from declarations import lifecycle, mails
from declarations.documents import papers_for, produce_paper
from declarations.lifecycle.buyers import make_notices, mark_told
from declarations.models import Declaration, GoodsItem, Payment, Status
from declarations.payment_service import ChargeRequest, SimulatedPaymentService
from declarations.statement import read_statements
from swindow.events.worker import Occurrence, TryAgain
from tariffs.classification.precedents import NewPrecedent, learn
from tariffs.models.precedents import PrecedentKind


def charge_deferment_accounts(events: Sequence[Occurrence]) -> None:
    """Request the charges of declarations whose seller pays by deferment account."""
    deferred = Declaration.objects.filter(
        pk__in=[event.subject_id for event in events], payment_method="deferment"
    )
    keys = list(deferred.values_list("pk", flat=True))
    lifecycle.request_payments(keys, by="portal", at=timezone.now())


def request_payments(events: Sequence[Occurrence]) -> None:
    """Pass requested payments on to the payment service; its own key makes a repeat harmless."""
    payments = Payment.objects.filter(
        reference__in=[event.payload["payment"] for event in events], status=Payment.Status.REQUESTED
    )
    charges = [
        ChargeRequest(payment.reference, payment.amount, payment.currency, payment.method)
        for payment in payments
    ]
    try:
        if charges:
            SimulatedPaymentService().collect(charges)
    except httpx.TransportError as error:
        # Asking one by one would not reach it either, and take as long each time.
        raise TryAgain(str(error)) from error


def issue_clearance_documents(events: Sequence[Occurrence]) -> None:
    """Issue the papers of released declarations: numbers first, then each file, then the announcement."""
    now = timezone.now()
    keys = [event.subject_id for event in events]
    papers = lifecycle.reserve_papers(papers_for(keys), at=now)
    for paper in papers:
        produce_paper(paper, at=timezone.now())
    lifecycle.mark_issued(keys, at=timezone.now())


def learn_precedents(events: Sequence[Occurrence]) -> None:
    """Remember the codes under which goods of released declarations were accepted, once a declarant."""
    keys = [event.subject_id for event in events]
    goods = GoodsItem.objects.filter(declaration__in=keys, declaration__status=Status.RELEASED).order_by()
    columns = ("description", "commodity_code", "declaration__declarant__reference")
    # One declarant's parcels mostly hold the same goods: ten thousand of them are a few rows here.
    learn(
        NewPrecedent(description, code[:6], PrecedentKind.DECLARATION.value, f"declarant:{declarant}")
        for description, code, declarant in goods.values_list(*columns).distinct()
    )


def tell_buyers(events: Sequence[Occurrence]) -> None:
    """Mail the private buyers whom the declarations name, each once, by a notice with a code of its own."""
    notices = make_notices([event.subject_id for event in events], at=timezone.now())
    statements = read_statements([one.declaration_id for one in notices])
    told = []
    try:
        for notice in notices:
            mails.tell_buyer(statements[notice.declaration_id], address=notice.address, code=notice.code)
            told.append(notice.declaration_id)
    finally:
        # A mail that left is not sent again because the next one could not leave.
        mark_told(told, at=timezone.now())


def mail_objections(events: Sequence[Occurrence]) -> None:
    """Tell the declarant and its agent that the named buyer ordered nothing."""
    _mail(events, mails.tell_of_objection)


def mail_questions(events: Sequence[Occurrence]) -> None:
    """Tell the declarant that an authority asks."""
    _mail(events, mails.tell_of_question)


def mail_refusals(events: Sequence[Occurrence]) -> None:
    """Tell the declarant that the goods were refused."""
    _mail(events, mails.tell_of_refusal)


def mail_releases(events: Sequence[Occurrence]) -> None:
    """Tell the declarant that the goods are released and the papers ready."""
    _mail(events, mails.tell_of_release)


def _mail(events: Sequence[Occurrence], tell: "mails.Teller") -> None:
    occurrences = defaultdict(list)
    for event in events:
        occurrences[event.subject_id].append(event)
    declarations = Declaration.objects.filter(pk__in=occurrences).select_related("created_by")
    for declaration in declarations:
        for event in occurrences[declaration.pk]:
            tell(declaration, event.payload)
