"""Who belongs to the company and in which role: its owners invite, change and remove; anybody may leave."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swindow.accounts import lifecycle
from swindow.accounts.forms import InvitationForm
from swindow.accounts.forms.members import ROLE_WORDS, MemberForm, RoleForm
from swindow.accounts.invitations import invitation_at
from swindow.accounts.models import COMPANY_ROLES, Invitation, Organisation, Role, User
from swindow.accounts.signed_in import person_of
from swindow.accounts.views.page import company_of, owned_company
from swindow.accounts.views.tabs import organisation_tabs
from swindow.problems import Refused

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show who belongs to the company and, to owners, who is invited."""
    return _page(request, _company(request))


@login_required
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Offer a place in the company to an address; the portal writes to it."""
    company = owned_company(request)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, company, invitation_form=form, status=422)
    terms = form.cleaned_data
    try:
        lifecycle.invite(
            company, email=terms["email"], role=terms["role"], by=person_of(request), at=timezone.now()
        )
    except Refused as refused:
        return _page(request, company, invitation_form=form, problems=refused.problems, status=422)
    messages.success(request, _("We are writing to %(email)s.") % {"email": terms["email"]})
    return redirect("accounts:people")


@login_required
@require_POST
def invitation_resend(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to the invited person once more."""
    company, invitation = _invitation(request, reference)
    try:
        lifecycle.resend_invitation(invitation, by=person_of(request), at=timezone.now())
    except Refused as refused:
        return _page(request, company, problems=refused.problems, status=409)
    messages.success(request, _("We are writing to %(email)s.") % {"email": invitation.email})
    return redirect("accounts:people")


@login_required
@require_POST
def invitation_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take an invitation back at once."""
    company, invitation = _invitation(request, reference)
    try:
        lifecycle.withdraw_invitation(invitation, by=person_of(request), at=timezone.now())
    except Refused as refused:
        return _page(request, company, problems=refused.problems, status=409)
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("accounts:people")


@login_required
@require_POST
def member_role(request: HttpRequest) -> HttpResponse:
    """Give a member another role."""
    company = owned_company(request)
    form = RoleForm(request.POST, company=company)
    if not form.is_valid():
        return _page(request, company, member_form=form, status=422)
    member, role = form.cleaned_data["member"], form.cleaned_data["role"]
    try:
        lifecycle.change_role(company, member=member, role=role, by=person_of(request), at=timezone.now())
    except Refused as refused:
        return _page(request, company, problems=refused.problems, status=409)
    told = {"person": member, "role": Role(role).label}
    messages.success(request, _("%(person)s has the role %(role)s now.") % told)
    return redirect("accounts:people")


@login_required
@require_POST
def member_remove(request: HttpRequest) -> HttpResponse:
    """End a member's place at once."""
    company = owned_company(request)
    form = MemberForm(request.POST, company=company)
    if not form.is_valid():
        return _page(request, company, member_form=form, status=422)
    member = form.cleaned_data["member"]
    try:
        lifecycle.remove_member(company, member=member, by=person_of(request), at=timezone.now())
    except Refused as refused:
        return _page(request, company, problems=refused.problems, status=409)
    messages.success(request, _("%(person)s does not belong to the company any more.") % {"person": member})
    return redirect("accounts:people")


@login_required
@require_POST
def member_leave(request: HttpRequest) -> HttpResponse:
    """End one's own place."""
    company = _company(request)
    try:
        lifecycle.leave_organisation(company, by=person_of(request), at=timezone.now())
    except Refused as refused:
        return _page(request, company, problems=refused.problems, status=409)
    messages.success(request, _("You do not belong to %(company)s any more.") % {"company": company})
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, invitation: str) -> HttpResponse:
    """Let the invited person join; a stranger signs in or up first, anybody else gets 404."""
    offer = invitation_at(invitation)
    if not request.user.is_authenticated:
        return _entrance(request, offer)
    person = person_of(request)
    if offer is None or offer.email != person.email.lower():
        raise Http404
    context: dict[str, Any] = {"offer": offer, "role_words": ROLE_WORDS[Role(offer.role)]}
    if request.method != "POST":
        context["has_ended"] = not lifecycle.is_open(offer, at=timezone.now())
        return render(request, "accounts/join.html", context)
    try:
        lifecycle.join_organisation(offer, by=person, at=timezone.now())
    except Refused as refused:
        return render(request, "accounts/join.html", context | {"problems": refused.problems}, status=409)
    messages.success(request, _("You belong to %(company)s now.") % {"company": offer.organisation})
    return redirect("accounts:organisation")


def _entrance(request: HttpRequest, offer: Invitation | None) -> HttpResponse:
    """Lead to the sign-in, or to the sign-up for an address without an account, and back here after it."""
    if offer is None or User.objects.filter(email=offer.email).exists():
        return redirect_to_login(request.get_full_path())
    # Whoever came here opened the mail: the address needs no second proof.
    get_adapter().stash_verified_email(request, offer.email)
    return redirect_to_login(request.get_full_path(), login_url=reverse("account_signup"))


def _company(request: HttpRequest) -> Organisation:
    company = company_of(person_of(request))
    if company is None:
        raise Http404
    return company


def _invitation(request: HttpRequest, reference: str) -> tuple[Organisation, Invitation]:
    company = owned_company(request)
    invitations = company.invitations.select_related("organisation")
    return company, get_object_or_404(invitations, reference=reference)


def _page(request: HttpRequest, company: Organisation, *, status: int = 200, **shown: Any) -> HttpResponse:
    places = list(company.memberships.select_related("user").order_by("since", "pk"))
    secured = Authenticator.objects.filter(user__in=[each.user_id for each in places], type__in=FACTORS)
    own = next(each for each in places if each.user_id == request.user.pk)
    owners = [each for each in places if each.role == Role.OWNER]
    context: dict[str, Any] = {
        "company": company,
        "tabs": organisation_tabs(company, current="people"),
        "places": places,
        "secured": set(secured.values_list("user_id", flat=True)),
        "own": own,
        "is_owner": own in owners,
        "is_last_owner": owners == [own],
        "roles": [(role.value, role.label) for role in COMPANY_ROLES],
        "now": timezone.now(),
    }
    if context["is_owner"]:
        waiting = company.invitations.filter(accepted_at=None, withdrawn_at=None)
        context |= {"invitations": waiting.order_by("pk"), "invitation_form": InvitationForm()}
    return render(request, "accounts/people.html", context | shown, status=status)
