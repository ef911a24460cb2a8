"""The public directory of agents, an agent's own entry in it, and requests for help."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swindow.accounts import lifecycle
from swindow.accounts.directory import listed_agents, listed_agents_for, page_of_agents
from swindow.accounts.forms.directory import HelpForm, ProfileForm, ReplyForm, SearchForm
from swindow.accounts.models import AGENTS, DECLARANTS, AgentProfile, HelpRequest, Organisation, User
from swindow.accounts.sections import section_title
from swindow.accounts.signed_in import person_of
from swindow.accounts.views.places import DEALERS, OWNERS, own_place, place_of
from swindow.accounts.wording import country_words
from swindow.components import Crumb
from swindow.problems import Refused


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """List agents for everybody, by country, goods and words; a wrong filter filters nothing."""
    form = SearchForm(request.GET)
    form.is_valid()
    sought = {name: form.cleaned_data.get(name, "") for name in ("country", "goods", "q")}
    found = listed_agents_for(
        country=sought["country"],
        section=int(sought["goods"]) if sought["goods"] else None,
        text=sought["q"],
    )
    agents, after = page_of_agents(found, after=request.GET.get("after", "").replace("\0", ""))
    url, kept = reverse("accounts:directory"), {name: value for name, value in sought.items() if value}
    context = {
        "form": form,
        "agents": [(agent, *_service_words(agent.agent_profile)) for agent in agents],
        "is_filtered": bool(kept),
        "first_url": f"{url}?{urlencode(kept)}" if "after" in request.GET else "",
        "more_url": f"{url}?{urlencode({**kept, 'after': after})}" if after else "",
    }
    return render(request, "accounts/agents.html", context)


@require_safe
def directory_agent(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one agent to everybody; whoever may ask it for help finds the form here."""
    agent = get_object_or_404(listed_agents(), reference=reference)
    return _agent_page(request, agent, form=HelpForm(initial={"agent": agent.reference}))


@login_required
@require_POST
def help_ask(request: HttpRequest) -> HttpResponse:
    """Ask an agent of the directory for help, as a seller's owner or declarant."""
    person = person_of(request)
    seller = own_place(person, kinds=DECLARANTS, roles=DEALERS)
    reference = request.POST.get("agent", "").replace("\0", "")
    agent = get_object_or_404(listed_agents(), reference=reference)
    form = HelpForm(request.POST)
    if not form.is_valid():
        return _agent_page(request, agent, form=form, status=422)
    asked = {"countries": tuple(sorted(form.cleaned_data["countries"])), "text": form.cleaned_data["text"]}
    try:
        asking = lifecycle.ask_for_help(seller, agent=agent, **asked, by=person, at=timezone.now())
    except Refused as refused:
        form.refuse(refused.problems)
        return _agent_page(request, agent, form=form, status=409)
    messages.success(request, _("Sent to %(agent)s. We write to you when it answers.") % {"agent": agent})
    return redirect("accounts:help", asking.reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and take what the directory says of the own agency."""
    person = person_of(request)
    agent = own_place(person, kinds=AGENTS, roles=OWNERS)
    if request.method != "POST":
        form = ProfileForm.showing(AgentProfile.objects.filter(organisation=agent).first())
        return _profile_page(request, agent, form=form)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, agent, form=form, status=422)
    lifecycle.describe_service(agent, service=form.service(), by=person, at=timezone.now())
    messages.success(request, _("Your entry is saved."))
    return redirect("accounts:profile")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def help_request(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a request to both sides, and take the agent's answer."""
    asking, person = _asking(request, reference), person_of(request)
    if request.method != "POST":
        return _help_page(request, asking, form=ReplyForm())
    own_place(person, kinds=AGENTS, roles=DEALERS, company=asking.agent_id)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _help_page(request, asking, form=form, status=422)
    is_accepted = form.cleaned_data["verdict"] == "accept"
    answer = lifecycle.accept_help if is_accepted else lifecycle.decline_help
    try:
        answer(asking, reply=form.cleaned_data["reply"], by=person, at=timezone.now())
    except Refused as refused:
        form.refuse(refused.problems)
        return _help_page(request, _asking(request, reference), form=form, status=409)
    messages.success(request, _("Sent. %(seller)s is told by mail.") % {"seller": asking.seller})
    return redirect("accounts:help", reference)


@login_required
@require_POST
def help_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the own request back."""
    asking, person = _asking(request, reference), person_of(request)
    own_place(person, kinds=DECLARANTS, roles=DEALERS, company=asking.seller_id)
    try:
        lifecycle.withdraw_help(asking, by=person, at=timezone.now())
    except Refused as refused:
        problems = list(refused.problems)
        return _help_page(
            request, _asking(request, reference), form=ReplyForm(), problems=problems, status=409
        )
    messages.success(request, _("The request is withdrawn."))
    return redirect("accounts:help", reference)


def _asking(request: HttpRequest, reference: str) -> HelpRequest:
    asked = HelpRequest.objects.for_actor(request.user).select_related(
        "seller", "agent", "asked_by", "replied_by"
    )
    found: HelpRequest = get_object_or_404(asked, reference=reference)
    return found


def _service_words(profile: AgentProfile) -> tuple[str, list[str]]:
    return country_words(profile.countries), [section_title(number) for number in sorted(profile.goods)]


def _agent_page(
    request: HttpRequest, agent: Organisation, *, form: HelpForm, status: int = 200
) -> HttpResponse:
    countries, goods = _service_words(agent.agent_profile)
    context = {
        "agent": agent,
        "profile": agent.agent_profile,
        "countries": countries,
        "goods": goods,
        "form": form,
        "crumbs": [Crumb(_("Agents"), reverse("accounts:directory")), Crumb(agent.name)],
        **_asker(request, agent),
    }
    return render(request, "accounts/agents_one.html", context, status=status)


def _asker(request: HttpRequest, agent: Organisation) -> dict[str, Any]:
    """Return what the reader may do with this agent; a visitor is asked to sign in."""
    if not isinstance(request.user, User):
        return {"is_visitor": True}
    asked = HelpRequest.objects.for_actor(request.user).filter(agent=agent, status=HelpRequest.Status.OPEN)
    return {
        "may_ask": place_of(request.user, kinds=DECLARANTS, roles=DEALERS) is not None,
        "may_appoint": place_of(request.user, kinds=DECLARANTS, roles=OWNERS) is not None,
        "asked": asked.exclude(seller=agent).first(),
    }


def _profile_page(
    request: HttpRequest, agent: Organisation, *, form: ProfileForm, status: int = 200
) -> HttpResponse:
    crumbs = [Crumb(_("Organisation"), reverse("accounts:organisation")), Crumb(_("Directory"))]
    is_shown = listed_agents().filter(pk=agent.pk).exists()
    context = {"agent": agent, "form": form, "crumbs": crumbs, "is_shown": is_shown}
    return render(request, "accounts/agents_profile.html", context, status=status)


def _help_page(
    request: HttpRequest, asking: HelpRequest, *, form: ReplyForm, status: int = 200, **shown: Any
) -> HttpResponse:
    person = person_of(request)
    is_seller = Organisation.objects.for_actor(person).filter(pk=asking.seller_id).exists()
    back = (
        Crumb(_("Agents"), reverse("accounts:agents"))
        if is_seller
        else Crumb(_("Desk"), reverse("declarations:desk"))
    )
    context = {
        "asking": asking,
        "countries": country_words(asking.countries),
        "is_seller": is_seller,
        "is_open": asking.status == HelpRequest.Status.OPEN,
        "may_appoint": place_of(person, kinds=DECLARANTS, roles=OWNERS, company=asking.seller_id) is not None,
        "may_withdraw": place_of(person, kinds=DECLARANTS, roles=DEALERS, company=asking.seller_id)
        is not None,
        "may_answer": place_of(person, kinds=AGENTS, roles=DEALERS, company=asking.agent_id) is not None,
        "crumbs": [back, Crumb(asking.reference)],
        "form": form,
    }
    return render(request, "accounts/help.html", context | shown, status=status)
