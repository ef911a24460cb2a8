"""What officers do with a draft of the law; the lifecycle decides whether it may be done."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspection.forms import NoteForm
from inspection.views.access import draft_of
from inspection.views.pack_page import draft_page
from swindow.accounts.models import User
from swindow.accounts.signing_in.second_factor import step_up
from swindow.problems import Refused
from tariffs import lifecycle
from tariffs.models import PackDraft


@login_required
@require_POST
def pack_propose(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a second person to publish the draft."""
    draft, officer = draft_of(request, reference=reference)
    seen = _seen(request)

    def act() -> None:
        lifecycle.propose(draft, seen=seen, by=officer, at=timezone.now())

    said = _("%(reference)s waits for a second person.") % {"reference": reference}
    return _done(request, draft, officer, act, said=said)


@login_required
@require_POST
@step_up
def pack_publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Make the draft law."""
    draft, officer = draft_of(request, reference=reference)
    seen = _seen(request)

    def act() -> None:
        lifecycle.publish(draft, seen=seen, by=officer, at=timezone.now())

    said = _("%(reference)s is law: version %(version)s.")
    said %= {"reference": reference, "version": draft.version}
    return _done(request, draft, officer, act, said=said)


@login_required
@require_POST
def pack_send_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a proposed draft back to its author."""
    draft, officer = draft_of(request, reference=reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return draft_page(request, draft, officer=officer, form=form, status=422)

    def act() -> None:
        lifecycle.send_back(draft, note=form.cleaned_data["note"], by=officer, at=timezone.now())

    said = _("%(reference)s is back with its author.") % {"reference": reference}
    return _done(request, draft, officer, act, said=said, form=form)


@login_required
@require_POST
def pack_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """End a draft that will not become law."""
    draft, officer = draft_of(request, reference=reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return draft_page(request, draft, officer=officer, form=form, status=422)

    def act() -> None:
        lifecycle.withdraw(draft, note=form.cleaned_data["note"], by=officer, at=timezone.now())

    said = _("%(reference)s is withdrawn.") % {"reference": reference}
    return _done(request, draft, officer, act, said=said, form=form)


def _seen(request: HttpRequest) -> str:
    return request.POST.get("seen", "")


def _done(
    request: HttpRequest,
    draft: PackDraft,
    officer: User,
    act: Callable[[], None],
    *,
    said: str,
    form: NoteForm | None = None,
) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        fresh, _same = draft_of(request, reference=draft.reference)
        problems = list(refused.problems)
        return draft_page(request, fresh, officer=officer, form=form, problems=problems, status=409)
    messages.success(request, said)
    return redirect("inspection:pack_draft", draft.reference)
