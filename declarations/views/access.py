"""Whose declaration a page shows and who may do what with it: strangers get a 404, colleagues a 403."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from declarations.acting import act_for, admit, declared_for
from declarations.models import Declaration, DeclarationQuerySet
from swindow.accounts.clients import chosen_client
from swindow.accounts.models import Act, Organisation
from swindow.accounts.signed_in import person_of
from swindow.problems import NotAllowed, Refused

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Declaration, P], HttpResponseBase]
Answer = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def sellers_of(request: HttpRequest, act: str = Act.VIEW) -> list[Organisation]:
    """Return the declarants for whom the person may do an act, by name; an agent's chosen client alone."""
    sellers = Organisation.objects.acted_for_by(person_of(request), act).declarants()
    client = chosen_client(request)
    if client:
        sellers = sellers.filter(reference=client)
    return list(sellers.order_by("name", "pk"))


def prepared_for(request: HttpRequest) -> list[Organisation]:
    """Return for whom the person may prepare; raises NotAllowed for whoever may only see."""
    sellers = sellers_of(request, Act.PREPARE)
    if not sellers:
        for seller in sellers_of(request)[:1]:
            act_for(person_of(request), seller, act=Act.PREPARE)
    return sellers


def offered(request: HttpRequest, sellers: Sequence[Organisation]) -> frozenset[str]:
    """Return what a list offers; whoever declares for nobody yet is led to the company data."""
    is_offered = not sellers or bool(sellers_of(request, Act.PREPARE))
    return frozenset([Act.PREPARE]) if is_offered else frozenset()


def declared_by(request: HttpRequest) -> DeclarationQuerySet:
    """Return what the person declares, never what an officer examines; of a chosen client that alone."""
    declarations = declared_for(person_of(request))
    client = chosen_client(request)
    return declarations.filter(declarant__reference=client) if client else declarations


def is_autosave(request: HttpRequest) -> bool:
    """Tell whether a script saves while somebody types."""
    asked = request.headers.get("X-Autosave") == "1" or request.GET.get("autosave") == "1"
    return asked or request.headers.get("X-Requested-With") == "autosave"


def own_page(act: str, *, posting: str = "") -> "Callable[[Page[P]], Answer[P]]":
    """Give the view the declaration of the reference: 404 for who may not see it, 403 for who may not act.

    `posting` is the act of whoever sends something, where looking alone needs less.
    """

    def decorate(view: "Page[P]") -> "Answer[P]":
        @login_required
        @wraps(view)
        def answer(
            request: HttpRequest, reference: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            declarations = declared_for(person_of(request)).select_related("declarant", "consignment")
            declaration = get_object_or_404(declarations, reference=reference)
            try:
                wanted = posting if posting and request.method == "POST" else act
                admit(person_of(request), declaration, act=wanted)
            except NotAllowed as refusal:
                if not is_autosave(request):
                    raise
                return JsonResponse({"message": refusal.problem.sentence}, status=403)
            return view(request, declaration, *args, **kwargs)

        return answer

    return decorate


def draft_page(act: str = Act.PREPARE) -> "Callable[[Page[P]], Answer[P]]":
    """Give the view a draft; a lodged declaration is shown as what it became."""

    def decorate(view: "Page[P]") -> "Answer[P]":
        @own_page(act)
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

    return decorate


def _too_late(request: HttpRequest, declaration: Declaration) -> HttpResponseBase:
    text = _("This declaration is lodged, so its answers cannot be changed here.")
    if is_autosave(request):
        return JsonResponse({"message": text}, status=409)
    messages.info(request, text)
    return redirect("declarations:detail", declaration.reference)
