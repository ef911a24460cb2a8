"""The public directory of agents: the one place where anybody reads organisations beyond their own."""

from django.db.models import Q

from swindow.accounts.models import Organisation, OrganisationQuerySet

_PAGE = 20


def listed_agents() -> OrganisationQuerySet:
    """Return the verified agents that want to be found, each with its profile."""
    agents = Organisation.objects.agents().filter(agent_profile__is_listed=True)
    return agents.select_related("agent_profile").order_by("name", "pk")


def listed_agents_for(
    *, country: str = "", section: int | None = None, text: str = ""
) -> OrganisationQuerySet:
    """Return the listed agents for goods of a section into a country; no goods named mean all goods."""
    agents = listed_agents()
    if country:
        agents = agents.filter(agent_profile__countries__contains=[country])
    if section:
        goods = Q(agent_profile__goods=[]) | Q(agent_profile__goods__contains=[section])
        agents = agents.filter(goods)
    for word in text.split()[:5]:
        agents = agents.filter(
            Q(name__icontains=word)
            | Q(agent_profile__about__icontains=word)
            | Q(agent_profile__languages__icontains=word)
        )
    return agents


def page_of_agents(agents: OrganisationQuerySet, *, after: str) -> tuple[list[Organisation], str]:
    """Return the agents that follow the one of this reference, and after whom the next page begins."""
    last = listed_agents().filter(reference=after).first()
    if last:
        agents = agents.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    page = list(agents[: _PAGE + 1])
    return page[:_PAGE], page[_PAGE - 1].reference if len(page) > _PAGE else ""


def verified_agent(reference: str) -> Organisation | None:
    """Return the verified agent with this reference, listed or not: whoever knows it may appoint it."""
    agent: Organisation | None = Organisation.objects.agents().filter(reference=reference).first()
    return agent
