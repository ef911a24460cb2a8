"""The page of the named buyer: no account, opened by the code of a mail, silent to any other code."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from declarations.forms.buyer import BuyerForm
from declarations.lifecycle import buyers
from declarations.models import BuyerNotice
from declarations.notices import NamedBuyer, buyer_behind
from swindow.acting import as_portal
from swindow.documents.throttle import Bucket, address_of
from swindow.problems import Problem, Refused

_EVERYONE = "everyone"
_LOOK_UPS = (Bucket(per_second=1, burst=40), Bucket(per_second=40, burst=120))


@sensitive_variables("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """Show the use of the buyer's name, and take their word about it."""
    each, all_together = _LOOK_UPS
    if not (each.allows(address_of(request)) and all_together.allows(_EVERYONE)):
        return _too_many(request)
    named = _read(code)
    if request.method == "POST":
        return _answer(request, named, code=code)
    if request.method == "GET":
        with as_portal():
            buyers.mark_seen(named.notice, at=timezone.now())
    return _page(request, named)


def _read(code: str) -> NamedBuyer:
    # The buyer is nobody to the portal: the code is the only right, and it opens this one notice.
    with as_portal():
        named = buyer_behind(code)
    if named is None:
        raise Http404
    return named


def _answer(request: HttpRequest, named: NamedBuyer, *, code: str) -> HttpResponse:
    form = BuyerForm(request.POST)
    if not form.is_valid():
        return _page(request, named, form=form, status=422)
    try:
        with as_portal():
            if form.cleaned_data["answer"] == BuyerNotice.Answer.CONFIRMED:
                buyers.confirm(named.notice, at=timezone.now())
            else:
                buyers.dispute(named.notice, note=form.cleaned_data["note"], at=timezone.now())
    except Refused as refusal:
        return _page(request, _read(code), problems=refusal.problems, status=409)
    return redirect("declarations:buyer", code)


def _page(
    request: HttpRequest,
    named: NamedBuyer,
    *,
    form: BuyerForm | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "notice": named.notice,
        "use": named.use,
        "form": form or BuyerForm(),
        "problems": list(problems),
        "is_answered": bool(named.notice.answer),
        "is_disputed": named.notice.answer == BuyerNotice.Answer.DISPUTED,
    }
    return _unlisted(render(request, "declarations/buyer.html", context, status=status))


def _too_many(request: HttpRequest) -> HttpResponse:
    response = _unlisted(render(request, "declarations/buyer_busy.html", status=429))
    response["Retry-After"] = "30"
    return response


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
