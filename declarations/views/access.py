"""Whose declaration a page shows: only the declarant's and its agents', everybody else gets a 404."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from declarations.models import Declaration, DeclarationQuerySet
from swindow.accounts.models import Organisation, User

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
            messages.info(request, _("This declaration is lodged, so its answers cannot be changed here."))
            return redirect("declarations:detail", declaration.reference)
        return view(request, declaration, *args, **kwargs)

    return answer
