"""Begin a declaration."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from declarations import lifecycle
from declarations.acting import act_for
from declarations.forms.start import StartForm
from declarations.models import Declaration
from declarations.views.access import prepared_for
from logistics.models import Consignment
from swindow.accounts.models import Act, Organisation, User
from swindow.accounts.signed_in import person_of
from swindow.components import Crumb
from swindow.problems import NotAllowed
from tariffs.jurisdictions import currency_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Ask for the country of import and the own reference, then begin the draft."""
    sellers = prepared_for(request)
    if not sellers:
        messages.info(request, _("Give your company data first."))
        return redirect("accounts:organisation")
    now = timezone.now()
    if request.method != "POST":
        return _show(request, StartForm(initial={"lrn": _suggested(now)}, sellers=sellers))
    form = StartForm(request.POST, sellers=sellers)
    draft = _create(form, sellers, by=person_of(request), at=now) if form.is_valid() else None
    if draft is None:
        return _show(request, form, status=422)
    return redirect("declarations:detail", draft.reference)


def _create(form: StartForm, sellers: list[Organisation], *, by: User, at: datetime) -> Declaration | None:
    declarant = _declarant(form, sellers)
    country = form.cleaned_data["jurisdiction"]
    try:
        warrant = act_for(by, declarant, act=Act.PREPARE, country=country)
    except NotAllowed as refusal:
        problem = refusal.problem
        form.add_error("jurisdiction", ValidationError(problem.sentence, code=problem.code))
        return None
    declaration = Declaration(
        declarant=declarant,
        representative=warrant.representative,
        jurisdiction=country,
        lrn=form.cleaned_data["lrn"],
        consignor_name=declarant.name[:120],
        consignor_address=declarant.address,
        currency=currency_of(country),
    )
    try:
        return lifecycle.create_draft(declaration, consignment=Consignment(), by=by, at=at)
    except IntegrityError as error:
        if "declaration_lrn_once_per_declarant" not in str(error):
            raise
        message = _("You have used this reference for another declaration. Choose another one.")
        form.add_error("lrn", ValidationError(message, code="DE-11"))
        return None


def _declarant(form: StartForm, sellers: list[Organisation]) -> Organisation:
    wanted = form.cleaned_data.get("declarant", "")
    return next((seller for seller in sellers if seller.reference == wanted), sellers[0])


def _suggested(at: datetime) -> str:
    return f"PO-{at:%Y%m%d-%H%M%S}"


def _show(request: HttpRequest, form: StartForm, *, status: int = 200) -> HttpResponse:
    crumbs = [Crumb(_("Declarations"), reverse("declarations:list")), Crumb(_("New"))]
    return render(request, "declarations/new.html", {"form": form, "crumbs": crumbs}, status=status)
