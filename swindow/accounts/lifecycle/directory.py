"""Agents show themselves in the directory; sellers ask one of them for help."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.lifecycle.pairs import announce_to_both, lock_pair
from swindow.accounts.models import AgentProfile, HelpRequest, Organisation, User
from swindow.copying import next_ids
from swindow.problems import Problem, Refused
from swindow.references import reference

_MOST_OPEN = 10


@dataclass(frozen=True, slots=True)
class Service:
    """What an agent tells of its service: countries of import, sections of goods, languages, words."""

    countries: tuple[str, ...]
    goods: tuple[int, ...]
    languages: str
    about: str
    is_listed: bool


@transaction.atomic
def describe_service(agent: Organisation, *, service: Service, by: User, at: datetime) -> AgentProfile:
    """Store what the directory shows of an agent."""
    agent = Organisation.objects.select_for_update(no_key=True).get(pk=agent.pk)
    facts = {
        "countries": list(service.countries),
        "goods": list(service.goods),
        "languages": service.languages,
        "about": service.about,
        "is_listed": service.is_listed,
    }
    profile, _is_new = AgentProfile.objects.update_or_create(organisation=agent, defaults=facts)
    announce(agent, "profile.saved", by=by, at=at)
    return profile


@transaction.atomic
def ask_for_help(
    seller: Organisation,
    *,
    agent: Organisation,
    countries: tuple[str, ...],
    text: str,
    by: User,
    at: datetime,
) -> HelpRequest:
    """Ask an agent whether it would act; asking the same twice changes nothing.

    Raises Refused: AC-80 for an agent out of the directory, AC-81 while an answer is awaited, AC-82 above
    ten open requests.
    """
    seller, agent = lock_pair(seller.pk, agent.pk)
    if not _is_listed(agent):
        raise Refused([_not_in_the_directory()])
    waiting = HelpRequest.objects.filter(seller=seller, status=HelpRequest.Status.OPEN)
    earlier = waiting.filter(agent=agent).first()
    if earlier and (earlier.text, earlier.countries) == (text, list(countries)):
        return earlier
    if earlier:
        raise Refused([_asked_already(earlier)])
    if waiting.count() >= _MOST_OPEN:
        raise Refused([_asked_too_many()])
    number = next_ids("accounts_helprequest_id_seq", 1)[0]
    request = HelpRequest.objects.create(
        pk=number,
        reference=reference("HLP", number, on=at.date()),
        seller=seller,
        agent=agent,
        countries=list(countries),
        text=text,
        asked_by=by,
        asked_at=at,
    )
    announce_to_both(seller, agent, "help.asked", by=by, at=at, request=request.reference)
    return request


@transaction.atomic
def accept_help(request: HelpRequest, *, reply: str, by: User, at: datetime) -> HelpRequest:
    """Say that the agent would act; raises Refused (AC-83) for a request answered otherwise or withdrawn."""
    return _answer(request, status=HelpRequest.Status.ACCEPTED, reply=reply, by=by, at=at)


@transaction.atomic
def decline_help(request: HelpRequest, *, reply: str, by: User, at: datetime) -> HelpRequest:
    """Say that the agent would not act; raises Refused (AC-83) as accept_help does."""
    return _answer(request, status=HelpRequest.Status.DECLINED, reply=reply, by=by, at=at)


@transaction.atomic
def withdraw_help(request: HelpRequest, *, by: User, at: datetime) -> HelpRequest:
    """Take a request back before its answer; raises Refused (AC-83) for an answered one."""
    return _answer(request, status=HelpRequest.Status.WITHDRAWN, reply="", by=by, at=at)


def _answer(
    request: HelpRequest, *, status: HelpRequest.Status, reply: str, by: User, at: datetime
) -> HelpRequest:
    seller, agent = lock_pair(request.seller_id, request.agent_id)
    request = HelpRequest.objects.select_for_update().get(pk=request.pk)
    if request.status == status:
        return request
    if request.status != HelpRequest.Status.OPEN:
        raise Refused([_answered_meanwhile(request)])
    request.status, request.reply = status, reply
    request.replied_by, request.replied_at = by, at
    request.save(update_fields=["status", "reply", "replied_by", "replied_at"])
    announce_to_both(seller, agent, f"help.{status.value}", by=by, at=at, request=request.reference)
    return request


def _is_listed(agent: Organisation) -> bool:
    is_shown = AgentProfile.objects.filter(organisation=agent, is_listed=True).exists()
    return is_shown and agent.is_agent and agent.is_verified


def _not_in_the_directory() -> Problem:
    return Problem(
        "text",
        "AC-80",
        _("This agent is not in the directory any more."),
        _("Choose another one."),
    )


def _asked_already(request: HelpRequest) -> Problem:
    return Problem(
        "text",
        "AC-81",
        _("You have asked this agent already: %(request)s.") % {"request": request.reference},
        _("Wait for the answer, or withdraw that request and ask anew."),
    )


def _asked_too_many() -> Problem:
    return Problem(
        "text",
        "AC-82",
        _("You have asked ten agents who have not answered yet."),
        _("Withdraw a request that you no longer need, then ask again."),
    )


def _answered_meanwhile(request: HelpRequest) -> Problem:
    return Problem(
        "reply",
        "AC-83",
        _("This request stands differently meanwhile: %(status)s.")
        % {"status": request.get_status_display()},
        _("Nothing was changed."),
    )
