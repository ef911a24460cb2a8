"""The review page: queue, evidence and decision on one screen."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from declarations.actors import names_of
from declarations.labels import authority_name, mode_icon
from declarations.models import InformationRequest
from declarations.statement import Statement, read_statements
from inspection import dossier
from inspection.comparison import Comparison, comparisons_of
from inspection.forms import DecisionForm
from inspection.lifecycle import is_own
from inspection.models import Authority, Review
from inspection.objections import is_disputed, is_objected, notice_about, number_of
from inspection.queue import QueueWish, read_queue
from inspection.reasons import sentence_of
from inspection.simulator import question_about
from swindow.accounts.models import User
from swindow.components import DecisionOption, Lane, QueueEntry, Tab, TimeLimit

_TABS = ("compare", "goods", "parties", "transport", "messages", "history")


def review_page(
    request: HttpRequest,
    review: Review,
    *,
    officer: User,
    form: DecisionForm | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    """Draw the page for one review; `form` carries what was typed, `shown` what went wrong."""
    now = timezone.now()
    statement = read_statements([review.declaration_id])[review.declaration_id]
    questions = dossier.questions_about(review)
    comparisons = comparisons_of(statement)
    notice = notice_about(review)
    is_held = is_disputed(notice) and is_objected(review)
    if form is None:
        suggestion = {} if is_held else _suggestion(review, questions)
        form = DecisionForm(authority=review.authority, is_objected=is_held, initial=suggestion)
    tab = _tab(request)
    context = {
        "review": review,
        "declaration": review.declaration,
        "statement": statement,
        "mode_icon": mode_icon(statement.consignment.transport_mode),
        "goods_total": sum(item.item_price for item in statement.goods_items),
        "tab": tab,
        "tabs": _tabs(review, comparisons, questions, tab),
        "now": now,
        **_queue(review, officer),
        **_evidence(request, tab, statement, comparisons),
        **_tab_parts(tab, review, statement, now),
        **_decision(review, officer, questions, form, now),
        "buyer_notice": notice,
        "is_disputed": is_disputed(notice),
        "is_held_for_buyer": is_held,
        "questions": questions,
    }
    return render(request, "inspection/review.html", context | shown, status=status)


def entry_of(review: Review, *, officer: User, current: Review | None = None) -> QueueEntry:
    """Return a review as a line of the queue column."""
    declaration = review.declaration
    holder = "" if review.officer is None else _("You") if review.officer == officer else str(review.officer)
    return QueueEntry(
        reference=declaration.reference,
        url=reverse("inspection:review", args=[review.authority, declaration.reference]),
        lane=cast(Lane, review.lane),
        title=declaration.declarant.name,
        note=getattr(review, "goods", "") or "",
        deadline=review.due_at,
        holder=holder,
        is_current=current is not None and review.pk == current.pk,
    )


def _tab(request: HttpRequest) -> str:
    tab = request.GET.get("tab", "")
    return tab if tab in _TABS else _TABS[0]


def _tabs(
    review: Review,
    comparisons: list[Comparison],
    questions: list[InformationRequest],
    current: str,
) -> list[Tab]:
    different = sum(not each.is_same for each in comparisons)
    labels = {
        "compare": (_("Compare"), different or None),
        "goods": (_("Goods"), None),
        "parties": (_("Parties"), None),
        "transport": (_("Transport"), None),
        "messages": (_("Messages"), len(questions) or None),
        "history": (_("History"), None),
    }
    own = reverse("inspection:review", args=[review.authority, review.declaration.reference])
    return [
        Tab(label, f"{own}?tab={tab}", tab == current, count, tab == "compare")
        for tab, (label, count) in labels.items()
    ]


def _queue(review: Review, officer: User) -> dict[str, Any]:
    page = read_queue(QueueWish(authority=review.authority), officer=officer)
    entries = [entry_of(each, officer=officer, current=review) for each in page.reviews]
    place = next((number for number, entry in enumerate(entries) if entry.is_current), -1)
    return {
        "entries": entries,
        "authority_label": authority_name(review.authority),
        "next_entry": entries[place + 1] if place + 1 < len(entries) else None,
        "previous_entry": entries[place - 1] if place > 0 else None,
    }


def _evidence(
    request: HttpRequest, tab: str, statement: Statement, comparisons: list[Comparison]
) -> dict[str, Any]:
    """Return the papers and the one that is open; the first that differs unless one was chosen."""
    if tab != "compare":
        return {}
    papers = list(statement.documents)
    suspect = next((papers.index(each.paper) + 1 for each in comparisons if not each.is_same), 1)
    wanted = request.GET.get("paper", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else suspect
    number = number if 1 <= number <= len(papers) else 1
    return {
        "comparisons": [(each, papers.index(each.paper) + 1) for each in comparisons],
        "papers": list(enumerate(papers, start=1)),
        "paper_number": number,
        "paper": papers[number - 1] if papers else None,
    }


def _tab_parts(tab: str, review: Review, statement: Statement, now: datetime) -> dict[str, Any]:
    if tab == "goods":
        return {"tax": dossier.tax_of(review.declaration)}
    if tab == "parties":
        number = number_of(review, statement, at=now)
        return {"rows": dossier.party_rows(review.declaration), "buyers_number": number}
    if tab == "transport":
        return {"rows": dossier.transport_rows(statement)}
    if tab == "history":
        return {"steps": dossier.history_of(review.declaration)}
    return {}


def _decision(
    review: Review,
    officer: User,
    questions: list[InformationRequest],
    form: DecisionForm,
    now: datetime,
) -> dict[str, Any]:
    is_open = review.status == Review.Status.OPEN
    whole = review.due_at - review.opened_at
    left = max(timedelta(0), review.due_at - now)
    return {
        "is_open": is_open,
        "is_own": is_own(review, officer=officer),
        "is_mine": review.officer_id == officer.pk,
        "is_taken": review.officer_id not in (None, officer.pk),
        "limit": TimeLimit(left, whole) if is_open and whole else None,
        "risk": dossier.risk_of(review) if review.authority == Authority.CUSTOMS else None,
        "past": dossier.past_of(review.declaration),
        "most_past": dossier.PAST,
        "open_question": next((each for each in questions if each.answered_at is None), None),
        "form": form,
        "options": _options(str(form["decision"].value() or ""), is_objected=form.is_objected),
        "decided_by": "" if is_open else names_of({review.decided_by})[review.decided_by],
        "decided_reason": sentence_of(review.authority, review.reason_code) if review.reason_code else "",
    }


def _suggestion(review: Review, questions: list[InformationRequest]) -> dict[str, str]:
    differences = dossier.differences_in(review)
    if not differences or questions:
        return {}
    return {"decision": "ask", "reason_code": "Q12", "message": question_about(differences)}


def _options(chosen: str, *, is_objected: bool) -> list[DecisionOption]:
    approve = _("Objection settled") if is_objected else _("Approve")
    return [
        DecisionOption("approve", approve, "circle-check", "A", "ok", chosen == "approve"),
        DecisionOption("ask", _("Ask the seller"), "message-question", "Q", "info", chosen == "ask"),
        DecisionOption("refuse", _("Refuse"), "ban", "R", "bad", chosen == "refuse"),
    ]
