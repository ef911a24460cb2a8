"""Where the law can be read: the address of a numbered rule, for errors and charges on any page."""

from django.urls import reverse

from tariffs.packs import packs_of


def rule_url(rule: str, *, jurisdiction: str = "") -> str:
    """Return the address of the rule's page; empty where no current pack has such a rule.

    Without a jurisdiction (a country or a union) the letters before the number say whose rule it is: CN-03.
    """
    for pack in packs_of(jurisdiction or rule.partition("-")[0]):
        if rule in pack.rules:
            return reverse("tariffs:rule", args=[pack.jurisdiction, rule])
    return ""
