"""Where the law can be read: the address of a numbered rule, for errors and charges on any page."""

from django.urls import reverse

from tariffs.packs import current_packs


def rule_url(rule: str, *, jurisdiction: str = "") -> str:
    """Return the address of the rule's page; empty where no current pack has such a rule.

    `jurisdiction` (a country or a union) narrows the search; without it the number alone decides.
    """
    for pack in current_packs():
        is_meant = not jurisdiction or jurisdiction in (pack.jurisdiction, *pack.countries)
        if is_meant and rule in pack.rules:
            return reverse("tariffs:rule", args=[pack.jurisdiction, rule])
    return ""
