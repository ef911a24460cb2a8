"""What may be done with a declaration, and which role may do it."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Act(models.TextChoices):
    """One thing that a person may do for a declarant; an agent's mandate names the same things."""

    VIEW = "view", _("See")
    PREPARE = "prepare", _("Prepare declarations")
    LODGE = "lodge", _("Lodge declarations")
    PAY = "pay", _("Pay charges")
    DOWNLOAD = "download", _("Download papers")
    ANSWER = "answer", _("Receive and answer questions")


class Role(models.TextChoices):
    """A person's place in an organisation."""

    OWNER = "owner", _("Owner")
    DECLARANT = "declarant", _("Declarant")
    PREPARER = "preparer", _("Preparer")
    FINANCE = "finance", _("Finance")
    VIEWER = "viewer", _("Viewer")
    OFFICER = "officer", _("Officer")


# Whoever holds a mandate sees; what else it allows is chosen.
MANDATED_ACTS = (Act.PREPARE, Act.LODGE, Act.PAY, Act.DOWNLOAD, Act.ANSWER)
# What a company gives to its own people; an officer is named by an authority.
COMPANY_ROLES = (Role.OWNER, Role.DECLARANT, Role.PREPARER, Role.FINANCE, Role.VIEWER)

_ACTS: Mapping[str, frozenset[str]] = {
    Role.OWNER: frozenset(Act.values),
    Role.DECLARANT: frozenset(Act.values),
    Role.PREPARER: frozenset([Act.VIEW, Act.PREPARE, Act.DOWNLOAD, Act.ANSWER]),
    Role.FINANCE: frozenset([Act.VIEW, Act.PAY, Act.DOWNLOAD]),
    Role.VIEWER: frozenset([Act.VIEW, Act.DOWNLOAD]),
    Role.OFFICER: frozenset(),
}


def roles_that_may(act: str) -> tuple[str, ...]:
    """Return the roles whose holders may do an act."""
    return tuple(role for role in Role.values if act in _ACTS[role])


def may_do(role: str, act: str) -> bool:
    """Tell whether a role allows an act."""
    return act in _ACTS[role]
