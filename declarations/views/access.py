"""Whose declaration a page shows: only the declarant's and its agents', everybody else gets a 404."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from declarations.models import Declaration, DeclarationQuerySet
from swindow.accounts.models import Organisation, User
from swindow.problems import Refused

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Declaration, P], HttpResponseBase]
Answer = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def person(request: HttpRequest) -> User:
    """Return who is signed in; only behind login_required."""
    return cast(User, request.user)


def sellers_of(user: User) -> list[Organisation]:
    """Return the sellers that the user may declare for, by name."""
    sellers = Organisation.objects.acted_for_by(user).filter(kind=Organisation.Kind.SELLER)
    return list(sellers.distinct().order_by("name", "pk"))


def declared_by(user: User) -> DeclarationQuerySet:
    """Return what the user declares, never what an officer examines."""
    own = Organisation.objects.acted_for_by(user).filter(kind=Organisation.Kind.SELLER)
    return Declaration.objects.for_actor(user).filter(declarant__in=own)


def is_autosave(request: HttpRequest) -> bool:
    """Tell whether a script saves while somebody types."""
    asked = request.headers.get("X-Autosave") == "1" or request.GET.get("autosave") == "1"
    return asked or request.headers.get("X-Requested-With") == "autosave"


def own_page(view: "Page[P]") -> "Answer[P]":
    """Give the view the declaration of the reference, or answer 404."""

    @login_required
    @wraps(view)
    def answer(request: HttpRequest, reference: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        declarations = declared_by(person(request)).select_related("declarant", "consignment")
        return view(request, get_object_or_404(declarations, reference=reference), *args, **kwargs)

    return answer


def draft_page(view: "Page[P]") -> "Answer[P]":
    """Give the view a draft; a lodged declaration is shown as what it became."""

    @own_page
    @wraps(view)
    def answer(
        request: HttpRequest, declaration: Declaration, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not declaration.is_draft:
            return _too_late(request, declaration)
        try:
            return view(request, declaration, *args, **kwargs)
        except Refused:
            # A colleague lodged it while this page was open.
            return _too_late(request, declaration)

    return answer


def _too_late(request: HttpRequest, declaration: Declaration) -> HttpResponseBase:
    text = _("This declaration is lodged, so its answers cannot be changed here.")
    if is_autosave(request):
        return JsonResponse({"message": text}, status=409)
    messages.info(request, text)
    return redirect("declarations:detail", declaration.reference)
